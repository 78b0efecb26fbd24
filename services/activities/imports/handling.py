"""What the rows say was done with a suggestion, step by step: taken, put right, or recorded already."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
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
    ReturnIn,
)
from services.activities.sheets.suggestions import HANDLING, STEPS
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem

_TAKEN: Final[Mapping[Action, tuple[type[BaseModel], Callable[..., Awaitable[Suggestion]]]]] = {
    Action.ASSIGNED: (AssignIn, handlers.assign_suggestion),
    Action.EXTENDED: (ExtendIn, handlers.extend_suggestion),
    Action.RETURNED: (ReturnIn, handlers.return_suggestion),
    Action.FORWARDED: (ForwardIn, handlers.forward_suggestion),
    Action.ANSWERED: (AnswerIn, handlers.answer_suggestion),
    Action.REPLIED: (ReplyIn, handlers.reply_to_suggestion),
    Action.RATED: (RateIn, handlers.rate_suggestion),
    Action.REDONE: (OnIn, handlers.redo_suggestion),
    Action.CLOSED: (OnIn, handlers.close_suggestion),
    Action.REJECTED: (RejectIn, handlers.reject_suggestion),
}
"""Of each action: its request, and who takes it."""


@dataclass(frozen=True)
class Wanted:
    """A step as a row tells it. `columns`: of each field of the request, the column it stands in."""

    row: Row
    action: Action
    body: Mapping[str, Any]
    columns: Mapping[str, str]
    at: str
    """The column to blame for the step as a whole."""

    def agrees(self, recorded: Mapping[str, Any]) -> bool:
        """An empty cell says nothing against what is recorded."""
        same = all(recorded.get(name) == value for name, value in self.body.items())
        return same and recorded["action"] == self.action

    def blamed(self, problem: Problem) -> RowProblem:
        for error in problem.errors:
            named = [self.columns[part] for part in error.loc.split(".") if part in self.columns]
            return RowProblem(named[0] if named else self.at, error.message, self.row)
        return RowProblem(self.at, str(problem), self.row)


async def handled_in_row(work: Work, suggestion: Suggestion, row: Row, *, stepwise: bool) -> Suggestion:
    """By the columns of the suggestion's own row; where it has rows step by step, those columns stay empty."""
    wanted = list(in_columns(row))
    if wanted and stepwise:
        raise RowProblem(wanted[0].at, "这件建议已在“建议办理过程”表中逐步填写，本行办理各栏应空着")
    return await _handled(work, suggestion, wanted)


async def handling(_: Sheets, work: Work, rows: Sequence[Row]) -> Done:
    """By rows of one suggestion, a step each."""
    first = rows[0]
    suggestion = await repository.suggestion_numbered(work, first["year"], first["number"])
    if suggestion is None:
        label = f"{first['year']} 年第 {first['number']} 号建议"
        raise RowProblem("number", f"没有{label}，或者它那一行有误", first)
    ordered = sorted(rows, key=lambda row: int(row["step"]))
    for number, row in enumerate(ordered, start=1):
        if row["step"] != number:
            raise RowProblem("step", f"步骤从1起连续编号，缺第 {number} 步", row)
    after = await _handled(work, suggestion, [of_row(row) for row in ordered])
    return done(suggestion if suggestion.steps or after is suggestion else None, after)


async def _handled(work: Work, suggestion: Suggestion, wanted: Sequence[Wanted]) -> Suggestion:
    """Take the steps that are not recorded yet; put those right that are recorded otherwise."""
    recorded = [_comparable(step) for step in suggestion.steps]
    same = 0
    while same < min(len(wanted), len(recorded)) and wanted[same].agrees(recorded[same]):
        same += 1
    if same == len(wanted):
        return suggestion
    later = [step["action"] for step in recorded[same:]]
    if later != [one.action for one in wanted[same : same + len(later)]]:
        message = "系统中登记的办理过程与本行不同，请在系统中更正"
        raise RowProblem(wanted[same].at, message, wanted[same].row)
    for _ in later:
        suggestion = await handlers.undo_suggestion(work, suggestion, Nothing())
    for one in wanted[same:]:
        suggestion = await _take(work, suggestion, one)
    return suggestion


def in_columns(row: Row) -> Iterator[Wanted]:
    """What belongs to a step needs the step's date."""
    for action, dated, parts in STEPS:
        body = {name: row[field] for name, field in parts if row[field] is not None}
        if row[dated] is not None:
            yield Wanted(row, action, {"on": row[dated], **body}, {"on": dated, **dict(parts)}, dated)
        elif body:
            field = next(field for name, field in parts if name in body)
            raise RowProblem(field, "填写了这一项，须同时填写相应的日期")


def of_row(row: Row) -> Wanted:
    body = filled(row, *HANDLING.key, "action")
    fields = {column.field: column.field for column in HANDLING.columns}
    return Wanted(row, Action(row["action"]), body, fields, "action")


def _comparable(step: Step) -> dict[str, Any]:
    return step.model_dump(exclude={"due_on"}, exclude_none=True)


async def _take(work: Work, suggestion: Suggestion, wanted: Wanted) -> Suggestion:
    """A ledger says why a unit gave it back, though a request over HTTP may leave it out."""
    if wanted.action is Action.RETURNED and not wanted.body.get("reason"):
        raise RowProblem(wanted.columns["reason"], "退回的须写明退回原因", wanted.row)
    model, take = _TAKEN[wanted.action]
    try:
        return await take(work, suggestion, checked(model, wanted.body))
    except Problem as problem:
        raise wanted.blamed(problem) from None
