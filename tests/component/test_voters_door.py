"""The voters' door: ballots and opinions pass to their services, and nothing else is there, however it is asked for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from yarl import URL

from services.host.gateway import serving_voters
from services.host.installation import DEPLOYED
from shared.process.serve import listening

seen: list[str] = []
"""What came through the door: service, method and target."""


def service(name: str) -> web.Application:
    async def echo(request: web.Request) -> web.Response:
        seen.append(f"{name} {request.method} {request.raw_path}")
        return web.Response(text=(await request.read()).decode())

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", echo)
    return app


@pytest.fixture
async def door() -> AsyncIterator[str]:
    seen.clear()
    urls = {}
    async with contextlib.AsyncExitStack() as stack:
        for name in DEPLOYED:
            urls[name] = URL(await stack.enter_async_context(listening(service(name), "127.0.0.1", 0)))
        yield await stack.enter_async_context(serving_voters(urls, "127.0.0.1", 0))


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def spoken(door: str, target: str, *, method: str = "GET", host: str | None = None) -> int:
    """The status of an answer to a request whose target is sent as it stands."""
    url = URL(door)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"{method} {target} HTTP/1.1\r\nHost: {host or url.authority}\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(("path", "name"), [("/r/AB2C-3DEF", "ratings"), ("/o/ab2c", "activities")])
async def test_a_page_and_what_is_sent_from_it_pass(
    door: str, client: ClientSession, path: str, name: str
) -> None:
    async with client.get(f"{door}{path}?a=1") as answer:
        assert answer.status == 200
    async with client.post(f"{door}{path}", data={"0": "a"}) as answer:
        assert await answer.text() == "0=a"
    assert seen == [f"{name} GET {path}?a=1", f"{name} POST {path}"]


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/r", "/r/", "/o/", "/r/AB/CD", "/r/AB/", "/R/AB", "/p/AB", "/favicon.ico", "/static/app.css"),
        *(f"/{name}/health/ready" for name in DEPLOYED),
        *("/health/ready", "/health/live", "/docs", "/openapi.json", "/sign-in", "/ratings/metrics"),
        *("/.well-known/oauth-authorization-server", "/accounts/oauth/token", "/ratings/v1/towns/340281199"),
        *("//r/AB", "/r//AB", "//accounts/jwks.json", "/r/AB//", "/./accounts/jwks.json"),
        *("/r/..", "/r/.", "/r/../accounts/jwks.json", "/r/AB/../../ratings/metrics", "/o/../roster/docs"),
        *(
            "/r/%2e%2e/accounts/jwks.json",
            "/r/..%2faccounts%2fjwks.json",
            "/r/%2e%2e",
            "/r/AB%2f..%2f..%2fdocs",
        ),
        *(
            "/r/..%5caccounts",
            "/r/..\\accounts",
            "/r/AB;/../docs",
            "/%72/..",
            "/r%2f..%2fdocs",
            "/r/AB%00",
            "/r/AB%0d%0a",
        ),
        *("/r/%252e%252e%252fdocs", "/r/%E3%80%82", "/r/" + "A" * 65),
    ],
)
async def test_everything_else_is_not_there(door: str, target: str) -> None:
    assert await spoken(door, target) in {400, 404}
    assert seen == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
async def test_nothing_else_can_be_done_to_a_page(door: str, method: str) -> None:
    assert await spoken(door, "/r/AB2C", method=method) in {400, 405}
    assert await spoken(door, "/accounts/jwks.json", method=method) in {400, 404}
    assert seen == []


@pytest.mark.parametrize("host", ["accounts:8080", "gateway", "127.0.0.1:1", "r"])
async def test_the_name_of_a_host_opens_nothing(door: str, host: str) -> None:
    assert await spoken(door, "/accounts/jwks.json", host=host) == 404
    assert await spoken(door, f"http://{host}/accounts/jwks.json") in {400, 404}
    assert await spoken(door, f"{host}", method="CONNECT") in {400, 404, 405}
    assert seen == []
    assert await spoken(door, f"http://{host}/r/AB2C", host=host) == 200
    assert seen == ["ratings GET /r/AB2C"]
