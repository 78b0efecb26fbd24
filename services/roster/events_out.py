"""Payloads of the events the roster publishes. No phone, no ID number, no birth date beyond the year."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from services.roster.domain.by_elections import Candidate
from services.roster.domain.changes import Change
from services.roster.domain.deputyships import (
    EndReason,
    Level,
    Membership,
    Resignation,
    Role,
    RoleTerm,
    StartedBy,
    Status,
    Suspension,
)
from services.roster.domain.groups import GroupLevel, Leadership
from services.roster.domain.people import FormerName, Gender
from services.roster.domain.places import StationKind
from services.roster.domain.rule_packs import RulePack
from services.roster.domain.tasks import Outcome, TaskKind, TaskState
from services.roster.domain.towns import FormerTownName


class RosterFact(BaseModel):
    id: str
    town: str
    version: int


class TownFact(RosterFact):
    name: str
    county_name: str | None
    city_name: str | None
    congress_number: int | None
    quota: int | None
    population: int | None
    rules: dict[str, Any]
    rule_packs: list[RulePack]
    former_names: list[FormerTownName] = []
    abolished_on: date | None = None
    successor_codes: list[str] = []
    predecessor_codes: list[str] = []
    public: bool = Field(default=False, exclude_if=lambda public: not public)


class PersonFact(RosterFact):
    name: str
    gender: Gender | None
    born_year: int | None
    ethnicity: str | None
    party: str | None
    education: str | None
    occupation: str | None
    merged_into: str | None
    former_names: list[FormerName] = []
    different_from: list[str] = []


class DeputyshipFact(RosterFact):
    person_id: str
    level: Level
    congress_number: int | None
    constituency: str | None
    started_on: date
    started_by: StartedBy
    status: Status
    group_id: str | None
    roles: list[Role]
    from_unit: str | None
    by_election_id: str | None
    ended_on: date | None
    ended_reason: EndReason | None
    suspensions: list[Suspension]
    group_history: list[Membership]
    role_history: list[RoleTerm]
    void_reason: str | None = None
    resignations: list[Resignation]
    changes: list[Change]


class TermFact(RosterFact):
    congress_number: int
    started_on: date
    ended_on: date | None
    quota: int | None
    population: int | None


class GroupFact(RosterFact):
    number: int
    name: str | None
    level: GroupLevel
    leader_deputyship_id: str | None
    leader_history: list[Leadership]
    station_id: str | None
    rules: list[str]
    formed_on: date | None
    dissolved_on: date | None


class StationFact(RosterFact):
    name: str
    kind: StationKind
    address: str | None
    serves: list[str]
    rules: list[str]
    opened_on: date | None
    closed_on: date | None
    reception_day: int | str | None


class ConstituencyFact(RosterFact):
    name: str
    seats: int | None
    voters: int | None
    villages: list[str]


class TaskFact(RosterFact):
    kind: TaskKind
    deputyship_id: str
    opened_on: date
    basis: str | None
    records: list[str]
    state: TaskState
    outcome: Outcome | None
    settled_on: date | None


class ByElectionFact(RosterFact):
    constituency: str
    held_on: date
    congress_number: int | None
    seats: int | None
    voters: int | None
    votes_cast: int | None
    candidates: list[Candidate]
    elected: list[str]
    rerun: bool


class OfficeFact(RosterFact):
    year: int
    staff: int | None
    full_time_staff: int | None
    funds_budgeted: int | None
    funds_spent: int | None


class ParkedEvent(BaseModel):
    """One dead letter of this service; `reason` contains no values."""

    source: str
    sequence: int
    type: str
    reason: str


class YearSealed(BaseModel):
    """Seal of a closing: head of the town's stream, and number of records per noun."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int]
    parked: int = 0
    """Number of dead letters that are not settled."""
    parked_events: list[ParkedEvent] = []
    """The first fifty of them."""
    manifest: str = ""
    """Format of the manifest that summaries of this closing carry; empty where they have none."""


class PersonalDataRead(BaseModel):
    """Which fields of which records were read, never a value; the actor of the event read them."""

    id: str
    town: str
    version: int
    records: list[str]
    fields: list[str]


PUBLISHED: dict[str, type[BaseModel]] = {
    "roster.town.registered.v1": TownFact,
    "roster.town.changed.v1": TownFact,
    "roster.person.registered.v1": PersonFact,
    "roster.person.changed.v1": PersonFact,
    "roster.person.merged.v1": PersonFact,
    "roster.person.erased.v1": PersonFact,
    "roster.deputyship.started.v1": DeputyshipFact,
    "roster.deputyship.changed.v1": DeputyshipFact,
    "roster.deputyship.ended.v1": DeputyshipFact,
    "roster.deputyship.suspended.v1": DeputyshipFact,
    "roster.deputyship.resumed.v1": DeputyshipFact,
    "roster.deputyship.voided.v1": DeputyshipFact,
    "roster.group.formed.v1": GroupFact,
    "roster.group.changed.v1": GroupFact,
    "roster.station.opened.v1": StationFact,
    "roster.station.changed.v1": StationFact,
    "roster.constituency.drawn.v1": ConstituencyFact,
    "roster.constituency.changed.v1": ConstituencyFact,
    "roster.term.opened.v1": TermFact,
    "roster.term.changed.v1": TermFact,
    "roster.task.opened.v1": TaskFact,
    "roster.task.changed.v1": TaskFact,
    "roster.task.settled.v1": TaskFact,
    "roster.by_election.held.v1": ByElectionFact,
    "roster.by_election.changed.v1": ByElectionFact,
    "roster.office.recorded.v1": OfficeFact,
    "roster.office.changed.v1": OfficeFact,
    "roster.year.sealed.v1": YearSealed,
    "roster.personal_data.read.v1": PersonalDataRead,
}
