"""Export of the roster as the office's workbook 名册, with the rows its import reads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from services.roster.domain.by_elections import ByElection
from services.roster.domain.deputyships import Deputyship, Membership, RoleTerm
from services.roster.domain.groups import Group
from services.roster.domain.people import Person
from services.roster.domain.places import Station
from services.roster.repository import (
    BY_ELECTIONS,
    CONSTITUENCIES,
    DEPUTYSHIPS,
    GROUPS,
    OFFICE_YEARS,
    PEOPLE,
    STATIONS,
    TERMS,
    TOWNS,
)
from services.roster.sheets import LEVELS
from shared.chinese import strokes
from shared.chinese.names import short_id, spaced, with_id
from shared.storage.work import Work
from shared.workbook import Rows

_LEVELS = tuple(LEVELS.values())


async def rows(work: Work) -> Rows:
    """Rows of each sheet; none of voided mandates. Contains phones and ID numbers in full: for the office only."""
    town = await work.require(TOWNS, work.town)
    stations = {station.id: station for station in await work.find(STATIONS)}
    groups = {group.id: group for group in await work.find(GROUPS)}
    people = {person.id: person for person in await work.find(PEOPLE) if person.merged_into is None}
    names = _printed_names(people)
    held = [mandate for mandate in await work.find(DEPUTYSHIPS) if mandate.status != "voided"]
    mandates = sorted(held, key=lambda deputyship: _place(deputyship, people))
    in_order = sorted(people.values(), key=lambda person: strokes.key(person.name))
    terms, years = await work.find(TERMS), await work.find(OFFICE_YEARS)
    elections = {election.id: election for election in await work.find(BY_ELECTIONS)}
    return {
        "镇情况": [{**town.model_dump(), "code": town.id}],
        "镇名沿革": [former.model_dump() for former in town.former_names],
        "活动阵地": [_station(station) for station in stations.values()],
        "选区": [constituency.model_dump() for constituency in await work.find(CONSTITUENCIES)],
        "届次": [term.model_dump() for term in sorted(terms, key=lambda term: term.congress_number)],
        "机构和经费": [year.model_dump() for year in sorted(years, key=lambda year: year.year)],
        "补选": [row for election in sorted(elections.values(), key=_by_day) for row in _votes(election)],
        "代表小组": [
            {**group.model_dump(), "station": stations[group.station_id].name if group.station_id else None}
            for group in sorted(groups.values(), key=lambda group: group.number)
        ],
        "人员": [
            {**person.model_dump(), "name": names[person.id], **_numbers(person, in_order[:n])}
            for n, person in enumerate(in_order)
        ],
        "代表资格": list(_deputyships(mandates, names, groups, elections)),
        "编组和任职": [row for mandate in mandates for row in _tenures(mandate, names, groups)],
    }


def _printed_names(people: dict[str, Person]) -> dict[str, str]:
    """Printed names by id, with a distinguishing mark where several people have the same name."""
    bearers = Counter(person.name for person in people.values())
    return {
        id: spaced(person.name) if bearers[person.name] == 1 else with_id(person.name, id)
        for id, person in people.items()
    }


def _numbers(person: Person, above: Sequence[Person]) -> dict[str, Any]:
    """Columns of the office's number, or the end of the id, of former names, and of who above is somebody else."""
    others = [other.reference or short_id(other.id) for other in above if other.id in person.different_from]
    former = [(name.name, name.until.isoformat() if name.until else None) for name in person.former_names]
    return {
        "reference": person.reference or short_id(person.id),
        "former_names": former,
        "different_from": others,
    }


def _station(station: Station) -> dict[str, Any]:
    day = station.reception_day
    return {**station.model_dump(), "reception_day": None if day is None else str(day)}


def _deputyships(
    deputyships: list[Deputyship],
    names: dict[str, str],
    groups: dict[str, Group],
    elections: dict[str, ByElection],
) -> Iterator[dict[str, Any]]:
    for deputyship in deputyships:
        group = groups[deputyship.group_id].number if deputyship.group_id else None
        columns = (
            _suspension(deputyship)
            | _resignation(deputyship)
            | {"elected_on": _elected_on(deputyship, elections)}
            | {"reference": deputyship.reference or short_id(deputyship.id)}
        )
        yield {**deputyship.model_dump(), "person": names[deputyship.person_id], "group": group, **columns}


def _place(deputyship: Deputyship, people: dict[str, Person]) -> tuple[Any, ...]:
    return (
        strokes.key(people[deputyship.person_id].name),
        _LEVELS.index(deputyship.level),
        deputyship.started_on,
    )


def _tenures(
    deputyship: Deputyship, names: dict[str, str], groups: dict[str, Group]
) -> Iterator[dict[str, Any]]:
    """Rows of groups and roles with their days, where the row of the mandate cannot express them."""
    tenures: list[Membership | RoleTerm] = [*deputyship.group_history, *deputyship.role_history]
    if deputyship.ended_on is None and all(
        (s.from_on, s.to_on) == (deputyship.started_on, None) for s in tenures
    ):
        return
    key = {
        "person": names[deputyship.person_id],
        "level": deputyship.level,
        "started_on": deputyship.started_on,
    }
    for tenure in tenures:
        if tenure.from_on != tenure.to_on:
            until = None if tenure.to_on == deputyship.ended_on else tenure.to_on
            holding = (
                {"role": tenure.role}
                if isinstance(tenure, RoleTerm)
                else {"group": groups[tenure.group_id].number}
            )
            yield {**key, **holding, "from_on": tenure.from_on, "to_on": until}


def _votes(election: ByElection) -> Iterator[dict[str, Any]]:
    """One row per candidate, or one row without a candidate."""
    whole = election.model_dump() | {"elected": None}
    if not election.candidates:
        yield whole
    for candidate in election.candidates:
        yield {
            **whole,
            "name": candidate.name,
            "votes": candidate.votes,
            "elected": candidate.name in election.elected,
        }


def _suspension(deputyship: Deputyship) -> dict[str, Any]:
    """Columns of the latest suspension; one closed by the end of the mandate was not resumed."""
    if not deputyship.suspensions:
        return {}
    latest = deputyship.suspensions[-1]
    resumed = [change.on for change in deputyship.changes if change.kind == "resumed"]
    return {
        "suspended_on": latest.from_on,
        "suspended_for": latest.reason,
        "resumed_on": latest.to_on if latest.to_on in resumed else None,
    }


def _resignation(deputyship: Deputyship) -> dict[str, Any]:
    """Columns of the latest resignation and its acceptance."""
    latest = deputyship.resignations[-1] if deputyship.resignations else None
    if latest is None:
        return {}
    accepted = latest.settled_on if latest.outcome == "accepted" else None
    return {
        "requested_on": latest.requested_on,
        "accepted_on": accepted,
        "accepted_by_session": latest.accepted_by_session,
    }


def _elected_on(deputyship: Deputyship, elections: dict[str, ByElection]) -> date | None:
    """Polling day of the by-election; None where the constituencies differ, so that an import cannot match it."""
    election = elections.get(deputyship.by_election_id or "")
    return election.held_on if election and election.constituency == deputyship.constituency else None


def _by_day(election: ByElection) -> tuple[date, str]:
    return election.held_on, election.constituency
