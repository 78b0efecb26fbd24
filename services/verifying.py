"""Whether a log is whole: numbers, hashes and what a county witnessed, with nothing but the events themselves."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from services.client import Client
from shared.envelope import GENESIS, Event
from shared.heads import Head

PAGE: Final = 1000


class Unverifiable(Exception):
    """What was given holds no log; the message says why, in Chinese."""


@dataclass(frozen=True)
class Link:
    """What of one event the chain needs. `subject` and `version` say what it was about."""

    sequence: int
    previoushash: str
    hash: str
    intact: bool
    type: str
    subject: str
    version: int | None

    @classmethod
    def of(cls, event: Event) -> "Link":
        version = event.data.get("version")
        return cls(
            event.sequence,
            event.previoushash,
            event.hash,
            event.digest() == event.hash,
            event.type,
            event.subject,
            version if isinstance(version, int) else None,
        )


@dataclass
class Logs:
    """Events as they came, by stream. `strange` says of what was no event where it stood."""

    streams: dict[str, list[Link]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def add(self, found: Any, place: str) -> None:
        try:
            event = Event.model_validate(found)
        except ValidationError:
            self.strange.append(f"{place}：不是本系统的事件")
        else:
            self.streams.setdefault(event.source, []).append(Link.of(event))


@dataclass(frozen=True)
class Verdict:
    """On one stream: how far it reaches, the hash there, and what is wrong with it."""

    source: str
    sequence: int
    hash: str
    faults: tuple[str, ...]
    witnessed: int = 0

    def __str__(self) -> str:
        if self.faults:
            return "\n".join([f"✗ {self.source}：", *(f"    {fault}" for fault in self.faults)])
        held = f"，与见证过的 {self.witnessed} 个末号相符" if self.witnessed else ""
        return f"✓ {self.source}：1–{self.sequence} 号一件不少，散列相连，末号散列 {self.hash}{held}"


def read_file(path: Path, logs: Logs) -> None:
    """A CloudEvents batch (a JSON array), one event, or JSON lines. Errors: Unverifiable."""
    text = path.read_text("utf-8-sig")
    try:
        content = json.loads(text)
    except ValueError:
        content = [_line(line, n, path) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    for n, found in enumerate(content if isinstance(content, list) else [content], 1):
        logs.add(found, f"{path.name} 第 {n} 条")


def _line(line: str, n: int, path: Path) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise Unverifiable(f"{path} 第 {n} 行不是 JSON：应为 CloudEvents 批或每行一个事件") from None


async def read_feed(client: Client, url: str, logs: Logs) -> None:
    """Everything a feed holds, page by page, until it has nothing more. Errors: Unverifiable, Refused, Away."""
    async for page, n in _pages(client, url):
        for offset, found in enumerate(page):
            logs.add(found, f"{url} 第 {n + offset} 条")


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
        if urlsplit(following)[:2] != urlsplit(url)[:2]:  # the token is meant for this address alone
            raise Unverifiable(f"{url} 的下一页在别处：{following}")
        here, n = _with_limit(following), n + len(page)


def _with_limit(url: str) -> str:
    if "limit=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}limit={PAGE}"


def verdicts(logs: Logs, witnessed: Iterable[Head] = ()) -> list[Verdict]:
    """One for every stream that was given or witnessed, by source."""
    by_source: dict[str, list[Head]] = {source: [] for source in logs.streams}
    for head in witnessed:
        by_source.setdefault(head.source, []).append(head)
    return [
        verdict(source, logs.streams.get(source, []), heads) for source, heads in sorted(by_source.items())
    ]


def verdict(source: str, links: Sequence[Link], witnessed: Sequence[Head] = ()) -> Verdict:
    faults = [*_own_faults(links, {h.sequence: h.hash for h in witnessed}), *_broken_words(links, witnessed)]
    last = max(links, key=lambda link: link.sequence, default=None)
    reached = (last.sequence, last.hash) if last else (0, GENESIS)
    return Verdict(source, *reached, tuple(faults), len({h.sequence for h in witnessed}))


def _own_faults(links: Sequence[Link], witnessed: dict[int, str]) -> Iterator[str]:
    """What the events alone betray. A log may begin after a witnessed head instead of at its beginning."""
    before: tuple[int, str] = (0, GENESIS)
    first = min(links, key=lambda link: link.sequence, default=None)
    if first is not None and witnessed.get(first.sequence - 1) == first.previoushash:
        before = (first.sequence - 1, first.previoushash)
    hashes = Counter((link.sequence, link.hash) for link in links)
    yield from _moved(links)
    for (sequence, _), times in hashes.items():
        if times > 1:
            yield f"第 {sequence} 号出现了 {times} 次"
    numbers = Counter(sequence for sequence, _ in hashes)
    for sequence, versions in sorted(numbers.items()):
        if versions > 1:
            yield f"第 {sequence} 号有 {versions} 个不同的版本：日志分叉"
    yield from _links(sorted(links, key=lambda link: link.sequence), before)


def _moved(links: Sequence[Link]) -> Iterator[str]:
    highest = 0
    for link in links:
        if link.sequence < highest:
            yield f"第 {link.sequence} 号排在第 {highest} 号之后：次序被移动"
        highest = max(highest, link.sequence)


def _links(links: Sequence[Link], before: tuple[int, str]) -> Iterator[str]:
    """Gaps, changed events, and events that follow another past than the one given."""
    sequence, hash = before
    whole = True
    for link in links:
        if link.sequence > sequence + 1:
            missing = f"{sequence + 1}–{link.sequence - 1}" if link.sequence > sequence + 2 else sequence + 1
            yield f"缺第 {missing} 号"
        elif link.sequence == sequence + 1 and link.previoushash != hash and whole and link.intact:
            yield f"第 {link.sequence} 号接的不是这里的第 {sequence} 号：之前的历史被换过，或者日志在此分叉"
        if not link.intact:
            yield f"第 {link.sequence} 号（{link.type} {link.subject}）写成以后被改动过"
        sequence, hash, whole = link.sequence, link.hash, link.intact


def _broken_words(links: Sequence[Link], witnessed: Sequence[Head]) -> Iterator[str]:
    """Where the log is not the one the witnessed heads were heads of."""
    hashes = {link.sequence: link.hash for link in links}
    last, agreed = max(hashes, default=0), 0
    said: dict[int, str] = {}
    for head in sorted(witnessed, key=lambda head: (head.sequence, head.time)):
        if said.setdefault(head.sequence, head.hash) != head.hash:
            yield f"对第 {head.sequence} 号先后签发过不同的散列：对不同的人出示了不同的日志（分叉）"
        elif head.sequence > last:
            yield f"{head.time} 见证时已到第 {head.sequence} 号，现在只到第 {last} 号：第 {last + 1} 号以后的被删去"
        elif head.sequence == 0 or hashes.get(head.sequence, head.hash) == head.hash:
            agreed = head.sequence
        else:
            yield (
                f"第 {head.sequence} 号的散列不是 {head.time} 见证过的那一个："
                f"第 {agreed + 1}–{head.sequence} 号之间有改写、删除、调换，或者换成了另一条日志"
            )
