"""The roster as the office's workbook 名册: the rows its import would read, in the order people expect."""

from collections import Counter
from collections.abc import Iterator
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
from shared.chinese.names import laid_out, marked
from shared.storage.work import Work
from shared.workbook import Rows

_LEVELS = tuple(LEVELS.values())


async def rows(work: Work) -> Rows:
    """Sheet by sheet; phones and ID numbers in full, so for the office alone."""
    town = await work.require(TOWNS, work.town)
    stations = {one.id: one for one in await work.find(STATIONS)}
    groups = {one.id: one for one in await work.find(GROUPS)}
    people = {one.id: one for one in await work.find(PEOPLE) if one.merged_into is None}
    called = _called(people)
    mandates = sorted(await work.find(DEPUTYSHIPS), key=lambda one: _place(one, people))
    terms, years = await work.find(TERMS), await work.find(OFFICE_YEARS)
    elections = {one.id: one for one in await work.find(BY_ELECTIONS)}
    return {
        "镇情况": [{**town.model_dump(), "code": town.id}],
        "活动阵地": [_station(one) for one in stations.values()],
        "选区": [one.model_dump() for one in await work.find(CONSTITUENCIES)],
        "届次": [one.model_dump() for one in sorted(terms, key=lambda term: term.congress_number)],
        "机构和经费": [one.model_dump() for one in sorted(years, key=lambda one: one.year)],
        "补选": [row for one in sorted(elections.values(), key=_by_day) for row in _votes(one)],
        "代表小组": [
            {**one.model_dump(), "station": stations[one.station_id].name if one.station_id else None}
            for one in sorted(groups.values(), key=lambda group: group.number)
        ],
        "人员": [
            {**one.model_dump(), "name": called[one.id]}
            for one in sorted(people.values(), key=lambda person: strokes.key(person.name))
        ],
        "代表资格": list(_deputyships(mandates, called, groups, elections)),
        "编组和任职": [row for one in mandates for row in _held(one, called, groups)],
    }


def _called(people: dict[str, Person]) -> dict[str, str]:
    """By id: the name in print, with a mark where several bear it."""
    bearers = Counter(one.name for one in people.values())
    return {
        id: laid_out(one.name) if bearers[one.name] == 1 else marked(one.name, id)
        for id, one in people.items()
    }


def _station(station: Station) -> dict[str, Any]:
    day = station.reception_day
    return {**station.model_dump(), "reception_day": None if day is None else str(day)}


def _deputyships(
    held: list[Deputyship],
    called: dict[str, str],
    groups: dict[str, Group],
    elections: dict[str, ByElection],
) -> Iterator[dict[str, Any]]:
    for one in held:
        group = groups[one.group_id].number if one.group_id else None
        told = _paused(one) | _parting(one) | {"elected_on": _elected_on(one, elections)}
        yield {**one.model_dump(), "person": called[one.person_id], "group": group, **told}


def _place(one: Deputyship, people: dict[str, Person]) -> tuple[Any, ...]:
    return strokes.key(people[one.person_id].name), _LEVELS.index(one.level), one.started_on


def _held(one: Deputyship, called: dict[str, str], groups: dict[str, Group]) -> Iterator[dict[str, Any]]:
    """Groups and roles with their days, where the row of the mandate does not say it all."""
    spells: list[Membership | RoleTerm] = [*one.group_history, *one.role_history]
    if one.ended_on is None and all((s.from_on, s.to_on) == (one.started_on, None) for s in spells):
        return
    key = {"person": called[one.person_id], "level": one.level, "started_on": one.started_on}
    for spell in spells:
        if spell.from_on != spell.to_on:
            until = None if spell.to_on == one.ended_on else spell.to_on
            what = (
                {"role": spell.role}
                if isinstance(spell, RoleTerm)
                else {"group": groups[spell.group_id].number}
            )
            yield {**key, **what, "from_on": spell.from_on, "to_on": until}


def _votes(election: ByElection) -> Iterator[dict[str, Any]]:
    """A row a candidate, or one row where there is none."""
    whole = election.model_dump() | {"elected": None}
    if not election.candidates:
        yield whole
    for one in election.candidates:
        yield {**whole, "name": one.name, "votes": one.votes, "elected": one.name in election.elected}


def _paused(deputyship: Deputyship) -> dict[str, Any]:
    """The latest suspension; one that the end of the mandate closed was not resumed."""
    if not deputyship.suspensions:
        return {}
    latest = deputyship.suspensions[-1]
    resumed = [change.on for change in deputyship.changes if change.kind == "resumed"]
    return {
        "suspended_on": latest.from_on,
        "suspended_for": latest.reason,
        "resumed_on": latest.to_on if latest.to_on in resumed else None,
    }


def _parting(deputyship: Deputyship) -> dict[str, Any]:
    """The latest request to resign and what the congress did with it."""
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
    """A vote is found again by its constituency and day; where the mandate names another, the cell stays empty."""
    election = elections.get(deputyship.by_election_id or "")
    return election.held_on if election and election.constituency == deputyship.constituency else None


def _by_day(election: ByElection) -> tuple[date, str]:
    return election.held_on, election.constituency
