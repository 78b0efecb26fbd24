"""The gateway in front of real HTTP servers: what passes unchanged, what ends at it, what it says when one is away."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import ClientSession, web
from yarl import URL

from services.host import gateway as module
from services.host.contract import ASYNCAPI, OPENAPI, SHIPPED
from services.host.gateway import PAGES, serving
from services.host.installation import SERVICES
from shared.process.serve import listening
from shared.settings import Settings as CommonSettings
from tests.probes import PATIENCE

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "deflate": zlib.decompress}


async def echo(request: web.Request) -> web.Response:
    seen = {
        "method": request.method,
        "target": request.raw_path,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "body": (await request.read()).decode(),
    }
    answered = {"Keep-Alive": "5", "X-Own": "kept", "ETag": '"3"'}
    return web.json_response(seen, status=207, headers=answered)


async def slowly(request: web.Request) -> web.StreamResponse:
    """Answers a first piece at once and the last only when the caller has sent something after seeing the first."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"first ")
    await response.write(b"last:" + await request.content.read())
    return response


async def packed(request: web.Request) -> web.Response:
    """Answers with the words of the request, compressed as the request was."""
    encoding = request.headers.get("Content-Encoding", "")
    assert encoding in PACKERS
    words = await request.read()  # decompressed by the server
    return web.Response(body=PACKERS[encoding](words), headers={"Content-Encoding": encoding})


async def health(request: web.Request) -> web.Response:
    name = request.path.split("/")[1]
    return web.json_response({"status": "ready", "services": {name: {"database": True, "broker": True}}})


@pytest.fixture
async def upstream() -> AsyncIterator[URL]:
    app = web.Application()
    app.router.add_get("/{service}/health/ready", health)
    app.router.add_post("/roster/slow", slowly)
    app.router.add_post("/roster/packed", packed)
    app.router.add_route("*", "/{rest:.*}", echo)
    async with listening(app, "127.0.0.1", 0) as url:
        yield URL(url)


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def gateway(upstream: URL) -> AsyncIterator[str]:
    async with serving(dict.fromkeys(SERVICES, upstream), "127.0.0.1", 0) as url:
        yield url


async def test_method_path_query_headers_and_body_pass_unchanged(gateway: str, client: ClientSession) -> None:
    target = URL(f"{gateway}/roster/v1/towns/340281001/people%3Abatch:x?limit=1&q=%E5%BC%A0", encoded=True)
    async with client.put(
        target, data="正文", headers={"Authorization": "Bearer t", "If-Match": '"2"'}
    ) as answer:
        seen = await answer.json()
        assert answer.status == 207
        assert (answer.headers["X-Own"], answer.headers["ETag"]) == ("kept", '"3"')
    assert (seen["method"], seen["target"]) == ("PUT", target.raw_path_qs)
    assert seen["body"] == "正文"
    assert seen["headers"]["authorization"] == "Bearer t"
    assert seen["headers"]["if-match"] == '"2"'
    assert seen["headers"]["host"] == URL(gateway).authority


async def test_the_headers_of_one_connection_and_of_the_caller_end_here(
    gateway: str, client: ClientSession
) -> None:
    sent = {
        "Connection": "X-Mine",
        "X-Mine": "1",
        "TE": "trailers",
        "X-Forwarded-For": "10.0.0.1",
        "X-Real-IP": "10.0.0.1",
    }
    async with client.get(f"{gateway}/r/ABCD", headers=sent) as answer:
        seen = await answer.json()
        assert "Keep-Alive" not in answer.headers
    assert seen["target"] == "/r/ABCD"
    async with client.get(f"{gateway}/o/ABCD", headers=sent) as answer:
        assert (await answer.json())["target"] == "/o/ABCD"
    passed = set(seen["headers"])
    assert not passed & {"x-mine", "te", "x-forwarded-for", "x-real-ip"}


