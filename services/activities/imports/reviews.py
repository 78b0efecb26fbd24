"""Rows of the sheets 评议票数 and 专题询问: all rows of one activity change its units or its questions together."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.activities.domain.activities import Activity, ReviewedUnit
from services.activities.domain.questions import Question
from services.activities.handlers import activities
from services.activities.imports.activities import ActivityPatch
from services.activities.imports.lookups import find_activity
from services.activities.imports.rows import Sheets
from shared.chinese.characters import normalised
from shared.endpoints.imports import checked, done, filled
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem


async def reviews(work: Work, rows: Sequence[Row]) -> Done:
    """Empty cells leave recorded values unchanged; units without a row stay."""
    before = await _activity(work, rows[0])
    units = {unit.name: unit for unit in before.units}
    had_ballots = any(unit.returned is not None for unit in before.units)
    for row in rows:
        name = normalised(row["name"])
        known: Mapping[str, Any] = units[name].model_dump() if name in units else {}
        units[name] = checked(ReviewedUnit, {**known, **filled(row, "reference"), "name": name})
    patch = checked(ActivityPatch, {"units": tuple(units.values())})
    return done(before if had_ballots else None, await activities.change_activity(work, before, patch))


async def inquiries(sheets: Sheets, work: Work, rows: Sequence[Row]) -> Done:
    """Questions in the order of their rows; those without a row follow at the end."""
    before = await _activity(work, rows[0])
    recorded = {(question.unit, question.text): question for question in before.questions}
    asked = []
    for row in rows:
        cells = filled(row, "reference", "askers")
        if row.many("askers"):
            cells["askers"] = sheets.deputyships(row, "askers", before.held_on)
        question = checked(Question, cells)
        known = recorded.pop((question.unit, question.text), None)
        asked.append(checked(Question, {**(known.model_dump() if known else {}), **cells}))
    patch = checked(ActivityPatch, {"questions": (*asked, *recorded.values())})
    after = await activities.change_activity(work, before, patch)
    return done(before if before.questions else None, after)


async def _activity(work: Work, row: Row) -> Activity:
    activity = await find_activity(work, row["reference"])
    if activity is None:
        raise RowProblem("reference", f"没有编号为“{row['reference']}”的活动，或者它那一行有误", row)
    return activity
