"""The adapter in front of a real service: a signature in the place of a token, an envelope around each answer."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector, web
from aiohttp.test_utils import TestServer

from services.accounts.app import build
from services.accounts.settings import Settings
from services.host import adapter
from services.host.adapter import serving
from shared.http.bulkhead import Bulkhead
from tests.fixtures.apps import TOWN, Drive
from tests.probes import PATIENCE, eventually

CLIENTS = "/accounts/v1/clients"


@dataclass
class Platform:
    """What signs, as docs/integrate.md says."""

    url: str
    session: ClientSession
    app_key: str
    secret: str

    async def call(
        self, method: str, target: str, body: Any = None, *, sent: Any = None, **change: str
    ) -> Any:
        """`sent`: how the body arrives, where not in one piece."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        digest = hashlib.sha256(content).hexdigest()
        signed = [self.app_key, str(int(time.time())), secrets.token_hex(8), method, target, digest]
        signature = hmac.new(self.secret.encode(), "\n".join(signed).encode(), "sha256").hexdigest()
        headers = dict(zip(("X-App-Key", "X-Timestamp", "X-Nonce"), signed, strict=False))
        headers |= {"X-Signature": signature, "Content-Type": "application/json"} | change
        async with self.session.request(
            method, self.url + target, data=sent or content, headers=headers
        ) as answer:
            assert answer.status == 200
            self.headers = answer.headers
            return await answer.json()


@pytest.fixture
async def platform(drive: Drive, tmp_path: Any) -> AsyncIterator[Platform]:
    driver = await drive(build(Settings(data_dir=tmp_path)))
    body = {"name": "县平台", "roles": ["office"], "areas": [TOWN], "expires_on": "2099-12-31", "signs": True}
    made = await driver.call("POST", f"/{CLIENTS}", body, token=driver.token("office"))
    assert made.status == 201, made.json
    async with (
        serving(str(driver.client.make_url("/")), "127.0.0.1", 0) as url,
        ClientSession() as session,
    ):
        yield Platform(url, session, made.json["client_id"], made.json["client_secret"])


async def test_answers_are_wrapped_and_rights_are_those_of_the_client(platform: Platform) -> None:
    found = await platform.call("GET", "/accounts/v1/retention")
    assert (found["code"], found["message"]) == (0, "成功")
    assert found["data"]["items"]
    events = await platform.call("GET", f"/accounts/v1/towns/{TOWN}/events?limit=1")
    assert [event["type"] for event in events["data"]] == ["accounts.client.added.v1"]
    assert "after=1" in platform.headers["Link"]
    other = await platform.call("GET", "/accounts/v1/towns/110101001/events?limit=1")
    assert (other["code"], other["data"]["code"]) == (404, "not-found")


async def test_bodies_are_signed_and_sent(platform: Platform) -> None:
    body = {"name": "wang01", "display_name": "王示例01", "roles": ["leader"], "areas": [TOWN]}
    refused = await platform.call("POST", "/accounts/v1/accounts", body | {"unknown": 1})
    assert refused["code"] == 422
    assert [error["loc"] for error in refused["data"]["errors"]] == ["body.unknown"]


@pytest.mark.parametrize(
    "change",
    [
        {"X-Signature": "0" * 64},
        {"X-Timestamp": "1500000000"},
        {"X-Nonce": "another-nonce"},
        {"X-App-Key": "unknown"},
        {"X-Nonce": "short"},
        {"X-Signature": ""},
        {"X-Timestamp": "soon"},
    ],
)
async def test_a_request_that_is_not_its_signers_is_refused(
    platform: Platform, change: dict[str, str]
) -> None:
    answer = await platform.call("GET", "/accounts/v1/retention", **change)
    assert answer["code"] == 401
    assert answer["data"]["code"] in ("signature-refused", "unauthenticated")


@pytest.mark.parametrize("path", ["/", "/docs", "/accounts/oauth/token", "/accounts/v1", "/r/ABCD-EFGH"])
async def test_nothing_but_the_contract_is_behind_it(platform: Platform, path: str) -> None:
    assert (await platform.call("GET", path))["code"] == 404


async def test_an_installation_that_is_away_is_told(unused_tcp_port: int) -> None:
    async with (
        serving(f"http://127.0.0.1:{unused_tcp_port}", "127.0.0.1", 0) as url,
        ClientSession() as session,
    ):
        answer = await Platform(url, session, "a", "b").call("GET", "/accounts/v1/retention")
        assert (answer["code"], answer["data"]["code"]) == (503, "unavailable")


