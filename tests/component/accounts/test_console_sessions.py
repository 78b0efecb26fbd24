"""Sessions of the console on accounts whose answers fail, are lost or come late: nobody is signed out by that."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from services.console import sessions as console_sessions
from services.console.api import part
from services.console.errors import Away, SignedOut
from services.console.repository import Repository
from services.console.sessions import Session, Sessions
from shared.clock import SystemClock
from shared.storage.encryption import Vault
from shared.storage.mongo import connected
from tests.component.accounts.conftest import CLERK, PASSWORD, Desk
from tests.fixtures.mongo import emptied

LOST, LATE, SLOW = -1, -2, -3


@dataclass
class Line:
    """The way from the console to accounts. `faults` for the next requests: a status in place of accounts, or an answer
    of accounts that is lost, never comes, or comes when it is `released`."""

    desk: Desk
    faults: list[int] = field(default_factory=list)
    renewals: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self, request: web.Request) -> web.Response:
        fault = self.faults.pop(0) if self.faults else 0
        if fault > 0:
            return web.json_response({"title": "内部错误"}, status=fault)
        self.renewals += request.path.endswith("/token")
        body, kind = await request.read(), {"Content-Type": request.headers["Content-Type"]}
        async with self.desk.driver.client.post(request.path, data=body, headers=kind) as answer:
            content, status = await answer.read(), answer.status
        if fault == LOST and request.transport is not None:
            request.transport.abort()
        if fault == LATE:
            await asyncio.Event().wait()
        if fault == SLOW:
            await self.released.wait()
        return web.Response(body=content, status=status, content_type="application/json")


@dataclass
class Browser:
    """Somebody who is signed in, and whose access token is about to end."""

    sessions: Sessions
    secret: str
    line: Line

    async def session(self) -> Session:
        found = await self.sessions.find(self.secret)
        assert found is not None, "signed out"
        return found

    async def access(self) -> str:
        """What a request of a page asks for."""
        return await self.sessions.access(await self.session())


@pytest.fixture
async def line(office: Desk) -> Line:
    await office.made(CLERK)
    return Line(office)


@pytest.fixture
async def sessions(line: Line, mongo_url: str, kept_prefix: str, tmp_path: Path) -> AsyncIterator[Sessions]:
    app = web.Application()
    app.router.add_post("/{rest:.*}", line.carry)
    async with (
        connected(mongo_url, app_name="console") as client,
        ClientSession() as http,
        TestServer(app, shutdown_timeout=0.1) as server,
    ):
        database = client[f"{kept_prefix}console"]
        repository = Repository(database, Vault.from_directory(tmp_path), SystemClock())
        await repository.prepare()
        yield Sessions(repository, http, str(server.make_url("")).rstrip("/"), "")
        await emptied(database)


@pytest.fixture
async def browser(sessions: Sessions, line: Line) -> Browser:
    secret, session = await sessions.sign_in({"name": "wang01", "password": PASSWORD}, "")
    await sessions.repository.change_session(session.id, {"token_until": datetime.now(UTC)})
    return Browser(sessions, secret, line)


@pytest.mark.parametrize("fault", [500, 429, 503, LOST])
async def test_a_renewal_that_failed_or_was_lost_signs_nobody_out(browser: Browser, fault: int) -> None:
    browser.line.faults = [fault]
    with pytest.raises(Away):
        await browser.access()
    before = (await browser.session()).tokens
    assert await browser.access() != before["access"]
    assert "token-reused" not in str(await browser.line.desk.events())


async def test_an_answer_that_is_late_is_not_waited_for_until_another_may_ask(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.line.faults = [LATE]
    with monkeypatch.context() as patch:
        patch.setattr(console_sessions, "ANSWER_SECONDS", 0.2)
        with pytest.raises(Away):
            await browser.access()
    await browser.access()


async def test_a_part_of_a_page_that_gives_up_leaves_the_renewal_to_end(browser: Browser) -> None:
    browser.line.faults = [SLOW]
    before = (await browser.session()).tokens
    assert await part(browser.access(), seconds=0.05) is None
    browser.line.released.set()
    after = await browser.access()
    assert (after != before["access"], browser.line.renewals) == (True, 1)
    await browser.sessions.finish()
    assert (await browser.session()).tokens["access"] == after
    assert "token-reused" not in str(await browser.line.desk.events())


async def test_a_session_that_accounts_has_ended_is_over(browser: Browser) -> None:
    session = await browser.session()
    revoked = {"token": session.tokens["refresh"]}
    async with browser.line.desk.driver.client.post("/accounts/oauth/revoke", data=revoked) as answer:
        assert answer.status == 200
    with pytest.raises(SignedOut):
        await browser.access()
    assert await browser.sessions.find(browser.secret) is None


async def test_requests_at_once_renew_once(browser: Browser) -> None:
    tokens = await asyncio.gather(*(browser.access() for _ in range(20)))
    assert (len(set(tokens)), browser.line.renewals) == (1, 1)


async def test_first_sign_ins_at_once_share_one_form_token(sessions: Sessions) -> None:
    tokens = await asyncio.gather(*(sessions.repository.form_token("somebody") for _ in range(8)))
    assert len(set(tokens)) == 1
    await sessions.repository.prefer("another", {"large": True})
    first = await sessions.repository.form_token("another")
    assert first == await sessions.repository.form_token("another")
    assert (await sessions.repository.preferences("another"))["large"]
