"""Whether the rosters that records cite were the roster's: every hash computed again from its log (ADR 0018)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.envelope import Event, canonical


@dataclass(frozen=True)
class Citation:
    """An event says that the roster of `day`, as it was after the roster's event `sequence`, has this hash."""

    event: Event
    sequence: int
    day: str
    hash: str

    @classmethod
    def of(cls, event: Event) -> "Citation | None":
        sequence, day, hash = (event.data.get(name) for name in ("roster_sequence", "held_on", "roster_hash"))
        if sequence is None or day is None or hash is None:
            return None
        return cls(event, sequence, day, hash)


def false_citations(roster: Sequence[Event], others: Iterable[Event]) -> Iterator[Event]:
    """`roster`: its whole log in order, as far as it was read. Yields the events whose citation differs from it."""
    cited = sorted(filter(None, map(Citation.of, others)), key=lambda one: one.sequence)
    known: dict[tuple[int, str], str] = {}
    deputyships: dict[str, Mapping[str, Any]] = {}
    taken = 0
    for one in cited:
        if one.sequence > len(roster):
            return
        for event in roster[taken : one.sequence]:
            if event.type.startswith("roster.deputyship."):
                deputyships[event.subject] = event.data
        taken = max(taken, one.sequence)
        place = (one.sequence, one.day)
        if place not in known:
            known[place] = roster_hash(one.event.town, one.day, deputyships.values())
        if known[place] != one.hash:
            yield one.event


def roster_hash(town: str, day: str, deputyships: Iterable[Mapping[str, Any]]) -> str:
    """From the facts as they stand in the log; days are compared as the text they are."""
    deputies = [
        {
            "deputyship_id": fact["id"],
            "person_id": fact["person_id"],
            "level": fact["level"],
            "status": "suspended" if any(_holds(one, day) for one in fact["suspensions"]) else "serving",
            "group_id": next((one["group_id"] for one in fact["group_history"] if _holds(one, day)), None),
            "roles": sorted(one["role"] for one in fact["role_history"] if _holds(one, day)),
        }
        for fact in sorted(deputyships, key=lambda fact: str(fact["id"]))
        if _holds({"from_on": fact["started_on"], "to_on": fact["ended_on"]}, day)
    ]
    return hashlib.sha256(canonical({"town": town, "as_of": day, "deputies": deputies})).hexdigest()


def _holds(span: Mapping[str, str | None], day: str) -> bool:
    """[from_on, to_on); an open end holds for ever."""
    begun, over = span["from_on"], span["to_on"]
    return (begun is None or begun <= day) and (over is None or day < over)
