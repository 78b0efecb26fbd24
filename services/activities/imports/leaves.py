"""Rows of the sheet 请假审批: all rows of one session, meeting or activity change its attendance together."""

from collections.abc import Sequence

from services.activities.domain.activities import Activity
from services.activities.domain.attendance import Attendance
from services.activities.domain.leave import APPROVAL, Leave
from services.activities.domain.meetings import Session
from services.activities.handlers import activities, meetings
from services.activities.imports.activities import ActivityPatch
from services.activities.imports.checks import no_record
from services.activities.imports.lookups import HeldRecord, find_record
from services.activities.imports.meetings import PresidiumMeetingPatch, SessionPatch
from services.activities.imports.rows import Sheets
from shared.endpoints.imports import done, filled
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem


async def leaves(sheets: Sheets, work: Work, rows: Sequence[Row]) -> Done:
    """Empty cells leave recorded values unchanged."""
    before = await find_record(work, rows[0]["held"])
    if before is None:
        raise no_record("held", rows[0])
    groups = before.groups if isinstance(before, Activity) else ()
    on_leave = {leave.deputyship_id: leave for leave in before.attendance.on_leave}
    had_approval = False
    for row in rows:
        deputyship_id = sheets.deputyship(row, "deputy", before.held_on, groups=groups)
        if deputyship_id is None or deputyship_id not in on_leave:
            raise RowProblem("deputy", f"{row['deputy']} 没有登记为请假", row)
        approval = {name: value for name, value in filled(row).items() if name in APPROVAL}
        had_approval = had_approval or any(getattr(on_leave[deputyship_id], name) for name in APPROVAL)
        leave = on_leave[deputyship_id] = Leave(**{**dict(on_leave[deputyship_id]), **approval})
        for field, message in leave.faults():
            raise RowProblem(field, message, row)
    sheet = before.attendance.model_copy(update={"on_leave": tuple(on_leave.values())})
    return done(before if had_approval else None, await _changed(work, before, sheet))


async def _changed(work: Work, before: HeldRecord, sheet: Attendance) -> HeldRecord:
    if isinstance(before, Session):
        return await meetings.change_session(work, before, SessionPatch(attendance=sheet))
    if isinstance(before, Activity):
        return await activities.change_activity(work, before, ActivityPatch(attendance=sheet))
    return await meetings.change_presidium_meeting(work, before, PresidiumMeetingPatch(attendance=sheet))
