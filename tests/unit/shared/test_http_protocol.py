"""Bytes on the port that never become a request: still a problem in Chinese, and nothing of them in the log."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from aiohttp import web

from shared.http import edge, mount
from shared.process.serve import listening
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from tests.fixtures.logged import logged
from tests.probes import PATIENCE
from tests.unit.shared.sample import MemoryStore, sample
from tests.unit.shared.serving import NOTES

SECRET = b"13900001234"
HEAD = f"POST {NOTES} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    async def ready() -> Mapping[str, bool]:
        return {}

    verifier = Verifier(FileKeys(KeyStore(tmp_path).jwks_path))
    app = edge()
    mount(app, sample(), store=MemoryStore(), verifier=verifier, ready=ready)
    async with listening(app, "127.0.0.1", 0) as url:
        yield int(url.rpartition(":")[2])


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    with logged() as stream:
        yield stream


async def sent(port: int, content: bytes) -> tuple[int, str, dict[str, object]]:
    """Status, content type and body of the answer to raw bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(content)
    await writer.drain()
    async with asyncio.timeout(PATIENCE):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in head.split("\r\n")[1:])}
    body = await reader.readexactly(int(headers["content-length"]))
    writer.close()
    return int(head.split()[1]), headers["content-type"], json.loads(body)


@pytest.mark.parametrize(
    "content",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01" + SECRET + b"\r\n\r\n",
        b"GET /" + SECRET + b" HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Note: " + SECRET * 2000 + b"\r\n\r\n",
        b"GET /" + b"a" * 20_000 + SECRET + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nNo colon " + SECRET + b"\r\n\r\n",
        HEAD + b"Content-Length: " + SECRET + b"x\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + SECRET,
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + SECRET,
        HEAD + b"Content-Encoding: br\r\nContent-Length: 11\r\n\r\n" + SECRET,
    ],
)
async def test_what_is_no_request_is_a_problem(port: int, written: io.StringIO, content: bytes) -> None:
    status, kind, body = await sent(port, content)
    assert (status, body["code"]) == (400, "malformed")
    assert kind.startswith("application/problem+json")
    assert body["title"] == "请求内容无法识别"
    said = written.getvalue()
    assert "unreadable request" in said
    assert SECRET.decode() not in said
    assert "127.0.0.1" not in said


async def test_an_expectation_nobody_meets(port: int) -> None:
    status, kind, body = await sent(port, HEAD + b"Expect: miracles\r\nContent-Length: 2\r\n\r\n{}")
    assert (status, body["code"]) == (417, "malformed")
    assert kind.startswith("application/problem+json")


async def test_who_asks_to_go_on_is_told_to(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
    writer.close()


async def test_a_caller_who_hangs_up_is_no_fault(written: io.StringIO) -> None:
    ended = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        finally:
            ended.set()

    app = edge()
    app.router.add_get("/stream", stream)
    async with listening(app, "127.0.0.1", 0) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readexactly(65536)
        writer.close()
        async with asyncio.timeout(PATIENCE):
            await ended.wait()
    assert "unreadable request" not in written.getvalue()
    assert '"status": 500' not in written.getvalue()
