"""Rows of activities and of voters' opinions. The clerk's own number of a row makes the record's id."""

from dataclasses import dataclass
from typing import Any, Final

from services.activities.domain.activities import Activity, ActivityState
from services.activities.domain.attendance import expected_in_group
from services.activities.handlers import activities
from services.activities.imports.called import activity_called
from services.activities.imports.rows import SHEET_OF_ATTENDANCE, Sheets
from services.activities.schemas import ActivityIn, OpinionIn, ReasonIn
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, row_id

ActivityPatch = patch_of(ActivityIn)
OpinionPatch = patch_of(OpinionIn)


FOLLOW_UP: Final = ("passed_on", "passed_to", "fed_back_on")


def _units(row: Row) -> dict[str, Any]:
    """镇卫生院：满意 – what stands after the last colon is the result."""
    if not row.many("units"):
        return {}
    named = [line.replace(":", "：").rpartition("：") for line in row.many("units")]
    return {"units": [{"name": name or last, "result": last if name else ""} for name, _, last in named]}


def _follow_up(row: Row, before: Activity | None) -> dict[str, Any]:
    """An empty cell leaves what is recorded."""
    cells = {name: row[name] for name in FOLLOW_UP if row[name] is not None}
    recorded = before.follow_up.model_dump() if before is not None and before.follow_up is not None else {}
    return {"follow_up": {**recorded, **cells}} if cells else {}


@dataclass(frozen=True)
class ActivityRows:
    sheets: Sheets

    async def activity(self, work: Work, row: Row) -> Done:
        day, group_id = row["held_on"], self.sheets.group_id(row)
        everyone = None
        if group_id is not None:
            everyone = expected_in_group(self.sheets.directory.deputyships, group_id, day)
        before = await activity_called(work, row["reference"])
        given = filled(
            row, "reference", "group", "station", "void_reason", "units", *FOLLOW_UP, *SHEET_OF_ATTENDANCE
        )
        given |= _units(row) | _follow_up(row, before)
        given |= self.sheets.attendance(row, day, everyone=everyone, group_id=group_id, before=before)
        for name, found in (("group_id", group_id), ("station_id", self.sheets.station_id(row))):
            if found is not None:
                given[name] = found
        if before is None:
            after = await activities.hold_activity(
                work,
                checked(ActivityIn, given),
                given_id=row_id(work.town, "活动", row["reference"]),
                reference=row["reference"],
            )
        else:
            after = await activities.change_activity(work, before, checked(ActivityPatch, given))
        return done(before, await self._voided(work, after, row))

    async def _voided(self, work: Work, activity: Activity, row: Row) -> Activity:
        if row["void_reason"] is None or activity.state is ActivityState.VOIDED:
            return activity
        return await activities.void_activity(
            work, activity, checked(ReasonIn, {"reason": row["void_reason"]})
        )
