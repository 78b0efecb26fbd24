"""Facts of roster: towns and rule packs, people, mandates, groups, stations, terms."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from pydantic import Field, ValidationError, field_validator

from services.reports.events_in.tolerant import Foreign, Span, Tolerant, Voidable

SCOPES: Final = ("national", "province", "county", "town")


class GroupSpan(Span):
    group_id: str | None = None


class RoleSpan(Span):
    role: str = ""


STRICT: Final = {"strict": True}
"""Validation context in which an invalid value is an error."""


class RulePack(Tolerant):
    """Rules of a pack that reports uses; a missing or malformed one has its default.

    `*_session_by`: last day in the year, `MM-DD`; empty: none.
    """

    presidium_meetings_per_quarter: int = 1
    group_activities_per_year: int = 4
    suspended_in_base: bool = False
    duty_report_meetings_per_year: int = 1
    receptions_per_station: int = 0
    inquiries_per_year: int = 0
    reception_notice_days: int = 0
    feedback_months: int = Field(3, ge=0, le=60)
    session_notice_days: int = 0
    session_papers_days: int = 0
    first_session_by: str = ""
    second_session_by: str = ""
    voter_contacts_per_deputy: int = 0
    leave_approver: tuple[str, ...] = ()
    outline: str = "A"
    closing_on: str = ""

    @field_validator("leave_approver", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("*", mode="wrap")
    @classmethod
    def _garbled_means_default(cls, value: Any, handler: Any, info: Any) -> Any:
        try:
            return handler(value)
        except ValueError:
            if info.context is STRICT:
                raise
            return cls.model_fields[info.field_name].default

    @classmethod
    def fitting(cls, rules: Mapping[str, Any]) -> dict[str, Any]:
        """The values that fit their rules; where one does not, that of a wider or earlier pack holds."""
        return {name: value for name, value in rules.items() if cls._fits(name, value)}

    @classmethod
    def _fits(cls, name: str, value: Any) -> bool:
        if value is None or name not in cls.model_fields:
            return False
        try:
            cls.model_validate({name: value}, context=STRICT)
        except ValidationError:
            return False
        return True


class DatedPack(Tolerant):
    """A rule pack with its first and last day of effect, both included."""

    id: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    scope: str = "town"
    rules: dict[str, Any] = {}
    pushed_by: str = ""

    def holds(self, day: date) -> bool:
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    @property
    def breadth(self) -> int:
        """Sort key from wide to narrow scope; an unknown scope counts as that of the town."""
        return SCOPES.index(self.scope) if self.scope in SCOPES else len(SCOPES)


class FormerTownName(Tolerant):
    """Names until before `until`."""

    until: date = date.min
    name: str = ""
    county_name: str = ""
    city_name: str = ""


class Ruled(Tolerant):
    """A town's own rules, and the packs that hold for it."""

    rules: dict[str, Any] = {}
    rule_packs: tuple[DatedPack, ...] = ()

    def texts(self, rule: str) -> set[str]:
        """What is said of a rule, whenever it holds."""
        said = (rules.get(rule) for rules in (self.rules, *(pack.rules for pack in self.rule_packs)))
        return {str(text) for text in said if text}

    def days_named(self, rule: str, year: int) -> list[date]:
        """Days named by a rule (`MM-DD`) in a year, each by the packs in force on it."""
        return [
            day
            for day in _days(year, self.texts(rule))
            if getattr(self.rules_on(day), rule) == f"{day:%m-%d}"
        ]

    def rules_on(self, day: date) -> RulePack:
        """Rules in force on a day: the narrower scope wins, of one scope the later pack."""
        order = sorted(
            (pack for pack in self.rule_packs if pack.holds(day)),
            key=lambda pack: (pack.breadth, pack.effective_from or date.min, pack.pushed_by, pack.id),
        )
        packs = [pack.rules for pack in order if pack.breadth < SCOPES.index("town")]
        packs += [self.rules, *(pack.rules for pack in order if pack.breadth >= SCOPES.index("town"))]
        return RulePack.model_validate(
            {name: value for pack in packs for name, value in RulePack.fitting(pack).items()}
        )


