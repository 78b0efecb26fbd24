"""Local copies of the roster's records, and the hash of the roster on a day."""

import hashlib
from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.envelope import canonical
from shared.storage.work import Record


class Span(BaseModel):
    """The half-open interval [from_on, to_on); None is unbounded."""

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
    """The histories are None in copies made before this service stored them."""

    person_id: str | None = None
    level: str | None = None
    started_on: date | None = None
    ended_on: date | None = None
    suspensions: tuple[Span, ...] | None = None
    group_history: tuple[GroupSpan, ...] | None = None
    role_history: tuple[RoleSpan, ...] | None = None

    @property
    def complete(self) -> bool:
        return None not in (self.suspensions, self.group_history, self.role_history)


def roster_hash(town: str, day: date, deputyships: Sequence[Deputyship]) -> str | None:
    """Equals the roster service's `roster_hash` (ADR 0018); None where a copy is incomplete."""
    if not all(deputyship.complete for deputyship in deputyships):
        return None
    deputies = [
        {
            "deputyship_id": deputyship.id,
            "person_id": deputyship.person_id,
            "level": deputyship.level,
            "status": "suspended" if any(s.holds(day) for s in deputyship.suspensions or ()) else "serving",
            "group_id": next((s.group_id for s in deputyship.group_history or () if s.holds(day)), None),
            "roles": sorted(s.role for s in deputyship.role_history or () if s.holds(day)),
        }
        for deputyship in sorted(deputyships, key=lambda deputyship: deputyship.id)
        if Span(from_on=deputyship.started_on, to_on=deputyship.ended_on).holds(day)
    ]
    content = {"town": town, "as_of": day.isoformat(), "deputies": deputies}
    return hashlib.sha256(canonical(content)).hexdigest()
