"""What this service keeps of the roster, and the hash of who was a deputy on a day."""

import hashlib
from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.envelope import canonical
from shared.storage.work import Record


class Span(BaseModel):
    """[from_on, to_on); an open end holds for ever."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    from_on: date | None = None
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)


class GroupSpan(Span):
    group_id: str | None = None


class RoleSpan(Span):
    role: str


class Deputyship(Record):
    """The histories are None in copies that were taken before they were kept here."""

    person_id: str | None = None
    level: str | None = None
    started_on: date | None = None
    ended_on: date | None = None
    suspensions: tuple[Span, ...] | None = None
    group_history: tuple[GroupSpan, ...] | None = None
    role_history: tuple[RoleSpan, ...] | None = None

    @property
    def whole(self) -> bool:
        return None not in (self.suspensions, self.group_history, self.role_history)


def roster_hash(town: str, day: date, deputyships: Sequence[Deputyship]) -> str | None:
    """The roster's own `roster_hash` (ADR 0018); None where a copy does not hold all it is made of."""
    if not all(one.whole for one in deputyships):
        return None
    deputies = [
        {
            "deputyship_id": one.id,
            "person_id": one.person_id,
            "level": one.level,
            "status": "suspended" if any(s.holds(day) for s in one.suspensions or ()) else "serving",
            "group_id": next((s.group_id for s in one.group_history or () if s.holds(day)), None),
            "roles": sorted(s.role for s in one.role_history or () if s.holds(day)),
        }
        for one in sorted(deputyships, key=lambda one: one.id)
        if Span(from_on=one.started_on, to_on=one.ended_on).holds(day)
    ]
    content = {"town": town, "as_of": day.isoformat(), "deputies": deputies}
    return hashlib.sha256(canonical(content)).hexdigest()
