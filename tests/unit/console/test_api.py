"""What the console sends to the services, and what it makes of an answer that does not come."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from services.console.api import Client, calling
from services.console.errors import Away
from services.console.pages.scanning import READING_SECONDS
from shared.documents.scan.worker import WALL_SECONDS


async def token() -> str:
    return "token"


@pytest.mark.parametrize(
    ("path", "sent", "status", "said"),
    [
        ("/roster/v1/towns/340281199/stations", {"key": "k"}, 503, "不会重复登记"),
        ("/roster/v1/towns/340281199/stations", {}, 502, "可能已经保存"),
        ("/accounts/v1/accounts", {"key": "k"}, 502, "可能已经保存"),
        ("/reports/v1/areas/340281/webhooks", {"key": "k"}, 502, "可能已经保存"),
        ("/activities/v1/towns/340281199/attendance:resolve", {}, 503, "不会重复登记"),
        ("/activities/v1/towns/340281199/imports", {"dry_run": True}, 503, "不会重复登记"),
        ("/accounts/v1/clients/1:rotate", {"version": '"1"'}, 503, "不会重复登记"),
    ],
)
@pytest.mark.parametrize("lost", ["connection", "gateway"])
async def test_what_may_be_saved_again_is_told_by_what_was_sent(
    path: str, sent: dict[str, Any], status: int, said: str, lost: str
) -> None:
    """At 503 the page saves again by itself."""

    async def answer(request: web.Request) -> web.Response:
        if lost == "gateway":
            return web.Response(status=502)
        assert request.transport is not None
        request.transport.abort()
        raise ConnectionResetError

    app = web.Application()
    app.router.add_post("/{rest:.*}", answer)
    async with TestServer(app) as server, calling() as http:
        client = Client(http, str(server.make_url("")).rstrip("/"), token)
        with pytest.raises(Away) as away:
            await client.post(path, {}, **sent)
    assert away.value.status == status
    assert said in away.value.of_form


async def test_a_file_is_waited_for_as_long_as_its_reading_may_take() -> None:
    asked, answers = asyncio.Event(), asyncio.Event()

    async def read(_: web.Request) -> web.Response:
        asked.set()
        await answers.wait()
        return web.json_response({"pages": []})

    app = web.Application()
    app.router.add_post("/read", read)
    async with TestServer(app) as server, calling() as http:
        client = Client(http, str(server.make_url("")).rstrip("/"), token)
        with pytest.raises(Away):
            await client.upload("/read", b"%PDF", "一.pdf", seconds=0.05)
        reading = asyncio.create_task(client.upload("/read", b"%PDF", "一.pdf", seconds=READING_SECONDS))
        await asked.wait()
        answers.set()
        assert (await reading).body == {"pages": []}
    assert READING_SECONDS > WALL_SECONDS


async def test_accounts_alone_is_told_where_a_request_comes_from() -> None:
    """It counts wrong passwords by that, also those typed on the page of one's own account."""
    told: dict[str, str | None] = {}

    async def answer(request: web.Request) -> web.Response:
        told[request.path] = request.headers.get("X-From")
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/{rest:.*}", answer)
    async with TestServer(app) as server, TestServer(app) as gateway, calling() as http:
        own, others = (str(one.make_url("")).rstrip("/") for one in (server, gateway))
        client = Client(http, others, token, own, {"X-From": "10.1.2"})
        await client.post("/accounts/v1/me:password", {})
        await client.post("/roster/v1/towns/340281199/stations", {})
    assert told == {"/accounts/v1/me:password": "10.1.2", "/roster/v1/towns/340281199/stations": None}
