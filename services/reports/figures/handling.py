"""The handling of a suggestion up to a day: its steps applied in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from services.reports.events_in import Suggestion, SuggestionStep


@dataclass(frozen=True)
class Handling:
    """Handling of a suggestion up to a day. `on`: last day of each kind of step. `replied_late`: the first reply came
    after the due date; `returned_late`: day of assignment to a unit that returned it after the deadline;
    `redo_due_on`: set while a redo waits for a reply; `rate_by`: set while a reply waits for evaluation.

    A suggestion forwarded to the county is neither assigned nor replied in the town.
    """

    on: Mapping[str, date] = field(default_factory=dict)
    assigned: bool = False
    due_on: date | None = None
    replied: bool = False
    replied_late: bool = False
    reply_class: str = ""
    result: str = ""
    forwarded: bool = False
    answered: bool = False
    rejected: bool = False
    closed: bool = False
    interviewed: bool | None = None
    redone: bool = False
    redo_due_on: date | None = None
    rate_by: date | None = None
    returned_late: date | None = None
    unconsented: bool = False


def handling(suggestion: Suggestion, day: date) -> Handling:
    """Apply the steps up to `day`; a step without a day has that of the step before."""
    now = Handling()
    done_on: date | None = None
    return_by: date | None = None
    for step in _steps(suggestion):
        done_on = step.on or done_on
        if done_on is not None and done_on > day:
            continue
        on = now.on if done_on is None else {**now.on, step.action: done_on}
        now = replace(now, **_changed(now, step, return_by), on=on)
        return_by = step.return_by if step.action == "assigned" else return_by
    return now


def _changed(now: Handling, step: SuggestionStep, return_by: date | None) -> dict[str, Any]:
    """Fields changed by one step."""
    match step.action:
        case "assigned":
            return {"assigned": True, "due_on": step.due_on, "forwarded": False}
        case "extended":
            return {"due_on": step.due_on, "unconsented": not step.consent_by}
        case "returned":
            since = now.on.get("assigned") if now.assigned and _after(step.on, return_by) else None
            return {**_OUT_OF_HAND, "forwarded": False, "returned_late": now.returned_late or since}
        case "forwarded":
            return {**_OUT_OF_HAND, "forwarded": True}
        case "answered":
            return {"answered": True, "redo_due_on": None, "rate_by": step.rate_by}
        case "replied":
            late = now.replied_late if now.replied else _after(step.on, now.due_on)
            return {
                "replied": True,
                "replied_late": late,
                "reply_class": step.class_,
                "redo_due_on": None,
                "rate_by": step.rate_by,
                "interviewed": step.interviewed,
            }
        case "rated":
            return {"result": step.result, "rate_by": None}
        case "redone":
            return {"redone": True, "redo_due_on": step.due_on, "rate_by": None}
        case "closed" | "rejected":
            return {step.action: True, "rate_by": None}
    return {}


_OUT_OF_HAND: Final[Mapping[str, Any]] = {"assigned": False, "due_on": None}


def _after(done_on: date | None, until: date | None) -> bool:
    return done_on is not None and until is not None and until < done_on


def _steps(suggestion: Suggestion) -> tuple[SuggestionStep, ...]:
    """The steps of a record, derived from its dates where it has none."""
    if suggestion.steps:
        return suggestion.steps
    steps: list[SuggestionStep] = []
    if suggestion.assigned_on or suggestion.due_on:
        steps.append(SuggestionStep(action="assigned", on=suggestion.assigned_on, due_on=suggestion.due_on))
    if suggestion.replied_on or suggestion.class_:
        steps.append(SuggestionStep(action="replied", on=suggestion.replied_on, class_=suggestion.class_))
    if suggestion.rated_on or suggestion.result:
        steps.append(SuggestionStep(action="rated", on=suggestion.rated_on, result=suggestion.result))
    return tuple(steps)


def settled_on(suggestion: Suggestion) -> date | None:
    """The day from which on the suggestion is closed or rejected; None while it is neither."""
    days: list[date] = []
    done_on: date | None = None
    for step in _steps(suggestion):
        done_on = step.on or done_on
        if step.action in ("closed", "rejected"):
            days.append(done_on or date.min)
    return min(days, default=None)
