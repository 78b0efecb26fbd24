"""Rows of suggestions: each date that is there is a step taken."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.steps import Action, Step
from services.activities.domain.suggestions import Suggestion
from services.activities.handlers import suggestions as handlers
from services.activities.imports.rows import Sheets
from services.activities.schemas import (
    AnswerIn,
    AssignIn,
    ExtendIn,
    ForwardIn,
    Nothing,
    OnIn,
    RateIn,
    RejectIn,
    ReplyIn,
    SuggestionIn,
)
from services.activities.sheets import STEPS
from shared.errors import Problem
from shared.http import patch_of
from shared.imports import checked, done, filled
from shared.work import Work
from shared.workbook import Done, Row, RowProblem

SuggestionPatch = patch_of(SuggestionIn)

_OWN = ("number", "raised_on", "raised_at", "title", "text", "category")


_TAKEN: Final[Mapping[Action, tuple[type[BaseModel], Callable[..., Awaitable[Suggestion]]]]] = {
    Action.ASSIGNED: (AssignIn, handlers.assign_suggestion),
    Action.EXTENDED: (ExtendIn, handlers.extend_suggestion),
    Action.FORWARDED: (ForwardIn, handlers.forward_suggestion),
    Action.ANSWERED: (AnswerIn, handlers.answer_suggestion),
    Action.REPLIED: (ReplyIn, handlers.reply_to_suggestion),
    Action.RATED: (RateIn, handlers.rate_suggestion),
    Action.REDONE: (OnIn, handlers.redo_suggestion),
    Action.CLOSED: (OnIn, handlers.close_suggestion),
    Action.REJECTED: (RejectIn, handlers.reject_suggestion),
}
"""Of each action that has columns: its request, and who takes it."""


@dataclass(frozen=True)
class SuggestionRows:
    sheets: Sheets

    async def suggestion(self, work: Work, row: Row) -> Done:
        if row["raised_on"].year != row["year"]:
            raise RowProblem("raised_on", f"提出日期不在 {row['year']} 年")
        given = await self._given(work, row)
        before = await repository.suggestion_numbered(work, row["year"], row["number"])
        if before is None:
            after = await handlers.raise_suggestion(work, checked(SuggestionIn, given))
        else:
            after = await handlers.change_suggestion(work, before, checked(SuggestionPatch, given))
        return done(before, await _handled(work, after, row))

    async def _given(self, work: Work, row: Row) -> dict[str, Any]:
        day = row["raised_on"]
        given = {name: value for name, value in filled(row).items() if name in _OWN}
        lead, co = self.sheets.deputyship(row, "lead", day), self.sheets.deputyships(row, "co", day)
        if lead is not None:
            given["lead_deputyship_id"] = lead
        if co:
            given["co_deputyship_ids"] = co
        if row["raised_at"] == "session":
            session = await repository.session_before(work, day)
            if session is not None:
                given["session_id"] = session.id
        return given


async def _handled(work: Work, suggestion: Suggestion, row: Row) -> Suggestion:
    """Take the steps that are not recorded yet; put those right that are recorded otherwise."""
    wanted = list(_steps(row))
    recorded = [_comparable(step) for step in suggestion.steps]
    same = 0
    while same < min(len(wanted), len(recorded)) and _agrees(wanted[same], recorded[same]):
        same += 1
    if same == len(wanted):
        return suggestion
    later = [step["action"] for step in recorded[same:]]
    if later != [action for action, _, _ in wanted[same : same + len(later)]]:
        raise RowProblem(wanted[same][1], "系统中登记的办理过程与本行不同，请在系统中更正")
    for _ in later:
        suggestion = await handlers.undo_suggestion(work, suggestion, Nothing())
    for action, field, body in wanted[same:]:
        suggestion = await _take(work, suggestion, action, field, body)
    return suggestion


def _steps(row: Row) -> Iterator[tuple[Action, str, dict[str, Any]]]:
    """(action, field of its date, request body). What belongs to a step needs the step's date."""
    for action, dated, parts in STEPS:
        body = {name: row[field] for name, field in parts if row[field] is not None}
        if row[dated] is not None:
            yield action, dated, {"on": row[dated], **body}
        elif body:
            field = next(field for name, field in parts if name in body)
            raise RowProblem(field, "填写了这一项，须同时填写相应的日期")


def _comparable(step: Step) -> dict[str, Any]:
    return step.model_dump(exclude={"due_on"}, exclude_none=True)


def _agrees(wanted: tuple[Action, str, dict[str, Any]], recorded: dict[str, Any]) -> bool:
    """An empty cell says nothing against what is recorded."""
    action, _, body = wanted
    return recorded["action"] == action and all(recorded.get(name) == value for name, value in body.items())


async def _take(
    work: Work, suggestion: Suggestion, action: Action, dated: str, body: dict[str, Any]
) -> Suggestion:
    model, take = _TAKEN[action]
    try:
        return await take(work, suggestion, checked(model, body))
    except Problem as problem:
        raise RowProblem(dated, problem.errors[0].message if problem.errors else str(problem)) from None
