"""How the command line sends requests: a POST takes effect once, and only what passes is asked again."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from services.cli import client as client_module
from services.cli import office
from services.cli.__main__ import app
from services.cli.client import Away, Client, Lost, Refused, Strange, calling
from services.cli.office import Unfinished, import_folder


@dataclass
class Recorder:
    """A server that gives the prepared answers in turn, the last one for good; None breaks the connection."""

    answers: list[tuple[int, dict[str, object]] | None]
    keys: list[str | None] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        if request.method == "GET":
            return web.json_response({"sequence": 57})
        self.keys.append(request.headers.get("Idempotency-Key"))
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if given is None:
            assert request.transport is not None
            request.transport.abort()
            raise ConnectionResetError
        return web.json_response(given[1], status=given[0])


Serve = Callable[[Recorder], Awaitable[Client]]


@pytest.fixture
async def serve(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    monkeypatch.setattr(client_module, "PAUSE_SECONDS", 0.0)
    async with calling() as session:
        servers = []

        async def start(recorder: Recorder) -> Client:
            app = web.Application()
            app.router.add_route("*", "/{rest:.*}", recorder.answer)
            server = TestServer(app)
            await server.start_server()
            servers.append(server)
            return Client(session, str(server.make_url("")).rstrip("/"), "token")

        yield start
        for server in servers:
            await server.close()


async def test_a_post_whose_answer_was_lost_is_repeated_under_its_key(serve: Serve) -> None:
    recorder = Recorder([None, (201, {"id": "1"})])
    client = await serve(recorder)
    assert await client.json("POST", "/roster/v1/people", {}) == {"id": "1"}
    assert len(recorder.keys) == 2
    assert len(set(recorder.keys)) == 1
    assert recorder.keys[0]


async def test_every_post_has_a_key_of_its_own(serve: Serve) -> None:
    recorder = Recorder([(200, {})])
    client = await serve(recorder)
    for _ in range(2):
        await client.json("POST", "/a", {})
        await client.upload("/a", b"", {})
    assert None not in recorder.keys
    assert len(set(recorder.keys)) == 4


async def test_a_post_that_keeps_no_answer_goes_out_once(serve: Serve) -> None:
    recorder = Recorder([None, (201, {"id": "1"})])
    client = await serve(recorder)
    with pytest.raises(Lost, match="请先看是否已经办成"):
        await client.json("POST", "/accounts/v1/clients", {})
    assert recorder.keys == [None]


async def test_what_may_have_happened_is_said_when_the_answer_never_comes(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "REPEAT_SECONDS", 0.0)
    client = await serve(Recorder([None]))
    with pytest.raises(Lost, match="要么整个办成了，要么完全没有办"):
        await client.json("POST", "/a", {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "履职.xlsx").write_bytes(b"any")
    return tmp_path


def _token(holder: str = "office") -> str:
    claims = json.dumps({"area": "340281199", "sub": holder}).encode()
    return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.x"


@pytest.mark.parametrize("tellers", [("teller", "teller"), ("office", "teller")])
async def test_nothing_is_sent_where_two_of_those_who_count_are_one_person(
    serve: Serve, tmp_path: Path, tellers: tuple[str, str]
) -> None:
    (tmp_path / "测评.xlsx").write_bytes(b"any")
    recorder = Recorder([(200, {})])
    client = await serve(recorder)
    chair = Client(client.session, client.url, _token())
    with pytest.raises(Unfinished, match="--subject"):
        await import_folder(
            chair, tmp_path, [_token(one) for one in tellers], dry_run=False, echo=lambda _: None
        )
    assert recorder.keys == []


async def test_who_gave_no_token_is_told_where_one_comes_from(serve: Serve) -> None:
    client = await serve(Recorder([(401, {"title": "未登录或凭证无效"})]))
    with pytest.raises(Refused, match="LVZHI_TOKEN"):
        await Client(client.session, client.url, "").json("POST", "/a", {})
    with pytest.raises(Refused, match="未登录或凭证无效"):
        await client.json("POST", "/a", {})


async def test_a_wrong_workbook_is_answered_at_once(serve: Serve, folder: Path) -> None:
    recorder = Recorder([(422, {"code": "workbook-wrong", "title": "工作簿有误"})])
    client = await serve(recorder)
    with pytest.raises(Refused, match="工作簿有误"):
        await import_folder(
            Client(client.session, client.url, _token()), folder, [], dry_run=False, echo=lambda _: None
        )
    assert len(recorder.keys) == 1


async def test_events_on_their_way_are_waited_for(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "POLL_SECONDS", 0.0)
    totals = {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}
    recorder = Recorder([(503, {"code": "not-heard-yet"}), (200, {"totals": totals})])
    client = await serve(recorder)
    imported = await import_folder(
        Client(client.session, client.url, _token()), folder, [], dry_run=False, echo=lambda _: None
    )
    assert [one.report["totals"]["new"] for one in imported] == [1]
    assert len(recorder.keys) == 2


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.download("/report.docx"),
        lambda client: client.post_for_file("/slips", {}, "application/pdf"),
        lambda client: client.upload_for_file("/marked", b"1", {}),
        lambda client: client.page(f"{client.url}/events"),
    ],
)
async def test_a_file_that_breaks_off_is_said_to_be_lost(ask: Callable[[Client], Awaitable[object]]) -> None:
    async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        writer.close()

    server = await asyncio.start_server(breaks_off, "127.0.0.1")
    async with server, calling() as session:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Lost, match="没有收到答复"):
            await ask(Client(session, f"http://127.0.0.1:{port}", "token"))


async def test_what_is_no_url_is_said() -> None:
    async with calling() as session:
        with pytest.raises(Away, match="不是网址"):
            await Client(session, "nowhere:x:y", "token").download("/report.docx")


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.json("GET", "/a"),
        lambda client: client.json("POST", "/a", {}),
        lambda client: client.page(f"{client.url}/a"),
    ],
)
async def test_a_page_in_the_place_of_json_is_told_as_one(ask: Callable[[Client], Awaitable[object]]) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<h1>welcome</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/a", page)
    async with TestServer(app) as server, calling() as session:
        with pytest.raises(Strange, match="给出的不是 JSON"):
            await ask(Client(session, str(server.make_url("")).rstrip("/"), "token"))


def test_a_token_comes_without_the_ends_of_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    async def noted(client: Client, *_: object, **__: object) -> list[dict[str, object]]:
        sent.append(client.token)
        return []

    monkeypatch.setattr(Client, "items", noted)
    for command in (["client", "list"], ["account", "list"]):
        assert CliRunner().invoke(app, [*command, "--token", " a.b\nc.d\r\n"]).exit_code == 0
    monkeypatch.setenv("LVZHI_TOKEN", "a.bc.d\n")
    assert CliRunner().invoke(app, ["client", "list"]).exit_code == 0
    assert sent == ["a.bc.d"] * 3


async def test_a_token_that_cannot_be_sent_is_said(serve: Serve) -> None:
    client = await serve(Recorder([(200, {})]))
    with pytest.raises(Away, match="请求没有发出"):
        await Client(client.session, client.url, "a\0b").json("GET", "/a")


async def test_a_list_is_read_to_its_last_page() -> None:
    asked: list[str] = []

    async def page(request: web.Request) -> web.Response:
        asked.append(request.query_string)
        first = "cursor" not in request.query
        return web.json_response(
            {"items": [{"id": "1" if first else "2"}], "next_cursor": "c" if first else None}
        )

    app = web.Application()
    app.router.add_get("/meetings", page)
    async with TestServer(app) as server, calling() as session:
        client = Client(session, str(server.make_url("")).rstrip("/"), "token")
        assert await client.items("/meetings", year=2020) == [{"id": "1"}, {"id": "2"}]
    assert asked == ["limit=200&year=2020", "limit=200&year=2020&cursor=c"]
