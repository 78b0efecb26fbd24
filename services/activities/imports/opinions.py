"""Rows of the sheet 选民意见 with their steps. The office's own number of a row determines the record's id."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.activities.domain.opinions import Opinion
from services.activities.domain.suggestions import Suggestion
from services.activities.handlers import opinions
from services.activities.imports.checks import activity_there, suggestion_there
from services.activities.imports.rows import Sheets
from services.activities.imports.voiding import VOID, voided_as_told
from services.activities.repository import OPINIONS
from services.activities.schemas import OpinionConvertIn, OpinionIn
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem, row_id

OpinionPatch = patch_of(OpinionIn)

LINKS: Final = (VOID, "reference", "station", "deputy", "activity", "suggestion", "converted_on")
LAST: Final = ("state", "closed_on")
"""Fields to be set after the conversion to a suggestion, as a closed opinion cannot be converted."""

TEXTS: Final = ("text", "answer")
"""Fields not taken from a row, of an older workbook, whose opinion has been erased since."""


@dataclass(frozen=True)
class OpinionRows:
    sheets: Sheets

    async def opinion(self, work: Work, row: Row) -> Done:
        id = row_id(work.town, "选民意见", row["reference"])
        before = await work.get(OPINIONS, id) or await work.get(OPINIONS, row["reference"])
        if before is not None and before.is_voided:
            return done(before, before)
        suggestion = await suggestion_of(work, row)
        values = filled(row, *LINKS) | await self._links(work, row)
        if before is not None and before.erased is not None:
            values = {name: value for name, value in values.items() if name not in TEXTS}
        if suggestion is None or (before is not None and _agrees(row, before, suggestion)):
            after = await _recorded(work, before, id, row, values)
            return done(before, await voided_as_told(work, after, row, opinions.void_opinion))
        last: dict[str, Any] = {name: values.pop(name) for name in LAST if name in values}
        after = await _recorded(work, before, id, row, values)
        after = await _converted(work, after, suggestion, row["converted_on"])
        if last:
            after = await opinions.change_opinion(work, after, checked(OpinionPatch, last))
        return done(before, await voided_as_told(work, after, row, opinions.void_opinion))

    async def _links(self, work: Work, row: Row) -> dict[str, Any]:
        links = {
            "deputyship_id": self.sheets.deputyship(row, "deputy", row["received_on"]),
            "station_id": self.sheets.station_id(row),
        }
        links["activity_id"] = await activity_there(work, row)
        return {name: id for name, id in links.items() if id is not None}


async def _recorded(work: Work, before: Opinion | None, id: str, row: Row, values: dict[str, Any]) -> Opinion:
    if before is not None:
        return await opinions.change_opinion(work, before, checked(OpinionPatch, values))
    body = checked(OpinionIn, values)
    return await opinions.receive_opinion(work, body, given_id=id, reference=row["reference"])


async def suggestion_of(work: Work, row: Row) -> Suggestion | None:
    if row["suggestion"] is None:
        if row["converted_on"] is not None:
            raise RowProblem("suggestion", "填写了转为建议的日期，须写明是哪一件建议")
        return None
    return await suggestion_there(work, row)


def _agrees(row: Row, opinion: Opinion, suggestion: Suggestion) -> bool:
    on = row["converted_on"]
    return opinion.suggestion_id == suggestion.id and on in (None, opinion.converted_on)


async def _converted(work: Work, opinion: Opinion, suggestion: Suggestion, on: date | None) -> Opinion:
    """Convert the opinion. Errors: RowProblem, for instance when it is closed."""
    body = OpinionConvertIn(suggestion_id=suggestion.id, on=on)
    try:
        return await opinions.convert_opinion(work, opinion, body)
    except Problem as problem:
        message = problem.errors[0].message if problem.errors else str(problem)
        raise RowProblem("suggestion" if on is None else "converted_on", message) from None
