"""Steps of suggestions in rows: missing steps are recorded, differing ones corrected."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.steps import Action, SuggestionStep
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

_HANDLERS: Final[Mapping[Action, tuple[type[BaseModel], Callable[..., Awaitable[Suggestion]]]]] = {
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
"""By action: model of its request, and its handler."""


@dataclass(frozen=True)
class StepRow:
    """A step read from a row. `columns`: the column of each field of the request."""

    row: Row
    action: Action
    body: Mapping[str, Any]
    columns: Mapping[str, str]
    at: str
    """The column at which an error of the whole step is reported."""

    def agrees(self, recorded: Mapping[str, Any]) -> bool:
        """Whether the recorded step has the values of the row; empty cells are not compared."""
        same = all(recorded.get(name) == value for name, value in self.body.items())
        return same and recorded["action"] == self.action

    def row_problem(self, problem: Problem) -> RowProblem:
        for error in problem.errors:
            named = [self.columns[part] for part in error.loc.split(".") if part in self.columns]
            return RowProblem(named[0] if named else self.at, error.message, self.row)
        return RowProblem(self.at, str(problem), self.row)


async def apply_columns(work: Work, suggestion: Suggestion, row: Row, *, stepwise: bool) -> Suggestion:
    """Apply the columns of the suggestion's row. `stepwise`: it has rows per step, so these columns must be empty."""
    steps = list(in_columns(row))
    if steps and stepwise:
        raise RowProblem(steps[0].at, "这件建议已在“建议办理过程”表中逐步填写，本行办理各栏应空着")
    return await _apply_steps(work, suggestion, steps)


async def handling(_: Sheets, work: Work, rows: Sequence[Row]) -> Done:
    """Apply the rows of one suggestion, one step each."""
    first = rows[0]
    suggestion = await repository.suggestion_numbered(work, first["year"], first["number"])
    if suggestion is None:
        label = f"{first['year']} 年第 {first['number']} 号建议"
        refers = ("代表建议", first["year"], first["number"])
        raise RowProblem("number", f"没有{label}", first, refers=refers)
    ordered = sorted(rows, key=lambda row: int(row["step"]))
    for number, row in enumerate(ordered, start=1):
        if row["step"] != number:
            raise RowProblem("step", f"步骤从1起连续编号，缺第 {number} 步", row)
    after = await _apply_steps(work, suggestion, [from_row(row) for row in ordered])
    return done(suggestion if suggestion.steps or after is suggestion else None, after)


async def _apply_steps(work: Work, suggestion: Suggestion, steps: Sequence[StepRow]) -> Suggestion:
    """Record the steps that are missing; undo and record again those that differ."""
    recorded = [_comparable(step) for step in suggestion.steps]
    same = 0
    while same < min(len(steps), len(recorded)) and steps[same].agrees(recorded[same]):
        same += 1
    if same == len(steps):
        return suggestion
    later = [step["action"] for step in recorded[same:]]
    if later != [step.action for step in steps[same : same + len(later)]]:
        message = "系统中登记的办理过程与本行不同，请在系统中更正"
        raise RowProblem(steps[same].at, message, steps[same].row)
    for _ in later:
        suggestion = await handlers.undo_suggestion(work, suggestion, Nothing())
    for step in steps[same:]:
        suggestion = await _apply(work, suggestion, step)
    return suggestion


def in_columns(row: Row) -> Iterator[StepRow]:
    """Steps in the columns of a row. Errors: RowProblem for values without the step's date."""
    for action, dated, parts in STEPS:
        body = {name: row[field] for name, field in parts if row[field] not in (None, ())}
        if row[dated] is not None:
            yield StepRow(row, action, {"on": row[dated], **body}, {"on": dated, **dict(parts)}, dated)
        elif body:
            field = next(field for name, field in parts if name in body)
            raise RowProblem(field, "填写了这一项，须同时填写相应的日期")


def from_row(row: Row) -> StepRow:
    body = filled(row, *HANDLING.key, "action")
    fields = {column.field: column.field for column in HANDLING.columns}
    return StepRow(row, Action(row["action"]), body, fields, "action")


def _comparable(step: SuggestionStep) -> dict[str, Any]:
    return step.model_dump(exclude={"due_on"}, exclude_none=True)


async def _apply(work: Work, suggestion: Suggestion, step: StepRow) -> Suggestion:
    """Apply one step. In a workbook the reason for a return is required, unlike in a request."""
    if step.action is Action.RETURNED and not step.body.get("reason"):
        raise RowProblem(step.columns["reason"], "退回的须写明退回原因", step.row)
    model, handler = _HANDLERS[step.action]
    try:
        return await handler(work, suggestion, checked(model, step.body))
    except Problem as problem:
        raise step.row_problem(problem) from None
