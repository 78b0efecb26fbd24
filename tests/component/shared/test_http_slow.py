"""Requests that arrive too slowly (slow loris) are cut off; those that are only long are not."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.http import edge, mount, protocol
from shared.process.serve import listening
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from tests.probes import PATIENCE
from tests.unit.shared.sample import MemoryStore, sample
from tests.unit.shared.serving import NOTE, NOTES, TOWN

BODY = json.dumps(NOTE).encode()
PACE_SECONDS = 0.02
LIMIT_SECONDS = 1.0
"""Longer than a busy machine takes to read what was sent at once."""


@dataclass
class Line:
    """A connection; `head` is that of a POST with BODY."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes

    async def drip(self, content: bytes) -> bytes:
        """Send byte by byte; return what came back meanwhile, empty also where the connection was closed."""
        for index in range(len(content)):
            self.writer.write(content[index : index + 1])
            try:
                async with asyncio.timeout(PACE_SECONDS):
                    return await self.reader.read(10_000)
            except TimeoutError:
                continue
            except ConnectionResetError:  # closed while a byte was on its way
                return b""
        return await self.answer()

    async def answer(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read(10_000)


@pytest.fixture
async def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    async def ready() -> Mapping[str, bool]:
        return {}

    monkeypatch.setattr(protocol, "HEADER_SECONDS", LIMIT_SECONDS)
    monkeypatch.setattr(protocol, "BODY_SECONDS", LIMIT_SECONDS)
    monkeypatch.setattr(protocol, "TICK_SECONDS", 0.02)
    keys, app = KeyStore(tmp_path), edge()
    mount(app, sample(), store=MemoryStore(), verifier=Verifier(FileKeys(keys.jwks_path)), ready=ready)
    head = (
        f"POST {NOTES} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {keys.mint('clerk', TOWN, ('office',))}\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    async with listening(app, "127.0.0.1", 0) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        yield Line(reader, writer, head.encode())
        writer.close()


async def test_headers_that_drip_are_cut_off(line: Line) -> None:
    assert await line.drip(line.head) == b""


async def test_a_connection_that_says_nothing_is_cut_off(line: Line) -> None:
    assert await line.answer() == b""


async def test_headers_of_a_later_request_are_cut_off_too(line: Line) -> None:
    line.writer.write(line.head + BODY)
    assert b" 201 " in await line.answer()
    assert await line.drip(line.head) == b""


async def test_a_kept_connection_may_rest(line: Line) -> None:
    line.writer.write(line.head + BODY)
    assert b" 201 " in await line.answer()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(LIMIT_SECONDS * 1.5):
            await line.reader.read(1)
    line.writer.write(line.head + BODY)
    assert b" 201 " in await line.answer()


async def test_a_body_that_drips_is_cut_off(line: Line) -> None:
    long = BODY + b" " * 20_000  # never through in time, however late a busy machine counts
    line.writer.write(line.head.replace(b"Length: %d" % len(BODY), b"Length: %d" % len(long)))
    answer = await line.drip(long)
    assert b" 408 " in answer.splitlines()[0]
    assert b"too-slow" in answer
    assert await line.answer() == b""


async def test_a_long_body_takes_its_time(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BODY_BYTES_PER_SECOND", 10)
    line.writer.write(line.head)
    assert len(BODY) * PACE_SECONDS > protocol.BODY_SECONDS
    assert b" 201 " in await line.drip(BODY)
