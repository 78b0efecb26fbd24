"""Rows of the sheet 活动. The office's own number of a row determines the record's id."""

from dataclasses import dataclass
from typing import Any, Final

from services.activities.domain.activities import Activity, ActivityState
from services.activities.domain.attendance import expected_in_groups
from services.activities.domain.reviews import UnitBallots
from services.activities.handlers import activities, duplicates
from services.activities.imports.lookups import find_activity
from services.activities.imports.rows import SHEET_OF_ATTENDANCE, Sheets, case_of
from services.activities.schemas import ActivityIn, DifferIn, ReasonIn
from services.activities.sheets.suggestions import CASE
from shared.chinese.characters import normalised
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem, row_id

ActivityPatch = patch_of(ActivityIn)


_APART: Final = ("reference", "group", "station", "void_reason", "units", "different_from")
FOLLOW_UP: Final = ("passed_on", "passed_to", "fed_back_on")
CASE_FIELDS: Final = tuple(column.field for column in CASE)


def _units(row: Row, before: Activity | None) -> dict[str, Any]:
    """Units with results, as in 镇卫生院：满意: the text after the last colon is the result. Recorded ballots stay, as
    they have rows of their own."""
    if not row.many("units"):
        return {}
    recorded = {unit.name: unit.model_dump() for unit in before.units} if before is not None else {}
    named = [line.replace(":", "：").rpartition("：") for line in row.many("units")]
    units = [(name or last, last if name else "") for name, _, last in named]
    written = [{**recorded.pop(normalised(n), {}), "name": n, "result": result} for n, result in units]
    return {
        "units": [*written, *(unit for unit in recorded.values() if unit.keys() & UnitBallots.model_fields)]
    }


def _follow_up(row: Row, before: Activity | None) -> dict[str, Any]:
    """Empty cells leave recorded values unchanged."""
    cells = {name: row[name] for name in FOLLOW_UP if row[name] is not None}
    recorded = before.follow_up.model_dump() if before is not None and before.follow_up is not None else {}
    return {"follow_up": {**recorded, **cells}} if cells else {}


@dataclass(frozen=True)
class ActivityRows:
    sheets: Sheets

    async def activity(self, work: Work, row: Row) -> Done:
        groups = self.sheets.group_ids(row)
        before = await find_activity(work, row["reference"])
        values = filled(row, *_APART, *FOLLOW_UP, *CASE_FIELDS, *SHEET_OF_ATTENDANCE)
        values |= _units(row, before) | _follow_up(row, before)
        values |= case_of(row, before.case if before else None)
        values |= self._attendance(row, before)
        for name, value in (("group_ids", groups), ("station_id", self.sheets.station_id(row))):
            if value:
                values[name] = value
        if before is None:
            after = await activities.hold_activity(
                work,
                checked(ActivityIn, values),
                given_id=row_id(work.town, "活动", row["reference"]),
                reference=row["reference"],
            )
        else:
            after = await activities.change_activity(work, before, checked(ActivityPatch, values))
        after = await self._differing(work, after, row)
        return done(before, await self._voided(work, after, row))

    async def _differing(self, work: Work, activity: Activity, row: Row) -> Activity:
        """Keep which earlier rows are other activities."""
        ids = []
        for reference in row.many("different_from"):
            other = await find_activity(work, reference)
            if other is None or other.id == activity.id:
                raise RowProblem("different_from", f"上面没有编号为“{reference}”的另一条活动")
            ids.append(other.id)
        if set(ids) <= set(activity.different_from):
            return activity
        return await duplicates.differ_activity(work, activity, DifferIn(others=ids))

    def _attendance(self, row: Row, before: Activity | None = None) -> dict[str, Any]:
        day, groups, directory = row["held_on"], self.sheets.group_ids(row), self.sheets.directory
        expected = expected_in_groups(directory.deputyships, groups, day)
        roll = directory.roll(expected, day, everybody=bool(groups))
        return self.sheets.attendance(row, roll, before=before)

    async def check(self, _: Work, row: Row) -> None:
        self._attendance(row)

    async def _voided(self, work: Work, activity: Activity, row: Row) -> Activity:
        if row["void_reason"] is None or activity.state is ActivityState.VOIDED:
            return activity
        return await activities.void_activity(
            work, activity, checked(ReasonIn, {"reason": row["void_reason"]})
        )
