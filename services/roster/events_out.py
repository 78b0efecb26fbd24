"""Facts the roster publishes: its promise. No phone, no ID number, no birth date beyond the year."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from services.roster import domain as d


class Fact(BaseModel):
    id: str
    town: str
    version: int


class TownFact(Fact):
    name: str
    county_name: str | None
    city_name: str | None
    congress_number: int | None
    quota: int | None
    population: int | None
    rules: dict[str, Any]


class PersonFact(Fact):
    name: str
    gender: d.Gender | None
    born_year: int | None
    ethnicity: str | None
    party: str | None
    education: str | None
    occupation: str | None


class DeputyshipFact(Fact):
    person_id: str
    level: d.Level
    congress_number: int | None
    constituency: str | None
    started_on: date
    started_by: d.StartedBy
    status: d.Status
    group_id: str | None
    roles: list[d.Role]
    from_unit: str | None
    ended_on: date | None
    ended_reason: d.EndReason | None
    suspensions: list[d.Suspension]
    group_history: list[d.Membership]
    role_history: list[d.RoleTerm]


class GroupFact(Fact):
    number: int
    name: str | None
    level: d.GroupLevel
    leader_deputyship_id: str | None
    leader_history: list[d.Leadership]
    station_id: str | None
    rules: list[str]
    formed_on: date | None
    dissolved_on: date | None


class StationFact(Fact):
    name: str
    kind: d.StationKind
    address: str | None
    serves: list[str]
    opened_on: date | None
    closed_on: date | None
    reception_day: int | str | None


class ConstituencyFact(Fact):
    name: str
    seats: int | None
    voters: int | None
    villages: list[str]


class YearSealed(BaseModel):
    """How far the town's stream reached, and how many records of each noun there were then."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int]
    parked: int = 0
    """Events of others that this service could not apply and nobody has settled."""


PUBLISHED: dict[str, type[BaseModel]] = {
    "roster.town.registered.v1": TownFact,
    "roster.town.changed.v1": TownFact,
    "roster.person.registered.v1": PersonFact,
    "roster.person.changed.v1": PersonFact,
    "roster.deputyship.started.v1": DeputyshipFact,
    "roster.deputyship.changed.v1": DeputyshipFact,
    "roster.deputyship.ended.v1": DeputyshipFact,
    "roster.deputyship.suspended.v1": DeputyshipFact,
    "roster.deputyship.resumed.v1": DeputyshipFact,
    "roster.group.formed.v1": GroupFact,
    "roster.group.changed.v1": GroupFact,
    "roster.station.opened.v1": StationFact,
    "roster.station.changed.v1": StationFact,
    "roster.constituency.drawn.v1": ConstituencyFact,
    "roster.constituency.changed.v1": ConstituencyFact,
    "roster.year.sealed.v1": YearSealed,
}
