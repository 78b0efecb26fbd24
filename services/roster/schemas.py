"""What the roster takes and gives over HTTP. Required is only what identifies a record and dates it."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.roster import domain as d
from services.roster.domain import Person

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]
CongressNumber = Annotated[int, Field(ge=1, le=200)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TownIn(In):
    name: Name
    county_name: Text | None = None
    city_name: Text | None = None
    congress_number: CongressNumber | None = None
    quota: Annotated[int, Field(ge=0, le=1000)] | None = None
    population: Count | None = None
    rules: dict[str, Any] = {}


class PersonIn(In):
    name: Name
    gender: d.Gender | None = None
    born_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    ethnicity: Text | None = None
    party: Text | None = None
    education: Text | None = None
    occupation: Text | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+\- ]{5,20}$")] | None = None
    id_number: Annotated[str, StringConstraints(pattern=r"^\d{17}[\dXx]$")] | None = None


class DeputyshipIn(In):
    """`status` other than serving is for entering what already happened: `ended` with its day and reason."""

    person_id: str
    level: d.Level
    congress_number: CongressNumber | None = None
    constituency: Text | None = None
    started_on: date
    started_by: d.StartedBy = "election"
    status: d.Status = "serving"
    group_id: str | None = None
    roles: list[d.Role] = []
    from_unit: Text | None = None
    ended_on: date | None = None
    ended_reason: d.EndReason | None = None

    @model_validator(mode="after")
    def consistent(self) -> "DeputyshipIn":
        if (self.status == "ended") != (self.ended_on is not None and self.ended_reason is not None):
            raise ValueError("已终止的代表资格须填终止日期 ended_on 和原因 ended_reason，未终止的不填")
        if self.ended_on is not None and self.ended_on < self.started_on:
            raise ValueError("终止日期早于任职开始日期")
        if self.status == "suspended":
            raise ValueError("暂停请在登记之后用 :suspend 办理，须写明日期和原因")
        return self


class DeputyshipPatch(In):
    """What may be put right or changed; `on` dates a change of group or roles (today when left out)."""

    congress_number: CongressNumber | None = None
    constituency: Text | None = None
    started_on: date | None = None
    started_by: d.StartedBy | None = None
    group_id: str | None = None
    roles: list[d.Role] | None = None
    from_unit: Text | None = None
    on: date | None = None


class EndIn(In):
    reason: d.EndReason
    on: date


class SuspendIn(In):
    reason: d.SuspensionReason
    on: date


class ResumeIn(In):
    on: date


class GroupIn(In):
    number: Annotated[int, Field(ge=1, le=1000)]
    name: Name | None = None
    level: d.GroupLevel = "town"
    leader_deputyship_id: str | None = None
    station_id: str | None = None
    rules: list[Name] = []
    formed_on: date | None = None
    dissolved_on: date | None = None


class GroupPatch(In):
    number: Annotated[int, Field(ge=1, le=1000)] | None = None
    name: Name | None = None
    level: d.GroupLevel | None = None
    leader_deputyship_id: str | None = None
    station_id: str | None = None
    rules: list[Name] | None = None
    formed_on: date | None = None
    dissolved_on: date | None = None
    on: date | None = None


class StationIn(In):
    name: Name
    kind: d.StationKind = "activity_room"
    address: Text | None = None
    serves: list[Name] = []
    opened_on: date | None = None
    closed_on: date | None = None
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
