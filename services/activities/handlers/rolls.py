"""The roll of a day: who is expected, and the sheet that was signed turned into attendance."""

from datetime import date

from services.activities import repository
from services.activities.domain.attendance import (
    expected_at_session,
    expected_in_group,
    expected_in_presidium,
)
from services.activities.domain.roll import Gathering, Line, marked, numbered
from services.activities.errors import ReferenceUnknown
from services.activities.handlers.references import check_group
from services.activities.schemas import Resolved, RollQuery, SheetIn
from shared.errors import FieldError
from shared.storage.work import Work


async def roll_of(work: Work, of: Gathering, day: date, group_id: str | None) -> tuple[Line, ...]:
    """Errors: ReferenceUnknown where a group is needed and none, or an unknown one, is named."""
    directory = await repository.directory(work, ())
    if of is Gathering.SESSION:
        expected = expected_at_session(directory.deputyships, day)
    elif of is Gathering.PRESIDIUM_MEETING:
        expected = expected_in_presidium(directory.deputyships, day)
    elif group_id is None:
        message = "小组活动须写明是哪个小组"
        raise ReferenceUnknown(message, errors=[FieldError("group_id", message)])
    else:
        await check_group(work, group_id)
        expected = expected_in_group(directory.deputyships, group_id, day)
    numbers = {group.id: group.number for group in directory.groups.values()}
    held = {one.id: one for one in directory.deputyships}
    return numbered(
        Line(
            number=0,
            deputyship_id=one.id,
            person_id=one.person_id or one.id,
            name=directory.people.get(one.person_id, one.id),
            constituency=one.constituency or "",
            group=next((number for id, number in numbers.items() if one.in_group(id, day)), None),
        )
        for one in (held[id] for id in expected)
    )


async def resolve(work: Work, body: SheetIn) -> Resolved:
    """Nothing is written: the clerk looks at the answer and sends the attendance with the record it belongs to."""
    roll = await roll_of(work, body.of, body.held_on, body.group_id)
    written = {"present": body.present, "on_leave": body.on_leave, "absent": body.absent}
    attendance, doubts = marked(roll, written, others_present=body.others == "present")
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
    return (town.name if town else None) or "", await roll_of(work, query.of, query.held_on, query.group_id)