async def test_large_bodies_are_kept_few_at_a_time(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "LARGE_AT_ONCE", 1)
    monkeypatch.setattr(adapter, "LARGE_WAITING", 0)
    monkeypatch.setattr(adapter, "SMALL_BYTES", 100)
    begun, more, turn = asyncio.Event(), asyncio.Event(), Bulkhead.turn

    @asynccontextmanager
    async def noted(large: Bulkhead) -> AsyncIterator[None]:
        async with turn(large):
            begun.set()
            yield

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 200
        await more.wait()

    monkeypatch.setattr(Bulkhead, "turn", noted)
    async with (
        serving(f"http://127.0.0.1:{unused_tcp_port}", "127.0.0.1", 0) as url,
        ClientSession() as session,
    ):
        platform = Platform(url, session, "a", "b")
        target, signed = "/roster/v1/imports", dict.fromkeys(adapter.SIGNATURE.values(), "a")
        large = asyncio.create_task(session.post(url + target, data=slow(), headers=signed))
        await begun.wait()
        assert (await platform.call("POST", target, "x" * 200))["data"]["code"] == "busy"
        assert "Retry-After" in platform.headers
        assert (await platform.call("POST", target, "x"))["data"]["code"] == "unavailable", "small ones go on"
        more.set()
        async with await large as answer:
            assert (await answer.json())["data"]["code"] == "unavailable"
        assert (await platform.call("POST", target, "x" * 200))["data"]["code"] == "unavailable"


async def test_a_body_without_a_length_is_small_until_it_is_large(platform: Platform) -> None:
    async def pieces(body: bytes) -> AsyncIterator[bytes]:
        for at in range(0, len(body), 7):
            yield body[at : at + 7]

    body = json.dumps({"name": "wang02", "unknown": 1}).encode()
    refused = await platform.call("POST", "/accounts/v1/accounts", body, sent=pieces(body))
    assert refused["code"] == 422


async def test_a_large_body_that_takes_too_long_gives_its_place_up(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "SMALL_BYTES", 100)
    monkeypatch.setattr(adapter, "LARGE_SECONDS", 0.1)
    more = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 200
        await more.wait()

    answer = await platform.call("POST", "/accounts/v1/accounts", b"", sent=slow())
    assert answer["data"]["code"] == "too-slow"
    more.set()


@asynccontextmanager
async def installation(feed: Any) -> AsyncIterator[str]:
    """The address of one that takes every signature and has this feed."""

    async def signed(request: web.Request) -> web.Response:
        return web.json_response({"access_token": "t"})

    app = web.Application()
    app.router.add_post(adapter.CHECK, signed)
    app.router.add_get("/roster/v1/events", feed)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_long_polls_hold_up_nobody() -> None:
    """As many as aiohttp keeps connections by default: twenty counties that follow five services."""
    polls, held, released = 100, 0, asyncio.Event()

    async def feed(request: web.Request) -> web.Response:
        nonlocal held
        if "wait" in request.query:
            held += 1
            await released.wait()
        return web.json_response([])

    async with (
        installation(feed) as address,
        serving(address, "127.0.0.1", 0) as url,
        ClientSession(connector=TCPConnector(limit=0)) as session,
    ):
        platform = Platform(url, session, "a", "b")
        async with asyncio.TaskGroup() as waiting:
            for _ in range(polls):
                waiting.create_task(platform.call("GET", "/roster/v1/events?wait=60"))
            try:
                await eventually(lambda: held == polls)
                async with asyncio.timeout(PATIENCE / 10):
                    assert (await platform.call("GET", "/roster/v1/events"))["code"] == 0
            finally:
                released.set()


async def test_what_a_client_is_told_beside_the_answer_reaches_it() -> None:
    told = {
        "RateLimit": '"client";r=1;t=60',
        "RateLimit-Policy": '"client";q=600;w=60',
        "Deprecation": "@1767225600",
        "Sunset": "Fri, 01 Jan 2027 00:00:00 GMT",
        "Link": '</roster/v1/events?after=1>; rel="next"',
        "ETag": '"3"',
        "Retry-After": "5",
        "X-Request-Id": "r1",
    }

    async def feed(request: web.Request) -> web.Response:
        return web.json_response([], headers=told)

    async with (
        installation(feed) as address,
        serving(address, "127.0.0.1", 0) as url,
        ClientSession() as session,
    ):
        platform = Platform(url, session, "a", "b")
        await platform.call("GET", "/roster/v1/events")
        assert {name: platform.headers.get(name) for name in told} == told
