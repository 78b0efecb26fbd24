"""How far a stream was received: the mark of one source as a value, moved by every event that arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from shared.envelope import GENESIS, Event

UNKNOWN: Final = ""
"""The hash of an event that could not be read: whatever names its predecessor follows it."""
BROKEN: Final = "broken"
"""In place of a hash: an event did not follow its predecessor, and so nothing after it does."""
STRETCHES_KEPT: Final = 100


@dataclass(frozen=True)
class Stretch:
    """Events first … last that came before those below them. `previoushash` is named by the first, `hash` is the
    last's."""

    first: int
    last: int
    previoushash: str
    hash: str


@dataclass(frozen=True)
class Mark:
    """Every number up to `upto` is here and `hash` is that of the last of them; `seen` is the highest.

    `verified_after`: the chain was verified from this number on, event by event as it arrived. `epoch` is the last one
    that began. `early` are the stretches beyond `upto`, in order. The keys up to `pruned` are deleted.
    While `rebuilding` nothing is applied.
    """

    upto: int = 0
    seen: int = 0
    hash: str = GENESIS
    verified_after: int = 0
    epoch: str = ""
    early: tuple[Stretch, ...] = ()
    pruned: int = 0
    rebuilding: bool = False

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "Mark":
        """A mark written before chains were verified on arrival has no hash: what follows it is taken as it comes."""
        return cls(
            upto=document["upto"],
            seen=document["seen"],
            hash=document.get("hash", UNKNOWN if document["upto"] else GENESIS),
            verified_after=document.get("verified_after", document["upto"] if "hash" not in document else 0),
            epoch=document.get("epoch", ""),
            early=tuple(Stretch(*stretch) for stretch in document.get("early", ())),
            pruned=document.get("pruned", 0),
            rebuilding="rebuilding" in document,
        )

    def document(self) -> dict[str, Any]:
        return {
            "upto": self.upto,
            "seen": self.seen,
            "hash": self.hash,
            "verified_after": self.verified_after,
            "epoch": self.epoch,
            "early": [[s.first, s.last, s.previoushash, s.hash] for s in self.early],
            "pruned": self.pruned,
        }

    def continued_by(self, event: Event) -> bool:
        """Whether an event is the next one, proven by the chain, and nothing is missing."""
        return (
            self.upto == self.seen == event.sequence - 1
            and not self.rebuilding
            and self.hash == event.previoushash
            and self.epoch == (event.epoch or "")
            and event.digest() == event.hash
        )

    def has(self, sequence: int) -> bool:
        return sequence <= self.upto or any(s.first <= sequence <= s.last for s in self.early)

    def follows(self, sequence: int, previoushash: str, hash: str) -> bool:
        """Whether an event fits what is here of its neighbours. With no neighbour here nothing can be said."""
        before = self._hash_at(sequence - 1)
        after = next((s.previoushash for s in self.early if s.first == sequence + 1), None)
        return _links(before, previoushash) and _links(hash, after)

    def arrived(self, sequence: int, previoushash: str, hash: str) -> "Mark":
        """The mark with one event more. One that is here already changes nothing."""
        seen = max(self.seen, sequence)
        if self.has(sequence):
            return self if seen == self.seen else replace(self, seen=seen)
        stretches = _merged([*self.early, Stretch(sequence, sequence, previoushash, hash)])
        upto, last = self.upto, self.hash
        while stretches and stretches[0].first == upto + 1:
            upto, last = stretches[0].last, stretches[0].hash
            stretches = stretches[1:]
        # Should stretches be too many, the furthest are forgotten: they count as missing and come again.
        return replace(self, upto=upto, seen=seen, hash=last, early=tuple(stretches[:STRETCHES_KEPT]))

    def missing(self) -> list[tuple[int, int]]:
        """Stretches (first, last) between `upto` and `seen` that are not here."""
        gaps: list[tuple[int, int]] = []
        expected = self.upto + 1
        for stretch in self.early:
            if stretch.first > expected:
                gaps.append((expected, stretch.first - 1))
            expected = stretch.last + 1
        if self.seen >= expected:
            gaps.append((expected, self.seen))
        return gaps

    def abandoned(self, sequence: int, epoch: str) -> bool:
        """Whether an event was written in a past that a restore has undone."""
        return epoch < self.epoch and sequence >= first_of(self.epoch)

    def _hash_at(self, sequence: int) -> str | None:
        if sequence == self.upto:
            return self.hash
        return next((s.hash for s in self.early if s.last == sequence), None)


def first_of(epoch: str) -> int:
    """The sequence an epoch began with: `{time}/{first sequence}`."""
    return int(epoch.rpartition("/")[2])


def _links(hash: str | None, previoushash: str | None) -> bool:
    return None in (hash, previoushash) or UNKNOWN in (hash, previoushash) or hash == previoushash


def _merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: s.first):
        if merged and merged[-1].last + 1 == stretch.first:
            before = merged[-1]
            merged[-1] = Stretch(before.first, stretch.last, before.previoushash, stretch.hash)
        else:
            merged.append(stretch)
    return merged
