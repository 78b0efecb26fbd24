"""What this service keeps of the roster, and who served, in which group and role, on a given day.

Intervals are half-open, [from_on, to_on): on the day of leaving one no longer serves.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from services.activities.domain.rules import Rules
from shared.envelope import canonical
from shared.work import Record

TOWN_LEVEL = "town"
PRESIDIUM_ROLES = frozenset({"presidium", "chair", "vice_chair"})
"""The chair and the vice-chairs are members of the presidium (组织法 Art. 19)."""


class Span(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    from_on: date | None = None
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)


class GroupSpan(Span):
    group_id: str | None = None


class RoleSpan(Span):
    role: str


class Town(Record):
    name: str | None = None
    congress_number: int | None = None
    rules: Rules = Rules()


class Person(Record):
    name: str = ""


class Group(Record):
    number: int | None = None
    name: str | None = None


class Station(Record):
    name: str = ""


class RosterHead(Record):
    """How far the roster of a town was followed: id is the town, version the sequence of its last event.

    `moved_at` is when that event was taken in here.
    """

    moved_at: datetime | None = None


class Deputyship(Record):
    person_id: str = ""
    level: str = TOWN_LEVEL
    constituency: str | None = None
    started_on: date | None = None
    ended_on: date | None = None
    group_id: str | None = None
    roles: tuple[str, ...] = ()
    suspensions: tuple[Span, ...] = ()
    group_history: tuple[GroupSpan, ...] = ()
    role_history: tuple[RoleSpan, ...] = ()

    def in_office(self, day: date) -> bool:
        return Span(from_on=self.started_on, to_on=self.ended_on).holds(day)

    def suspended(self, day: date) -> bool:
        """Suspended deputies do not carry out their duties (代表法 2025 Art. 61); they keep the mandate."""
        return self.in_office(day) and any(span.holds(day) for span in self.suspensions)

    def serves(self, day: date) -> bool:
        return self.in_office(day) and not self.suspended(day)

    def in_group(self, group_id: str, day: date) -> bool:
        """By its dated history; without one, the group it is in now."""
        if self.group_history:
            return any(span.group_id == group_id and span.holds(day) for span in self.group_history)
        return self.group_id == group_id

    def in_presidium(self, day: date) -> bool:
        """By its dated history; without one, the roles it has now."""
        if self.role_history:
            return any(span.role in PRESIDIUM_ROLES and span.holds(day) for span in self.role_history)
        return not PRESIDIUM_ROLES.isdisjoint(self.roles)


def roster_hash(town: str, day: date, deputyships: Iterable[Deputyship]) -> str:
    """Of who is a deputy on a day, in which group and role: the roster's own `roster_hash` (ADR 0018)."""
    deputies = [
        {
            "deputyship_id": one.id,
            "person_id": one.person_id,
            "level": one.level,
            "status": "suspended" if one.suspended(day) else "serving",
            "group_id": next((span.group_id for span in one.group_history if span.holds(day)), None),
            "roles": sorted(span.role for span in one.role_history if span.holds(day)),
        }
        for one in sorted(deputyships, key=lambda one: one.id)
        if one.in_office(day)
    ]
    content = {"town": town, "as_of": day.isoformat(), "deputies": deputies}
    return hashlib.sha256(canonical(content)).hexdigest()
