"""Rows of voters' opinions, with what was done with each. The clerk's own number of a row makes the record's id."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.activities.domain.opinions import Opinion
from services.activities.domain.suggestions import Suggestion
from services.activities.handlers import opinions
from services.activities.imports.called import activity_called, suggestion_called
from services.activities.imports.rows import Sheets
from services.activities.repository import OPINIONS
from services.activities.schemas import OpinionConvertIn, OpinionIn
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem, row_id

OpinionPatch = patch_of(OpinionIn)

LINKS: Final = ("reference", "station", "deputy", "activity", "suggestion", "converted_on")
LAST: Final = ("state", "closed_on")
"""What is entered after it was turned into a suggestion: nothing is done with a closed opinion."""


@dataclass(frozen=True)
class OpinionRows:
    sheets: Sheets

    async def opinion(self, work: Work, row: Row) -> Done:
        one = row_id(work.town, "选民意见", row["reference"])
        before = await work.get(OPINIONS, one) or await work.get(OPINIONS, row["reference"])
        suggestion = await _suggestion(work, row)
        given = filled(row, *LINKS) | await self._links(work, row)
        if suggestion is None or (before is not None and _agrees(row, before, suggestion)):
            return done(before, await _kept(work, before, one, row, given))
        last: dict[str, Any] = {name: given.pop(name) for name in LAST if name in given}
        after = await _kept(work, before, one, row, given)
        after = await _converted(work, after, suggestion, row["converted_on"])
        if last:
            after = await opinions.change_opinion(work, after, checked(OpinionPatch, last))
        return done(before, after)

    async def _links(self, work: Work, row: Row) -> dict[str, Any]:
        links = {
            "deputyship_id": self.sheets.deputyship(row, "deputy", row["received_on"]),
            "station_id": self.sheets.station_id(row),
        }
        if row["activity"] is not None:
            activity = await activity_called(work, row["activity"])
            if activity is None:
                raise RowProblem("activity", f"没有编号为“{row['activity']}”的活动，或者它那一行有误")
            links["activity_id"] = activity.id
        return {name: id for name, id in links.items() if id is not None}


async def _kept(work: Work, before: Opinion | None, one: str, row: Row, given: dict[str, Any]) -> Opinion:
    if before is not None:
        return await opinions.change_opinion(work, before, checked(OpinionPatch, given))
    body = checked(OpinionIn, given)
    return await opinions.receive_opinion(work, body, given_id=one, reference=row["reference"])


async def _suggestion(work: Work, row: Row) -> Suggestion | None:
    if row["suggestion"] is None:
        if row["converted_on"] is not None:
            raise RowProblem("suggestion", "填写了转为建议的日期，须写明是哪一件建议")
        return None
    found = await suggestion_called(work, row["suggestion"])
    if found is None:
        raise RowProblem("suggestion", f"没有“{row['suggestion']}”这件建议，或者它那一行有误")
    return found


def _agrees(row: Row, opinion: Opinion, suggestion: Suggestion) -> bool:
    on = row["converted_on"]
    return opinion.suggestion_id == suggestion.id and on in (None, opinion.converted_on)


async def _converted(work: Work, opinion: Opinion, suggestion: Suggestion, on: date | None) -> Opinion:
    """Errors: RowProblem, on one that is closed for instance."""
    body = OpinionConvertIn(suggestion_id=suggestion.id, on=on)
    try:
        return await opinions.convert_opinion(work, opinion, body)
    except Problem as problem:
        message = problem.errors[0].message if problem.errors else str(problem)
        raise RowProblem("suggestion" if on is None else "converted_on", message) from None
