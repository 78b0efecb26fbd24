"""Local copies of the roster's records, and the state of a deputyship on a day.

Intervals are half-open, [from_on, to_on): on the last day one no longer serves.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from services.activities.domain.rules import Rules
from shared.envelope import canonical
from shared.storage.work import Record

TOWN_LEVEL = "town"
SCOPES: Final = ("national", "province", "county", "town")
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


class RulePack(BaseModel):
    """Both days included."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    scope: str = "town"
    rules: dict[str, Any] = {}
    pushed_by: str | None = None

    def holds(self, day: date) -> bool:
        started = self.effective_from is None or self.effective_from <= day
        return started and (self.effective_to is None or day <= self.effective_to)

    @property
    def breadth(self) -> int:
        """Rank of the scope from wide to narrow; an unknown scope ranks as the town's own."""
        return SCOPES.index(self.scope) if self.scope in SCOPES else len(SCOPES)


class FormerTownName(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    until: date
    name: str = ""


class Town(Record):
    """`former_names`: each until a day, in order."""

    name: str | None = None
    former_names: tuple[FormerTownName, ...] = ()
    congress_number: int | None = None
    rules: dict[str, Any] = {}
    rule_packs: tuple[RulePack, ...] = ()

    def name_on(self, day: date) -> str:
        return next((former.name for former in self.former_names if day < former.until), self.name or "")

    def rules_on(self, day: date) -> Rules:
        """Effective rules on a day: rule by rule a narrower scope wins, within one scope the later pack."""
        order = sorted(
            (pack for pack in self.rule_packs if pack.holds(day)),
            key=lambda pack: (pack.breadth, pack.effective_from or date.min, pack.pushed_by or "", pack.id),
        )
        packs = [pack.rules for pack in order if pack.breadth < SCOPES.index("town")]
        packs += [self.rules, *(pack.rules for pack in order if pack.breadth >= SCOPES.index("town"))]
        return Rules.model_validate(
            {name: value for pack in packs for name, value in Rules.fitting(pack).items()}
        )


class FormerName(BaseModel):
    """A name borne until before `until`; None where the day is not known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = ""
    until: date | None = None


class Person(Record):
    """`former_names`: in the order of their days."""

    name: str = ""
    former_names: tuple[FormerName, ...] = ()

    def name_on(self, day: date) -> str:
        return next((f.name for f in self.former_names if f.until is not None and day < f.until), self.name)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *(former.name for former in self.former_names))


class LeaderSpan(Span):
    deputyship_id: str = ""


class Group(Record):
    """`leader_history` is None in copies of before, where nobody knows who leads."""

    number: int | None = None
    name: str | None = None
    station_id: str | None = None
    leader_deputyship_id: str | None = None
    leader_history: tuple[LeaderSpan, ...] | None = None
    dissolved_on: date | None = None

    @property
    def called(self) -> str:
        return self.name or f"第{self.number}组"

    def led_by(self, mandate: "Deputyship", day: date) -> bool:
        """Whether the deputy leads the group on a day; where the roster names no leader, whether he is a member."""
        if not mandate.serves(day):
            return False
        if self.leader_history:
            return any(span.deputyship_id == mandate.id and span.holds(day) for span in self.leader_history)
        if self.leader_deputyship_id is not None:
            return self.leader_deputyship_id == mandate.id
        return mandate.in_group(self.id, day)


class Station(Record):
    """`serves`: the names of the villages and constituencies it serves."""

    name: str = ""
    serves: tuple[str, ...] = ()


class RosterHead(Record):
    """Position in a town's roster stream: `id` is the town, `version` the sequence of the last event applied.

    `moved_at` is the time it was applied.
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
        """By the dated history; without one, by the current group."""
        if self.group_history:
            return any(span.group_id == group_id and span.holds(day) for span in self.group_history)
        return self.group_id == group_id

    def in_presidium(self, day: date) -> bool:
        """By the dated history; without one, by the current roles."""
        if self.role_history:
            return any(span.role in PRESIDIUM_ROLES and span.holds(day) for span in self.role_history)
        return not PRESIDIUM_ROLES.isdisjoint(self.roles)


def roster_hash(town: str, day: date, deputyships: Iterable[Deputyship]) -> str:
    """Hash of deputies, groups and roles on a day; equals the roster service's `roster_hash` (ADR 0018)."""
    deputies = [
        {
            "deputyship_id": deputyship.id,
            "person_id": deputyship.person_id,
            "level": deputyship.level,
            "status": "suspended" if deputyship.suspended(day) else "serving",
            "group_id": next((span.group_id for span in deputyship.group_history if span.holds(day)), None),
            "roles": sorted(span.role for span in deputyship.role_history if span.holds(day)),
        }
        for deputyship in sorted(deputyships, key=lambda deputyship: deputyship.id)
        if deputyship.in_office(day)
    ]
    content = {"town": town, "as_of": day.isoformat(), "deputies": deputies}
    return hashlib.sha256(canonical(content)).hexdigest()
