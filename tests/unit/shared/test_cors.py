"""Cross-origin requests: named origins use the contract, others and pages stay apart."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import ValidationError

from shared.http import edge
from shared.http.cors import allow_origins
from shared.settings import Settings

ORIGIN = "https://county.example"
OTHER = "https://other.example"
PEOPLE = "/roster/v1/towns/340281199/people"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,if-match",
}
TOLD = "Access-Control-Allow-Origin"


async def stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Vary": "Accept-Encoding"})
    await response.prepare(request)
    await response.write_eof()
    return response


async def page(_: web.Request) -> web.Response:
    return web.Response(text="<p>", content_type="text/html")


async def serving(*origins: str, credentials: bool = False) -> TestClient[Any, Any]:
    app = edge()
    allow_origins(app, origins, credentials=credentials)
    app.router.add_get(PEOPLE, stream)
    app.router.add_get("/", page)
    app.router.add_get("/r/{code}", page)
    return TestClient(TestServer(app))


@pytest.mark.parametrize(
    ("origins", "asked", "told"),
    [
        ((ORIGIN,), ORIGIN, ORIGIN),
        ((OTHER, ORIGIN), ORIGIN, ORIGIN),
        (("*",), ORIGIN, "*"),
        ((OTHER,), ORIGIN, None),
    ]
    + [
        ((ORIGIN,), origin, None)
        for origin in ("null", f"{ORIGIN}:8443", f"{ORIGIN}.evil.example", "http://county.example")
    ]
    + [((), ORIGIN, None)],
)
async def test_an_origin_that_is_named_reads_answers_and_problems(
    origins: tuple[str, ...], asked: str, told: str | None
) -> None:
    async with await serving(*origins) as client:
        for path, status in ((PEOPLE, 200), ("/roster/v1/nothing", 404)):
            answer = await client.get(path, headers={"Origin": asked})
            assert (answer.status, answer.headers.get(TOLD)) == (status, told)
            assert "Access-Control-Allow-Credentials" not in answer.headers
            assert ("Location" in answer.headers.get("Access-Control-Expose-Headers", "")) == (
                told is not None
            )


async def test_a_preflight_is_answered_to_named_origins_alone() -> None:
    async with await serving(ORIGIN) as client:
        answer = await client.options(PEOPLE, headers={"Origin": ORIGIN, **PREFLIGHT})
        assert (answer.status, answer.headers[TOLD]) == (204, ORIGIN)
        assert {"POST", "PATCH"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
        assert {"Authorization", "If-Match"} <= set(
            answer.headers["Access-Control-Allow-Headers"].split(", ")
        )
        refused = await client.options(PEOPLE, headers={"Origin": OTHER, **PREFLIGHT})
        assert (refused.status, refused.headers.get(TOLD)) == (405, None)


async def test_an_answer_to_one_origin_is_kept_for_no_other() -> None:
    async with await serving(ORIGIN) as client:
        for headers in ({}, {"Origin": ORIGIN}, {"Origin": OTHER}):
            assert (await client.get(PEOPLE, headers=headers)).headers["Vary"] == "Accept-Encoding, Origin"
    async with await serving("*") as client:
        assert (await client.get(PEOPLE, headers={"Origin": ORIGIN})).headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/", "/r/ABCD"])
async def test_pages_are_for_their_own_origin(path: str) -> None:
    async with await serving(ORIGIN, credentials=True) as client:
        assert TOLD not in (await client.get(path, headers={"Origin": ORIGIN})).headers
        assert (await client.options(path, headers={"Origin": ORIGIN, **PREFLIGHT})).status == 405


async def test_credentials_only_where_they_are_asked_for() -> None:
    async with await serving(ORIGIN, credentials=True) as client:
        answer = await client.get(PEOPLE, headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize(
    "origin",
    ["county.example", f"{ORIGIN}/", "https://*.example", "https://County.example", "null", "https://a b"],
)
def test_what_no_browser_sends_is_refused_as_an_origin(origin: str) -> None:
    with pytest.raises(ValidationError, match="来源应写成"):
        Settings(cors_origins=(origin,))


def test_no_credentials_for_everybody() -> None:
    with pytest.raises(ValidationError, match="不能是"):
        Settings(cors_origins=("*",), cors_credentials=True)
    assert Settings(cors_origins=(ORIGIN, "http://127.0.0.1:5173"), cors_credentials=True).cors_credentials
