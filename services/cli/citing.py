"""Verification of the roster hashes that records cite, computed again from the roster's log (ADR 0018)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.envelope import Event, canonical


@dataclass(frozen=True)
class Citation:
    """A citation in an event: the roster on `day`, as of the roster's event `sequence`, has this hash."""

    event: Event
    sequence: int
    day: str
    hash: str

    @classmethod
    def from_event(cls, event: Event) -> "Citation | None":
        sequence, day, hash = (event.data.get(name) for name in ("roster_sequence", "held_on", "roster_hash"))
        if sequence is None or day is None or hash is None:
            return None
        return cls(event, sequence, day, hash)


def false_citations(roster: Sequence[Event], others: Iterable[Event]) -> Iterator[Event]:
    """Events whose citation differs from the roster; `roster`: its log in order, as far as it was read."""
    cited = sorted(filter(None, map(Citation.from_event, others)), key=lambda citation: citation.sequence)
    hashes: dict[tuple[int, str], str] = {}
    deputyships: dict[str, Mapping[str, Any]] = {}
    applied = 0
    for citation in cited:
        if citation.sequence > len(roster):
            return
        for event in roster[applied : citation.sequence]:
            if event.type.startswith("roster.deputyship."):
                deputyships[event.subject] = event.data
        applied = max(applied, citation.sequence)
        key = (citation.sequence, citation.day)
        if key not in hashes:
            hashes[key] = roster_hash(citation.event.town, citation.day, deputyships.values())
        if hashes[key] != citation.hash:
            yield citation.event


def roster_hash(town: str, day: str, deputyships: Iterable[Mapping[str, Any]]) -> str:
    """The roster hash from the events in the log; days are compared as ISO 8601 text."""
    deputies = [
        {
            "deputyship_id": fact["id"],
            "person_id": fact["person_id"],
            "level": fact["level"],
            "status": "suspended" if any(_holds(span, day) for span in fact["suspensions"]) else "serving",
            "group_id": next((span["group_id"] for span in fact["group_history"] if _holds(span, day)), None),
            "roles": sorted(span["role"] for span in fact["role_history"] if _holds(span, day)),
        }
        for fact in sorted(deputyships, key=lambda fact: str(fact["id"]))
        if _holds({"from_on": fact["started_on"], "to_on": fact["ended_on"]}, day)
    ]
    return hashlib.sha256(canonical({"town": town, "as_of": day, "deputies": deputies})).hexdigest()


def _holds(span: Mapping[str, str | None], day: str) -> bool:
    """Whether the half-open interval [from_on, to_on) contains a day; None is unbounded."""
    start, over = span["from_on"], span["to_on"]
    return (start is None or start <= day) and (over is None or day < over)