async def test_bodies_flow_both_ways_without_being_gathered(gateway: str, client: ClientSession) -> None:
    first_seen = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"a"
        await first_seen.wait()
        yield b"b"

    async with client.post(f"{gateway}/roster/slow", data=body()) as answer:
        assert await answer.content.read(6) == b"first "
        first_seen.set()
        assert await answer.content.read() == b"last:ab"


@pytest.mark.parametrize("encoding", PACKERS)
async def test_compressed_bodies_pass_unbroken_both_ways(gateway: str, encoding: str) -> None:
    words = "选民意见".encode() * 5000
    headers = {"Content-Encoding": encoding}
    async with (
        ClientSession(auto_decompress=False) as client,
        client.post(f"{gateway}/roster/packed", data=PACKERS[encoding](words), headers=headers) as answer,
    ):
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, encoding)
        content = await answer.read()
        assert answer.headers["Content-Length"] == str(len(content))
    assert UNPACKERS[encoding](content) == words


@pytest.mark.parametrize(
    "path", ["metrics", "metrics/", "%6Detrics", "/metrics", "./metrics", "v1/../metrics"]
)
async def test_metrics_are_not_public(gateway: str, client: ClientSession, path: str) -> None:
    async with client.get(URL(f"{gateway}/ratings/{path}", encoded=True)) as answer:
        assert answer.status == 404
        assert (await answer.json(content_type="application/problem+json"))["code"] == "not-found"


async def test_ready_speaks_for_all(gateway: str, client: ClientSession) -> None:
    async with client.get(f"{gateway}/health/ready") as answer:
        body = await answer.json()
        assert answer.status == 200
    assert body["status"] == "ready"
    assert body["services"] == {
        name: {"reachable": True, "database": True, "broker": True} for name in SERVICES
    }


async def test_an_absent_service_is_a_problem_in_chinese_and_not_ready(
    upstream: URL, client: ClientSession, unused_tcp_port: int
) -> None:
    services = dict.fromkeys(SERVICES, upstream) | {"reports": URL(f"http://127.0.0.1:{unused_tcp_port}")}
    async with serving(services, "127.0.0.1", 0) as url:
        async with client.get(f"{url}/reports/v1/areas/340281/years/2020") as answer:
            problem = await answer.json(content_type="application/problem+json")
            assert answer.status == 503
        async with client.get(f"{url}/health/ready") as answer:
            body = await answer.json()
            assert answer.status == 503
        async with client.get(f"{url}/health/live") as answer:
            assert answer.status == 200
    assert (problem["code"], problem["title"]) == ("service-away", "服务暂时不可用，请稍后再试")
    assert "总结" in problem["detail"]
    assert body["services"]["reports"] == {"reachable": False}
    assert body["services"]["roster"]["reachable"] is True


async def test_what_belongs_to_nobody_is_not_found(gateway: str, client: ClientSession) -> None:
    for path in ("/elsewhere", "/elsewhere/v1", "/rosters/v1"):
        async with client.get(gateway + path) as answer:
            assert answer.status == 404
            assert (await answer.json(content_type="application/problem+json"))["code"] == "not-found"


async def test_its_own_front_page_is_not_forwarded(gateway: str, client: ClientSession) -> None:
    async with client.get(gateway) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "/roster/docs" in await answer.text()


