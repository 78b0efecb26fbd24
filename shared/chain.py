"""Verification of an event log: sequences, hash chain, and witnessed heads. No I/O; messages are Chinese."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.envelope import GENESIS, Event


class WitnessedHead(Protocol):
    """A head of the log as signed at a time."""

    @property
    def sequence(self) -> int: ...
    @property
    def hash(self) -> str: ...
    @property
    def time(self) -> str: ...


@dataclass(frozen=True)
class Link:
    """The parts of an event that verification needs. `intact`: whether the hash matches the content."""

    sequence: int
    previoushash: str
    hash: str
    intact: bool
    type: str
    subject: str
    version: int | None

    @classmethod
    def from_event(cls, event: Event) -> "Link":
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


@dataclass(frozen=True)
class Verdict:
    """The result for one stream: its last sequence and hash, its faults, and the number of heads compared."""

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


def verdict(source: str, links: Sequence[Link], witnessed: Sequence[WitnessedHead] = ()) -> Verdict:
    """Verify a stream, given in the order of the log, by itself and against witnessed heads."""
    faults = [
        *_own_faults(links, {h.sequence: h.hash for h in witnessed}),
        *_contradictions(links, witnessed),
    ]
    last = max(links, key=lambda link: link.sequence, default=None)
    reached = (last.sequence, last.hash) if last else (0, GENESIS)
    return Verdict(source, *reached, tuple(faults), len({h.sequence for h in witnessed}))


def _own_faults(links: Sequence[Link], witnessed: dict[int, str]) -> Iterator[str]:
    """Faults of the events by themselves. A log may begin after a witnessed head instead of at sequence 1."""
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
    """Gaps, changed events, and events whose `previoushash` is not the hash of the event before."""
    sequence, hash = before
    intact = True
    for link in links:
        if link.sequence > sequence + 1:
            missing = f"{sequence + 1}–{link.sequence - 1}" if link.sequence > sequence + 2 else sequence + 1
            yield f"缺第 {missing} 号"
        elif link.sequence == sequence + 1 and link.previoushash != hash and intact and link.intact:
            yield f"第 {link.sequence} 号接的不是这里的第 {sequence} 号：之前的历史被换过，或者日志在此分叉"
        if not link.intact:
            yield f"第 {link.sequence} 号（{link.type} {link.subject}）写成以后被改动过"
        sequence, hash, intact = link.sequence, link.hash, link.intact


def _contradictions(links: Sequence[Link], witnessed: Sequence[WitnessedHead]) -> Iterator[str]:
    """Witnessed heads that contradict the log or each other."""
    hashes = {link.sequence: link.hash for link in links}
    last, agreed = max(hashes, default=0), 0
    signed_hashes: dict[int, str] = {}
    for head in sorted(witnessed, key=lambda head: (head.sequence, head.time)):
        if signed_hashes.setdefault(head.sequence, head.hash) != head.hash:
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
