"""What the roster takes and gives over HTTP. Required is only what identifies a record and dates it."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.roster import domain as d
from services.roster.domain import Person
from shared.days import Day
from shared.http import omitted

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
CongressNumber = Annotated[int, Field(ge=1, le=200)]
GroupNumber = Annotated[int, Field(ge=1, le=1000)]
RULES_DEPTH = 10
"""MongoDB nests no deeper than 100; a rule pack needs three."""


def _shallow(rules: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [rules]
    for _ in range(RULES_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
    if level:
        raise ValueError(f"嵌套不能超过 {RULES_DEPTH} 层")
    return rules


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _once(roles: list[d.Role]) -> list[d.Role]:
    if len(set(roles)) < len(roles):
        raise ValueError("同一职务写了两次")
    return roles


Rules = Annotated[dict[str, Any], AfterValidator(_shallow)]
Roles = Annotated[list[d.Role], AfterValidator(_once)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TownIn(In):
    name: Name
    county_name: Text | None = None
    city_name: Text | None = None
    congress_number: CongressNumber | None = None
    quota: Annotated[int, Field(ge=0, le=1000)] | None = None
    population: Count | None = None
    rules: Rules = {}


class PersonIn(In):
    name: Name
    gender: d.Gender | None = None
    born_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    ethnicity: Text | None = None
    party: Text | None = None
    education: Text | None = None
    occupation: Text | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+\- ]{5,20}$")] | None = None
    id_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{17}[0-9Xx]$")] | None = None


class DeputyshipIn(In):
    """`status` other than serving is for entering what already happened: `ended` with its day and reason."""

    person_id: Id
    level: d.Level
    congress_number: CongressNumber | None = None
    constituency: Text | None = None
    started_on: Day
    started_by: d.StartedBy = "election"
    status: d.Status = "serving"
    group_id: Id | None = None
    roles: Roles = []
    from_unit: Text | None = None
    ended_on: Day | None = None
    ended_reason: d.EndReason | None = None


class DeputyshipPatch(In):
    """What may be put right or changed; `on` dates a change of group or roles (today when left out)."""

    congress_number: CongressNumber | None = None
    constituency: Text | None = None
    started_on: Day = omitted()
    started_by: d.StartedBy = omitted()
    group_id: Id | None = None
    roles: Roles = omitted()
    from_unit: Text | None = None
    on: Day | None = None


class EndIn(In):
    reason: d.EndReason
    on: Day


class SuspendIn(In):
    reason: d.SuspensionReason
    on: Day


class ResumeIn(In):
    on: Day


class GroupIn(In):
    number: GroupNumber
    name: Name | None = None
    level: d.GroupLevel = "town"
    leader_deputyship_id: Id | None = None
    station_id: Id | None = None
    rules: list[Name] = []
    formed_on: Day | None = None
    dissolved_on: Day | None = None


class GroupPatch(In):
    number: GroupNumber = omitted()
    name: Name | None = None
    level: d.GroupLevel = omitted()
    leader_deputyship_id: Id | None = None
    station_id: Id | None = None
    rules: list[Name] = omitted()
    formed_on: Day | None = None
    dissolved_on: Day | None = None
    on: Day | None = None


class StationIn(In):
    name: Name
    kind: d.StationKind = "activity_room"
    address: Text | None = None
    serves: list[Name] = []
    opened_on: Day | None = None
    closed_on: Day | None = None
    reception_day: DayOfMonth | Text | None = None


class ConstituencyIn(In):
    name: Name
    seats: Annotated[int, Field(ge=0, le=100)] | None = None
    voters: Count | None = None
    villages: list[Name] = []


class TownOut(TownIn):
    id: str
    version: int
    model_config = ConfigDict(extra="ignore")


class AsOf(In):
    as_of: date | None = None


class DeputyRow(BaseModel):
    """One deputyship that was not over on the day asked for."""

    deputyship_id: str
    person_id: str
    name: str
    gender: d.Gender | None
    level: d.Level
    status: d.Status
    constituency: str | None
    group_id: str | None
    roles: list[d.Role]


class RosterOn(BaseModel):
    """The roster of a day in stroke order; `hash` is the SHA-256 of the RFC 8785 form of {town, as_of, items}."""

    town: str
    as_of: date
    items: list[DeputyRow]
    hash: str


def masked(person: Person) -> Person:
    """The person as those see him who have no business with his phone and ID number."""
    hidden = {"phone": _mask(person.phone, 3, 4), "id_number": _mask(person.id_number, 6, 4)}
    return person.model_copy(update=hidden)


def _mask(value: str | None, head: int, tail: int) -> str | None:
    if value is None:
        return None
    hidden = max(len(value) - head - tail, 0)
    return value[:head] + "*" * hidden + value[-tail:] if hidden else "*" * len(value)
