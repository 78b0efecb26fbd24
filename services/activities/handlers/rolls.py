"""Queries of rolls: who is expected on a day, and attendance from a signed sheet."""

from datetime import date

from services.activities import repository
from services.activities.domain.attendance import (
    expected_at_session,
    expected_in_group,
    expected_in_presidium,
)
from services.activities.domain.roll import Gathering, Line, numbered, read_sheet
from services.activities.errors import ReferenceUnknown
from services.activities.handlers.references import check_group
from services.activities.schemas import Resolved, RollQuery, SheetIn
from shared.errors import FieldError
from shared.storage.work import Work


async def roll_on(work: Work, gathering: Gathering, day: date, group_id: str | None) -> tuple[Line, ...]:
    """The roll of a gathering. Errors: ReferenceUnknown for a missing or unknown group."""
    directory = await repository.directory(work, ())
    if gathering is Gathering.SESSION:
        expected = expected_at_session(directory.deputyships, day)
    elif gathering is Gathering.PRESIDIUM_MEETING:
        expected = expected_in_presidium(directory.deputyships, day)
    elif group_id is None:
        message = "小组活动须写明是哪个小组"
        raise ReferenceUnknown(message, errors=[FieldError("group_id", message)])
    else:
        await check_group(work, group_id)
        expected = expected_in_group(directory.deputyships, group_id, day)
    numbers = {group.id: group.number for group in directory.groups.values()}
    deputyships = {deputyship.id: deputyship for deputyship in directory.deputyships}
    return numbered(
        Line(
            number=0,
            deputyship_id=deputyship.id,
            person_id=deputyship.person_id or deputyship.id,
            name=directory.people.get(deputyship.person_id, deputyship.id),
            constituency=deputyship.constituency or "",
            group=next((number for id, number in numbers.items() if deputyship.in_group(id, day)), None),
        )
        for deputyship in (deputyships[id] for id in expected)
    )


async def resolve(work: Work, body: SheetIn) -> Resolved:
    """Attendance from a sheet, without writing: the client reviews it and sends it with the record."""
    roll = await roll_on(work, body.of, body.held_on, body.group_id)
    written = {"present": body.present, "on_leave": body.on_leave, "absent": body.absent}
    attendance, doubts = read_sheet(roll, written, others_present=body.others == "present")
    approval = {"approved_on": body.approved_on, "approved_by": body.approved_by}
    on_leave = tuple(leave.model_copy(update=approval) for leave in attendance.on_leave)
    attendance = attendance.model_copy(update={"on_leave": on_leave})
    named = set(attendance.ids)
    return Resolved(
        held_on=body.held_on,
        expected=len(roll),
        attendance=None if doubts else attendance,
        not_recorded=() if doubts else tuple(line for line in roll if line.deputyship_id not in named),
        doubts=doubts,
        roster_sequence=await repository.roster_sequence(work),
    )


async def sheet(work: Work, query: RollQuery) -> tuple[str, tuple[Line, ...]]:
    """The town's name and the roll."""
    town = await work.get(repository.TOWNS, work.town)
    return (town.name if town else None) or "", await roll_on(work, query.of, query.held_on, query.group_id)
