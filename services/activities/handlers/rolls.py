"""Queries of rolls: who is expected on a day, and attendance from a signed sheet."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.activities import repository
from services.activities.domain import congress
from services.activities.domain.attendance import (
    expected_at_session,
    expected_at_station,
    expected_in_groups,
    expected_in_presidium,
    expected_of_levels,
    once_each,
)
from services.activities.domain.marks import Marked, State, marked, read_marks
from services.activities.domain.roll import Gathering, Line, Roll
from services.activities.domain.roster import Deputyship
from services.activities.domain.signed import read_sheet
from services.activities.errors import ReferenceUnknown
from services.activities.handlers.references import check_deputyships, check_groups
from services.activities.names import Directory
from services.activities.repository import STATIONS
from services.activities.schemas import Invited, RegisterQuery, Resolved, RollQuery, SheetIn
from shared.errors import FieldError
from shared.storage.work import Work


async def roll_on(
    work: Work, gathering: Gathering, day: date, groups: Sequence[str], invited: Invited | None
) -> Roll:
    """The roll of a gathering. Errors: ReferenceUnknown for a missing or unknown group, station or deputyship."""
    directory = await repository.directory(work, ())
    town_level_only = gathering is Gathering.SESSION
    if gathering is Gathering.SESSION:
        expected = expected_at_session(directory.deputyships, day)
    elif gathering is Gathering.PRESIDIUM_MEETING:
        expected = expected_in_presidium(directory.deputyships, day)
    elif groups:
        await check_groups(work, groups)
        expected = expected_in_groups(directory.deputyships, groups, day)
    elif gathering is Gathering.GROUP_ACTIVITY and not (invited and invited.group_ids):
        message = "小组活动须写明是哪个小组"
        raise ReferenceUnknown(message, errors=[FieldError("group_id", message)])
    else:
        expected = await _invited(work, directory, invited or Invited(levels=("town",)), day)
    return directory.roll(expected, day, town_level_only=town_level_only)


async def _invited(work: Work, directory: Directory, invited: Invited, day: date) -> tuple[str, ...]:
    """Deputyships of those invited, one for each person: the town's where there is one."""
    everyone = directory.deputyships
    expected = set(expected_of_levels(everyone, invited.levels, day))
    await check_groups(work, invited.group_ids, "body.invited.group_ids")
    expected.update(expected_in_groups(everyone, invited.group_ids, day))
    for n, station_id in enumerate(invited.station_ids):
        (station,) = await work.require_all(STATIONS, [station_id], f"body.invited.station_ids.{n}")
        groups = [group.id for group in directory.groups.values() if group.station_id == station_id]
        expected.update(expected_at_station(everyone, groups, station.serves, day))
    named = ((f"invited.deputyship_ids.{n}", id) for n, id in enumerate(invited.deputyship_ids))
    await check_deputyships(work, named)
    expected.update(id for id in invited.deputyship_ids if _serving(everyone, id, day))
    return once_each(everyone, expected)


def _serving(deputyships: Sequence[Deputyship], id: str, day: date) -> bool:
    return any(mandate.id == id and mandate.serves(day) for mandate in deputyships)


async def resolve(work: Work, body: SheetIn) -> Resolved:
    """Attendance from a sheet, without writing: the client reviews it and sends it with the record."""
    roll = await roll_on(work, body.of, body.held_on, body.groups, body.invited)
    written = {"present": body.present, "on_leave": body.on_leave, "absent": body.absent}
    others_present = body.others == "present"
    attendance, doubts = read_sheet(roll, written, others_present=others_present)
    marks = read_marks(roll, body.marks, others_present=others_present)
    states = {mark.deputyship_id: mark.state for mark in body.marked} | marks.states
    guests = tuple(line for line in roll.guests if line.deputyship_id in states)
    attendance = marked(attendance, _recordable(states, roll))
    approval = {"approved_on": body.approved_on, "approved_by": body.approved_by}
    on_leave = tuple(leave.model_copy(update=approval) for leave in attendance.on_leave)
    attendance = attendance.model_copy(update={"on_leave": on_leave})
    named, doubts = set(attendance.ids), (*doubts, *marks.doubts)
    return Resolved(
        held_on=body.held_on,
        expected=len(roll.lines),
        roll=tuple(roll.lines),
        attendance=None if doubts else attendance,
        not_recorded=() if doubts else tuple(line for line in roll.lines if line.deputyship_id not in named),
        marked=tuple(Marked(deputyship_id=id, state=state) for id, state in states.items()),
        guests=guests,
        doubts=doubts,
        roster_sequence=await repository.roster_sequence(work),
        **await _needed(work, body.of, body.held_on),
    )


def _recordable(states: Mapping[str, State], roll: Roll) -> dict[str, State]:
    """Of those who may be named: who is on the roll, and guests."""
    known = {line.deputyship_id for line in (*roll.lines, *roll.guests)}
    return {id: state for id, state in states.items() if id in known}


async def _needed(work: Work, gathering: Gathering, day: date) -> dict[str, int]:
    """Of a session: all deputies, how many of them must be there, and how many agree."""
    if gathering is not Gathering.SESSION:
        return {}
    directory = await repository.directory(work, ())
    rules = await repository.rules(work, day)
    base = congress.base(directory.deputyships, day, suspended_in_base=rules.suspended_in_base)
    return {"base": base, "quorum": congress.quorum(base), "majority": congress.majority(base)}


async def sheet(work: Work, query: RollQuery) -> tuple[str, tuple[Line, ...]]:
    """The town's name and the roll."""
    town = await work.get(repository.TOWNS, work.town)
    roll = await roll_on(work, query.of, query.held_on, query.groups, query.invited)
    return town.name_on(query.held_on) if town else "", tuple(roll.lines)


async def register(work: Work, query: RegisterQuery) -> tuple[str, str]:
    """The names of the town and the station."""
    town = await work.get(repository.TOWNS, work.town)
    await work.require_all(STATIONS, [query.station_id], "query.station_id")
    station = await work.require(STATIONS, query.station_id)
    return town.name_on(query.held_on) if town else "", station.name
