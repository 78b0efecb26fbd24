"""What the client sent, kept in its own words: the input of the reference figures."""

from dataclasses import dataclass, field
from typing import Any

Span = tuple[str, str | None]  # [from, to), ISO dates; None = still


def within(day: str, span: Span) -> bool:
    return span[0] <= day and (span[1] is None or day < span[1])


@dataclass
class Mandate:
    """One deputyship and its dated history."""

    id: str
    person: str
    woman: bool
    level: str
    started_on: str
    by_election: bool = False
    ended_on: str | None = None
    suspensions: list[Span] = field(default_factory=list)
    groups: list[tuple[Span, str]] = field(default_factory=list)

    def suspended(self, day: str) -> bool:
        return within(day, (self.started_on, self.ended_on)) and any(within(day, s) for s in self.suspensions)

    def serving(self, day: str) -> bool:
        return within(day, (self.started_on, self.ended_on)) and not self.suspended(day)

    def group(self, day: str) -> str | None:
        return next((group for span, group in self.groups if within(day, span)), None)


@dataclass
class Suggestion:
    """A suggestion's dated acts. An act that carries no date counts whenever one looks."""

    id: str
    raised_on: str
    raised_at: str
    assigned_on: str | None = None
    due_on: str | None = None
    replies: list[tuple[str, str]] = field(default_factory=list)  # (on, class)
    ratings: list[tuple[str, str]] = field(default_factory=list)  # (on or "", result)


@dataclass
class Meeting:
    """A rating meeting, published or not."""

    id: str
    held_on: str
    deputyship_ids: list[str]
    options: list[str]
    issued: int = 0
    returned: int = 0
    void: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    published: bool = False
    suppressed: bool = False


@dataclass
class Book:
    """Everything of one town, by the client's own handles where there are any."""

    quota: int = 0
    people: dict[str, str] = field(default_factory=dict)
    mandates: dict[str, Mandate] = field(default_factory=dict)
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)  # handle: (id, level)
    stations: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # handle: (id, opened_on)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    presidium: list[dict[str, Any]] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)  # with "voided"
    opinions: list[dict[str, Any]] = field(default_factory=list)
    suggestions: dict[str, Suggestion] = field(default_factory=dict)
    plan_items: list[dict[str, Any]] = field(default_factory=list)  # due_on, state, done_on
    meetings: dict[str, Meeting] = field(default_factory=dict)

    def by_id(self, id: str) -> Mandate:
        return next(m for m in self.mandates.values() if m.id == id)

    def ids(self, handles: str) -> list[str]:
        """`"t1 t2 c1"` as deputyship ids."""
        return [self.mandates[handle].id for handle in handles.split()]

    def attendance(self, present: str, on_leave: str = "", absent: str = "") -> dict[str, Any]:
        reasons = ("illness", "official_duty", "family", "other")
        return {
            "present": self.ids(present),
            "on_leave": [
                {"deputyship_id": id, "reason": reasons[n % 4]} for n, id in enumerate(self.ids(on_leave))
            ],
            "absent": self.ids(absent),
        }