class Town(Foreign, Ruled):
    """`former_names`: in the order of their days."""

    name: str = ""
    county_name: str = ""
    city_name: str = ""
    former_names: tuple[FormerTownName, ...] = ()
    abolished_on: date | None = None
    successor_codes: tuple[str, ...] = ()
    predecessor_codes: tuple[str, ...] = ()
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    public: bool = False

    def on(self, day: date) -> "Town":
        """With the names of a day."""
        former = next((former for former in self.former_names if day < former.until), None)
        return self.model_copy(update=former.model_dump(exclude={"until"})) if former else self


def _days(year: int, texts: Iterable[str]) -> Iterator[date]:
    """Days of a year by `MM-DD`; other texts are left out."""
    for text in sorted(texts):
        with suppress(ValueError):
            yield date.fromisoformat(f"{year}-{text}")


class FormerName(Tolerant):
    """A name borne until before `until`."""

    name: str = ""
    until: date | None = None


class Person(Foreign):
    """`former_names`: in the order of their days."""

    name: str = ""
    gender: str = ""
    born_year: int | None = None
    ethnicity: str = ""
    party: str = ""
    education: str = ""
    occupation: str = ""
    merged_into: str = ""
    former_names: tuple[FormerName, ...] = ()
    different_from: tuple[str, ...] = ()

    def name_on(self, day: date) -> str:
        return next((f.name for f in self.former_names if f.until is not None and day < f.until), self.name)


class Resignation(Tolerant):
    requested_on: date | None = None
    outcome: str = "pending"
    settled_on: date | None = None


class Deputyship(Voidable):
    person_id: str = ""
    level: str = "town"
    congress_number: int | None = None
    constituency: str = ""
    started_on: date | None = None
    started_by: str = "election"
    group_id: str | None = None
    roles: tuple[str, ...] = ()
    from_unit: str = ""
    ended_on: date | None = None
    ended_reason: str = ""
    status: str = "serving"
    suspensions: tuple[Span, ...] = ()
    group_history: tuple[GroupSpan, ...] = ()
    role_history: tuple[RoleSpan, ...] = ()
    by_election_id: str | None = None
    resignations: tuple[Resignation, ...] = ()

    @property
    def voided(self) -> bool:
        return self.status == "voided"


class Term(Foreign):
    congress_number: int | None = None
    started_on: date | None = None
    ended_on: date | None = None
    quota: int | None = None
    population: int | None = None


class LeaderSpan(Span):
    deputyship_id: str = ""


class Group(Foreign):
    number: int | None = None
    name: str = ""
    level: str = "town"
    leader_deputyship_id: str | None = None
    leader_history: tuple[LeaderSpan, ...] = ()
    station_id: str | None = None
    rules: tuple[str, ...] = ()
    formed_on: date | None = None
    dissolved_on: date | None = None


class Station(Foreign):
    name: str = ""
    kind: str = ""
    address: str = ""
    serves: tuple[str, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    reception_day: int | str | None = None


class Constituency(Foreign):
    name: str = ""
    seats: int | None = None


class Task(Foreign):
    """A task of the committee on deputies' credentials."""

    kind: str = ""
    deputyship_id: str = ""
    opened_on: date | None = None
    state: str = "open"
    outcome: str = ""
    settled_on: date | None = None


class ByElection(Foreign):
    constituency: str = ""
    held_on: date | None = None
    seats: int | None = None
    voters: int | None = None
    votes_cast: int | None = None
    elected: tuple[str, ...] = ()


class Office(Foreign):
    year: int | None = None
    staff: int | None = None
    full_time_staff: int | None = None
    funds_budgeted: int | None = None
    funds_spent: int | None = None
