"""Names of towns as the pages show them: read anew in time, kept where roster does not answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.console.api import Client, calling
from services.console.town_names import FRESH_SECONDS, RETRY_SECONDS, TownNames

TOWN = "340281199"


class Roster:
    """A service that has one town, until it is away."""

    def __init__(self) -> None:
        self.name, self.status, self.asked = "石桥", 200, 0

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response({"name": self.name}, status=self.status)


class Seconds:
    def __init__(self) -> None:
        self.gone = 1000.0

    def __call__(self) -> float:
        return self.gone


@pytest.fixture
async def asked() -> AsyncIterator[tuple[Roster, Client]]:
    async def token() -> str:
        return "token"

    roster, app = Roster(), web.Application()
    app.router.add_get(f"/roster/v1/towns/{TOWN}", roster.answer)
    async with TestServer(app) as server, calling() as http:
        yield roster, Client(http, str(server.make_url("")).rstrip("/"), token)


async def test_a_name_is_read_anew_after_a_minute_or_when_it_may_have_changed(asked: Any) -> None:
    (roster, api), seconds = asked, Seconds()
    names = TownNames(seconds)
    assert await names.read(api, TOWN) == "石桥"
    roster.name = "石桥镇"
    seconds.gone += FRESH_SECONDS - 1
    assert (await names.read(api, TOWN), roster.asked) == ("石桥", 1)
    seconds.gone += 1
    assert await names.read(api, TOWN) == "石桥镇"
    roster.name = "清江镇"
    names.forget(TOWN)
    assert await names.read(api, TOWN) == "清江镇"
    assert (await names.read(api, ""), roster.asked) == ("", 3)


async def test_a_name_stays_while_roster_is_away(asked: Any) -> None:
    (roster, api), seconds = asked, Seconds()
    names = TownNames(seconds)
    roster.status = 503
    assert await names.read(api, TOWN) == ""
    roster.status = 200
    seconds.gone += RETRY_SECONDS
    assert await names.read(api, TOWN) == "石桥"
    roster.status = 401
    seconds.gone += FRESH_SECONDS
    assert [await names.read(api, TOWN) for _ in range(2)] == ["石桥", "石桥"]
    assert roster.asked == 3