async def test_the_contract_of_all_services_is_at_its_root(gateway: str, client: ClientSession) -> None:
    async with client.get(f"{gateway}/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    assert {path.split("/")[1] for path in paths} == {*SERVICES, *PAGES, ".well-known"}
    async with client.get(f"{gateway}/asyncapi.json") as answer:
        assert (await answer.json())["asyncapi"] == "3.1.0"


async def test_the_contract_is_served_as_it_is_shipped(gateway: str, client: ClientSession) -> None:
    for name in (OPENAPI, ASYNCAPI):
        async with client.get(f"{gateway}/{name}") as answer:
            assert await answer.read() == (SHIPPED / name).read_bytes()
            assert answer.headers["Content-Encoding"] == "gzip"
        async with client.get(
            f"{gateway}/{name}", headers={"If-None-Match": answer.headers["ETag"]}
        ) as again:
            assert (again.status, await again.read()) == (304, b"")


async def test_without_some_services_the_contract_is_that_of_the_others(client: ClientSession) -> None:
    async with serving({"roster": URL("http://127.0.0.1:1")}, "127.0.0.1", 0) as part:
        async with client.get(f"{part}/{OPENAPI}") as answer:
            assert {path.split("/")[1] for path in (await answer.json())["paths"]} == {"roster"}
        async with client.get(f"{part}/{ASYNCAPI}") as answer:
            assert "activities" not in await answer.text()


async def source(client: ClientSession, url: str, **headers: str) -> str:
    async with client.get(url, headers=headers) as answer:
        return str((await answer.json())["headers"].get("x-lvzhi-source", ""))


async def test_only_who_slows_down_guessing_is_told_where_a_request_comes_from(
    gateway: str, client: ClientSession
) -> None:
    told = await source(client, f"{gateway}/accounts/v1/sign_ins")
    assert len(told) == 32
    assert told == await source(client, f"{gateway}/accounts/v1/me", **{"X-Lvzhi-Source": "mine"})
    assert told == await source(client, f"{gateway}/accounts/v1/me", **{"X-Forwarded-For": "10.0.0.1"})
    assert told == await source(client, f"{gateway}/.well-known/oauth-authorization-server")
    for path in ("/roster/v1/x", "/r/CODE", "/o/CODE"):
        assert await source(client, gateway + path, **{"X-Lvzhi-Source": "mine"}) == ""


async def test_trusted_proxies_say_where_a_request_comes_from(upstream: URL, client: ClientSession) -> None:
    async with serving({"accounts": upstream}, "127.0.0.1", 0, proxies=1) as url:
        asked = f"{url}/accounts/v1/me"
        one, other = [
            await source(client, asked, **{"X-Forwarded-For": ip}) for ip in ("10.0.0.1", "10.0.0.2")
        ]
        assert one != other
        assert one == await source(client, asked, **{"X-Forwarded-For": "6.6.6.6, 10.0.0.1"}), (
            "said by the caller"
        )
        assert "10.0.0" not in one
        of_caller, of_proxy = ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "10.0.0.1")
        async with client.get(asked, headers=[of_caller, of_proxy]) as answer:
            told = (await answer.json())["headers"]["x-lvzhi-source"]
        assert told == one, "a proxy may add a line of its own"


async def test_a_frozen_service_is_not_waited_for_without_limit(
    client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system accepts connections for a process that is stopped; nobody answers them."""
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        at = URL(f"http://127.0.0.1:{frozen.getsockname()[1]}")
        async with (
            serving({"roster": at}, "127.0.0.1", 0) as url,
            asyncio.timeout(PATIENCE),
            client.get(f"{url}/roster/v1/events") as answer,
        ):
            assert (answer.status, (await answer.json())["code"]) == (503, "service-away")


async def test_named_origins_pass_the_gateway(upstream: URL, client: ClientSession) -> None:
    named = CommonSettings(cors_origins=("https://county.example",))
    sent = {"Origin": "https://county.example"}
    async with serving({"roster": upstream}, "127.0.0.1", 0, common=named) as url:
        forwarded = await client.get(f"{url}/roster/v1/events", headers=sent)
        own = await client.get(f"{url}/problems/not-found", headers=sent)
        asked = sent | {"Access-Control-Request-Method": "GET"}
        preflight = await client.options(f"{url}/roster/v1/events", headers=asked)
    for answer, status in ((forwarded, 207), (own, 200), (preflight, 204)):
        assert (answer.status, answer.headers.getall("Access-Control-Allow-Origin")) == (
            status,
            ["https://county.example"],
        )
