"""`lvzhi verify log`: verifies logs from files and feeds by their events and witnessed checkpoints alone."""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from services.cli.client import Client
from shared.chain import Link, Verdict, verdict
from shared.endpoints.heads import Head
from shared.envelope import Event

PAGE: Final = 1000


class Unverifiable(Exception):
    """The input is not an event log; the message says why, in Chinese."""


@dataclass
class Logs:
    """Links of events by stream, in order. `invalid`: messages about entries that are no events."""

    streams: dict[str, list[Link]] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)

    def add(self, content: Any, place: str) -> None:
        try:
            event = Event.model_validate(content)
        except ValidationError:
            self.invalid.append(f"{place}：不是本系统的事件")
        else:
            self.add_event(event)

    def add_event(self, event: Event) -> None:
        self.streams.setdefault(event.source, []).append(Link.from_event(event))


def read_file(path: Path, logs: Logs) -> None:
    """Errors: Unverifiable."""
    for n, content in enumerate(events_in(path), 1):
        logs.add(content, f"{path.name} 第 {n} 条")


def events_in(path: Path) -> list[Any]:
    """A CloudEvents batch (a JSON array), one event, or JSON lines. Errors: Unverifiable."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unverifiable(f"{path} 不是文本：应为 CloudEvents 批或每行一个事件") from None
    try:
        content = json.loads(text)
    except ValueError:
        content = [_line(line, n, path) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    return content if isinstance(content, list) else [content]


def _line(line: str, n: int, path: Path) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise Unverifiable(f"{path} 第 {n} 行不是 JSON：应为 CloudEvents 批或每行一个事件") from None


async def read_feed(client: Client, url: str, logs: Logs) -> None:
    """Read all pages of a feed. Errors: Unverifiable, Refused, Away."""
    async for page, n in _pages(client, url):
        for offset, content in enumerate(page):
            logs.add(content, f"{url} 第 {n + offset} 条")


async def feed_events(client: Client, url: str) -> list[Any]:
    """All events of a feed. Errors: Unverifiable, Refused, Away."""
    return [event async for page, _ in _pages(client, url) for event in page]


async def _pages(client: Client, url: str) -> AsyncIterator[tuple[list[Any], int]]:
    here, n = _with_limit(url), 1
    while True:
        page, following = await client.page(here)
        if not isinstance(page, list):
            raise Unverifiable(f"{url} 给出的不是事件日志")
        yield page, n
        if not page or not following:
            return
        if _with_limit(following) == here:
            raise Unverifiable(f"{url} 的下一页指向它自己")
        if urlsplit(following)[:2] != urlsplit(url)[:2]:  # the token must not be sent to another address
            raise Unverifiable(f"{url} 的下一页在别处：{following}")
        here, n = _with_limit(following), n + len(page)


def _with_limit(url: str) -> str:
    if "limit=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}limit={PAGE}"


def verdicts(logs: Logs, witnessed: Iterable[Head] = ()) -> list[Verdict]:
    """Verdicts on all streams given or witnessed, by source."""
    by_source: dict[str, list[Head]] = {source: [] for source in logs.streams}
    for head in witnessed:
        by_source.setdefault(head.source, []).append(head)
    return [
        verdict(source, logs.streams.get(source, []), heads) for source, heads in sorted(by_source.items())
    ]
