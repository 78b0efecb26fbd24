"""Marks: how far a stream was received and verified, as a value that is advanced by each event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from shared.envelope import GENESIS, Event

UNKNOWN: Final = ""
"""The hash of an event that could not be decoded: any event may follow it."""
BROKEN: Final = "broken"
"""In place of a hash: the hash chain is broken, and no event may follow."""
RANGES_KEPT: Final = 100
FARTHEST: Final = 1_000_000
"""How far beyond the highest sequence seen an event may be: what is missing is requested, so its number is bounded."""


@dataclass(frozen=True)
class Range:
    """Events first … last that were received before those below them. `previoushash` is that of the first event, `hash`
    that of the last."""

    first: int
    last: int
    previoushash: str
    hash: str


class Handled(NamedTuple):
    """Events first … last that were handled before a rebuild, of the log as it was in the epoch. Those of a later epoch
    are other events."""

    first: int
    last: int
    epoch: str


@dataclass(frozen=True)
class Mark:
    """The progress of a stream: all sequences up to `upto` were received, and `hash` is that of the last; `seen` is
    the highest sequence known.

    `verified_after`: the chain was verified on arrival from this sequence on. `epoch` is the latest epoch. `early` are
    the ranges beyond `upto`, in order. The keys up to `deleted` are gone; those from there up to `pruned` may be. While
    `rebuilding` nothing is applied. `handled` is what was handled before the last rebuild, which alone writes it.
    `dropped` are sequences of events that were dropped; their keys say of which. `moves` counts the writes of the mark:
    0 before the first, None where an earlier release did not count.
    """

    upto: int = 0
    seen: int = 0
    hash: str = GENESIS
    verified_after: int = 0
    epoch: str = ""
    early: tuple[Range, ...] = ()
    pruned: int = 0
    deleted: int = 0
    rebuilding: bool = False
    handled: tuple[Handled, ...] = ()
    dropped: tuple[int, ...] = ()
    moves: int | None = field(default=0, compare=False)

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "Mark":
        """The mark of a document. One from before chains were verified on arrival has no hash, so any event follows. An
        earlier release does not write `deleted`."""
        pruned = document.get("pruned", 0)
        return cls(
            upto=document["upto"],
            seen=document["seen"],
            hash=document.get("hash", UNKNOWN if document["upto"] else GENESIS),
            verified_after=document.get("verified_after", document["upto"] if "hash" not in document else 0),
            epoch=document.get("epoch", ""),
            early=tuple(Range(*range_) for range_ in document.get("early", ())),
            pruned=pruned,
            deleted=min(document.get("deleted", pruned), pruned),
            rebuilding="rebuilding" in document,
            handled=tuple(Handled(*range_) for range_ in document.get("handled", ())),
            dropped=tuple(document.get("dropped", ())),
            moves=document.get("moves"),
        )

    def document(self) -> dict[str, Any]:
        """Without `handled`, `dropped` and `rebuilding`, which stay as they are stored."""
        return {
            "upto": self.upto,
            "seen": self.seen,
            "hash": self.hash,
            "verified_after": self.verified_after,
            "epoch": self.epoch,
            "early": [[s.first, s.last, s.previoushash, s.hash] for s in self.early],
            "pruned": self.pruned,
            "deleted": self.deleted,
        }

    def continued_by(self, event: Event) -> bool:
        """Whether the event is the next one by sequence and hash, none is missing, and it is not to be looked up."""
        return (
            self.upto == self.seen == event.sequence - 1
            and event.sequence not in self.dropped
            and not self.rebuilding
            and self.hash == event.previoushash
            and self.epoch == (event.epoch or "")
            and event.digest() == event.hash
        )

    def has(self, sequence: int) -> bool:
        return sequence <= self.upto or any(s.first <= sequence <= s.last for s in self.early)

    def was_handled(self, sequence: int, epoch: str) -> bool:
        """Whether the event was handled before the last rebuild."""
        return any(h.first <= sequence <= h.last and epoch <= h.epoch for h in self.handled)

    @property
    def received_anew(self) -> bool:
        """Whether a rebuild has not received again all that was handled before it, so that what is derived from the
        stream lacks something."""
        # What a restore undid is not received again.
        return self.rebuilding or any(
            self.upto < (min(h.last, first_of(self.epoch) - 1) if h.epoch < self.epoch else h.last)
            for h in self.handled
        )

    @property
    def complete(self) -> bool:
        """Whether all that is known of the stream is received, also of what was handled before a rebuild."""
        return self.upto == self.seen and not self.received_anew

    def handled_below(self, end: int, parked: Iterable[int]) -> list[Handled]:
        """What is handled by now below `end`: what was received up to the first gap and is not `parked`, and `handled`.

        An event beyond a gap may be a foreign one: nothing links it to the log, whose own may come much later.
        """
        received = [(1, self.upto)]
        for sequence in parked:
            received = [part for range_ in received for part in _without(range_, sequence)]
        merged: list[Handled] = []
        handled = [*(Handled(*range_, self.epoch) for range_ in received), *self.handled]
        below = (h._replace(last=min(h.last, end - 1)) for h in handled)
        for first, last, epoch in sorted(below, key=lambda h: (h.epoch, h.first)):
            if merged and merged[-1].epoch == epoch and first <= merged[-1].last + 1:
                merged[-1] = merged[-1]._replace(last=max(merged[-1].last, last))
            elif first <= last:
                merged.append(Handled(first, last, epoch))
        return [h for h in merged if not any(_covers(other, h) for other in merged)]

    def reaches(self, sequence: int) -> bool:
        """Whether the sequence is near enough to those seen to be believed."""
        return sequence <= self.seen + FARTHEST

    @property
    def broken(self) -> bool:
        """Whether an event is received that is not linked to those before it."""
        return BROKEN in (self.hash, *(range_.hash for range_ in self.early))

    def follows(self, sequence: int, previoushash: str, hash: str) -> bool:
        """Whether an event is linked to its received neighbours; true where none was received."""
        before = self._hash_at(sequence - 1)
        after = next((s.previoushash for s in self.early if s.first == sequence + 1), None)
        return _links(before, previoushash) and _links(hash, after)

    def arrived(self, sequence: int, previoushash: str, hash: str) -> "Mark":
        """The mark after one more event. One that was received already changes nothing."""
        seen = max(self.seen, sequence)
        if self.has(sequence):
            return self if seen == self.seen else replace(self, seen=seen)
        ranges = _merged([*self.early, Range(sequence, sequence, previoushash, hash)])
        upto, last = self.upto, self.hash
        while ranges and ranges[0].first == upto + 1:
            upto, last = ranges[0].last, _last_of(last, ranges[0].hash)
            ranges = ranges[1:]
        # Beyond RANGES_KEPT the last ranges are dropped: they count as missing and are requested again.
        return replace(self, upto=upto, seen=seen, hash=last, early=tuple(ranges[:RANGES_KEPT]))

    def missing(self) -> list[tuple[int, int]]:
        """The ranges (first, last) between `upto` and `seen` that were not received."""
        gaps: list[tuple[int, int]] = []
        expected = self.upto + 1
        for range_ in self.early:
            if range_.first > expected:
                gaps.append((expected, range_.first - 1))
            expected = range_.last + 1
        if self.seen >= expected:
            gaps.append((expected, self.seen))
        return gaps

    def abandoned(self, sequence: int, epoch: str) -> bool:
        """Whether an event was removed by a restore of its source."""
        return epoch < self.epoch and sequence >= first_of(self.epoch)

    def _hash_at(self, sequence: int) -> str | None:
        if sequence == self.upto:
            return self.hash
        return next((s.hash for s in self.early if s.last == sequence), None)


def first_of(epoch: str) -> int:
    """The first sequence of an epoch, `{time}/{first sequence}`."""
    return int(epoch.rpartition("/")[2])


def _covers(later: Handled, h: Handled) -> bool:
    return later.epoch > h.epoch and later.first <= h.first and h.last <= later.last


def _without(range_: tuple[int, int], sequence: int) -> list[tuple[int, int]]:
    first, last = range_
    parts = (first, min(last, sequence - 1)), (max(first, sequence + 1), last)
    return [part for part in parts if part[0] <= part[1]]


def _links(hash: str | None, previoushash: str | None) -> bool:
    return None in (hash, previoushash) or UNKNOWN in (hash, previoushash) or hash == previoushash


def _last_of(before: str, hash: str) -> str:
    """The hash after one more range: a chain that is broken stays so until its stream is received anew."""
    return BROKEN if before == BROKEN else hash


def _merged(ranges: Sequence[Range]) -> list[Range]:
    merged: list[Range] = []
    for range_ in sorted(ranges, key=lambda s: s.first):
        if merged and merged[-1].last + 1 == range_.first:
            before = merged[-1]
            last = _last_of(before.hash, range_.hash)
            merged[-1] = Range(before.first, range_.last, before.previoushash, last)
        else:
            merged.append(range_)
    return merged
