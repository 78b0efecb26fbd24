"""Rows of the sheet 代表建议: the suggestion, its intake review, and the usual steps of its handling."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from services.activities import repository
from services.activities.domain.meetings import Session
from services.activities.domain.suggestions import Suggestion
from services.activities.handlers import suggestions as handlers
from services.activities.imports.handling import apply_columns, in_columns
from services.activities.imports.lookups import find_record, find_suggestion, refers_to
from services.activities.imports.rows import Sheets, case_of
from services.activities.imports.voiding import voided_as_told, voided_before
from services.activities.repository import SUGGESTIONS
from services.activities.schemas import SuggestionIn
from services.activities.sheets.suggestions import INTAKE
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem

SuggestionPatch = patch_of(SuggestionIn)

_OWN: Final = ("raised_on", "raised_at", "title", "text", "category", "key", "supervised_by", "withheld_for")


@dataclass(frozen=True)
class SuggestionRows:
    """`stepwise`: year and number of the suggestions with rows of their own per step."""

    sheets: Sheets
    stepwise: Collection[tuple[int, int | str]]

    async def suggestion(self, work: Work, row: Row) -> Done:
        await in_its_year(work, row)
        before = await _recorded(work, row)
        if (voided := await _voided(work, row, before)) is not None:
            return done(voided, voided)
        values = await self._values(work, row, before)
        if before is None:
            body = checked(SuggestionIn, {**values, "number": row["number"]})
            after = await handlers.raise_suggestion(work, body)
        else:
            values["number"] = row["number"]
            after = await handlers.change_suggestion(work, before, checked(SuggestionPatch, values))
        stepwise = (row["year"], row["number"]) in self.stepwise
        after = await apply_columns(work, after, row, stepwise=stepwise)
        return done(before, await voided_as_told(work, after, row, handlers.void_suggestion))

    async def _values(self, work: Work, row: Row, before: Suggestion | None) -> dict[str, Any]:
        day = row["raised_on"]
        values = {name: value for name, value in filled(row).items() if name in _OWN}
        lead, co = self.sheets.deputyship(row, "lead", day), self.sheets.deputyships(row, "co", day)
        if lead is not None:
            values["lead_deputyship_id"] = lead
        if co:
            values["co_deputyship_ids"] = co
        session = await _session(work, row, before)
        if session is not None:
            values["session_id"] = session.id
        return values | _intake(row, before) | case_of(row, before.case if before else None)


async def _recorded(work: Work, row: Row) -> Suggestion | None:
    """By year and number; else by those that the row says were wrong."""
    before = await repository.suggestion_numbered(work, row["year"], row["number"])
    if row["previous_number"] is None:
        return before
    wrong = await find_suggestion(work, row["previous_number"])
    if wrong is None and before is None:
        raise RowProblem("previous_number", f"没有编号为“{row['previous_number']}”的代表建议")
    if wrong is not None and before is not None and wrong.id != before.id:
        message = f"“{row['previous_number']}”和本行的编号各有一件建议，不能改成同一个编号"
        raise RowProblem("previous_number", message)
    return wrong or before


async def _voided(work: Work, row: Row, before: Suggestion | None) -> Suggestion | None:
    def same(voided: Suggestion) -> bool:
        return (voided.raised_on, voided.title) == (row["raised_on"], row["title"])

    return await voided_before(work, SUGGESTIONS, row, "year", "number", before=before, same=same)


async def in_its_year(_: Work, row: Row) -> None:
    if row["raised_on"].year != row["year"]:
        raise RowProblem("raised_on", f"提出日期不在 {row['year']} 年")


async def steps_are_dated(_: Work, row: Row) -> None:
    list(in_columns(row))


async def session_there(work: Work, row: Row) -> None:
    if row["session"] is not None:
        await _session(work, row, None)


async def _session(work: Work, row: Row, before: Suggestion | None) -> Session | None:
    """The session named; else, for a suggestion raised at a session, the last session by its date."""
    if row["session"] is not None:
        session = await find_record(work, row["session"])
        if not isinstance(session, Session):
            message = f"没有“{row['session']}”这次人代会"
            raise RowProblem("session", message, refers=refers_to(row["session"]))
        return session
    if row["raised_at"] != "session" or (before is not None and before.session_id is not None):
        return None
    return await repository.session_before(work, row["raised_on"])


def _intake(row: Row, before: Suggestion | None) -> dict[str, Any]:
    """Empty cells leave recorded values unchanged."""
    cells = {name: row[name] for name in INTAKE if row[name] is not None}
    recorded = before.intake.model_dump() if before is not None and before.intake is not None else {}
    return {"intake": {**recorded, **cells}} if cells else {}
