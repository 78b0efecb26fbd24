"""Copies of logs in files: streams read from where a copy ends, verified, and written so that nothing is half there."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from pydantic import ValidationError

from services.cli.auditing import services_of
from services.cli.client import Client
from services.cli.verifying import Unverifiable
from shared.chain import Link, verdict
from shared.endpoints.heads import Head, HeadsOut
from shared.envelope import GENESIS, Event

PAGE: Final = 1000
LINE_BYTES: Final = 16 << 20


@dataclass(frozen=True)
class At:
    """A place in a stream: the last sequence and its hash."""

    sequence: int = 0
    hash: str = GENESIS


def place_of(source: str) -> str:
    """The path of a stream's log in a copy: `340281199/roster.jsonl`."""
    _, town, service = source.split("/")
    return f"{town}/{service}.jsonl"


async def heads(client: Client, area: str) -> list[HeadsOut]:
    """The signed heads of an area, of each service. Errors: Refused, Away."""
    return [
        HeadsOut.model_validate(await client.json("GET", f"/{service}/v1/heads", area=area))
        for service in await services_of(client)
    ]


async def events_between(client: Client, source: str, after: At, upto: int) -> list[Event]:
    """The events of a stream behind a place, up to a sequence. Errors: Unverifiable where they do not follow."""
    _, town, service = source.split("/")
    path = f"/{service}/v1/towns/{town}/events"
    events: list[Event] = []
    reached = after.sequence
    while reached < upto:
        page = await client.json("GET", path, after=reached, limit=min(PAGE, upto - reached))
        events += read_events(page, source)
        if not page or events[-1].sequence <= reached:
            raise Unverifiable(f"{source} 的日志到第 {reached} 号就没有了，应到第 {upto} 号")
        reached = events[-1].sequence
    check(source, after, events)
    return events


def read_events(contents: Iterable[object], place: str) -> list[Event]:
    """Errors: Unverifiable."""
    try:
        return [Event.model_validate(content) for content in contents]
    except ValidationError:
        raise Unverifiable(f"{place} 中有的不是本系统的事件") from None


def check(source: str, after: At, events: Sequence[Event], signed: Sequence[Head] = ()) -> None:
    """Errors: Unverifiable where events do not follow a place, were changed, or contradict signed heads."""
    if not events:
        return
    before = Head(source=source, sequence=after.sequence, hash=after.hash, time="")
    result = verdict(source, [Link.from_event(event) for event in events], [before, *signed])
    if any(event.source != source for event in events):
        raise Unverifiable(f"{source} 的日志中有别的日志的事件")
    if result.faults:
        raise Unverifiable(str(result))
    if (events[0].sequence, events[0].previoushash) != (after.sequence + 1, after.hash):
        raise Unverifiable(f"{source} 第 {events[0].sequence} 号接不上第 {after.sequence} 号")


def written(events: Iterable[Event]) -> bytes:
    """JSON Lines, one event a line, byte for byte as in the log."""
    return b"".join(event.encode() + b"\n" for event in events)


def lines_of(file: IO[bytes], place: str) -> Iterator[Event]:
    """The events of a file in JSON Lines. Errors: Unverifiable, also for a line without an end and for one that is
    written otherwise than in the log: of a member given twice another reader may take the one without a hash."""
    for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES), b""), 1):
        try:
            event = Event.decode(line) if line.endswith(b"\n") else None
        except ValueError:
            event = None
        if event is None:
            raise Unverifiable(f"{place} 第 {number} 行不是一个完整的事件")
        if event.encode() != line[:-1]:
            raise Unverifiable(f"{place} 第 {number} 行的写法与日志不同：被改动过")
        yield event


def end_of(path: Path) -> At:
    """Where a copied log ends. What was cut off behind its last whole line is removed. Errors: Unverifiable."""
    if not path.exists():
        return At()
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        tail = min(size, LINE_BYTES)
        file.seek(size - tail)
        content = file.read(tail)
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            file.truncate(size - len(content) + whole)
        lines = content[:whole].splitlines()
    if not lines:
        return At()
    try:
        last = Event.decode(lines[-1])
    except ValueError:
        raise Unverifiable(f"{path} 的最后一行不是一个事件") from None
    return At(last.sequence, last.hash)


def digests(content: bytes) -> Mapping[str, str]:
    """SHA-256, and SM3 (GB/T 32905), in hexadecimal."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "sm3": hashlib.new("sm3", content).hexdigest()}
