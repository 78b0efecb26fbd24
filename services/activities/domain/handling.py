"""Where a suggestion stands on a day: what it waits for, by when, and which steps may be entered next."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from services.activities.domain.steps import ACTION_LABELS, Action, State, SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.domain.values import Value
from services.activities.errors import WrongState
from shared.errors import RecordVoided

COMMANDS: Final = {
    Action.ASSIGNED: "assign",
    Action.ANSWERED: "answer",
    Action.REPLIED: "reply",
    Action.EXTENDED: "extend",
    Action.RETURNED: "return",
    Action.FORWARDED: "forward",
    Action.REJECTED: "reject",
    Action.RATED: "rate",
    Action.CLOSED: "close",
    Action.REDONE: "redo",
}
"""Commands of the API; in every state the one that usually comes next is first."""
_FINISHED: Final = {State.CLOSED, State.REJECTED}


class Command(Value):
    """A command that would be accepted now."""

    command: str
    label: str


class Handling(Value):
    """`due_on`: by when the unit is to reply, or after a reply the deputy to evaluate it; `days` until then, negative
    where it is overdue. `carried_over`: raised in an earlier year. `next`: empty once it is finished."""

    id: str
    year: int
    number: int | str
    title: str
    category: str
    key: bool
    raised_on: date
    lead_deputyship_id: str | None
    state: State
    unit: str | None
    co_units: tuple[str, ...]
    forwarded_to: str | None
    carried_over: bool
    due_on: date | None
    days: int | None
    overdue: bool
    next: tuple[Command, ...]


def commands(suggestion: Suggestion) -> tuple[Command, ...]:
    """The commands that the suggestion's state allows."""
    return tuple(
        Command(command=command, label=ACTION_LABELS[action])
        for action, command in COMMANDS.items()
        if _allowed(suggestion, action)
    )


def handling(suggestion: Suggestion, on: date, *, year: int) -> Handling:
    """`year`: that of the list, from which earlier ones are carried over."""
    due_on = suggestion.awaited_on or suggestion.rate_by
    days = (due_on - on).days if due_on is not None else None
    same = {"id", "year", "number", "title", "category", "key", "raised_on", "lead_deputyship_id"} | {
        *("state", "unit", "co_units", "forwarded_to")
    }
    return Handling(
        **{name: getattr(suggestion, name) for name in same},
        carried_over=suggestion.year < year,
        due_on=due_on,
        days=days,
        overdue=days is not None and days < 0,
        next=commands(suggestion),
    )


def in_turn(suggestions: Iterable[Handling]) -> list[Handling]:
    """Overdue first, then by due date, then what has none, then what is finished; by year and number."""
    return sorted(suggestions, key=_turn)


def _turn(one: Handling) -> tuple[bool, bool, date, int, bool, int | str]:
    due_on = one.due_on or one.raised_on
    text = isinstance(one.number, str)
    return (one.state in _FINISHED, one.due_on is None, due_on, one.year, text, one.number)


def _allowed(suggestion: Suggestion, action: Action) -> bool:
    try:
        if action is Action.EXTENDED:
            suggestion.check_extensible()
        else:
            suggestion.with_step(SuggestionStep(action=action))
    except (RecordVoided, WrongState):
        return False
    return True


def next_number(suggestions: Iterable[Suggestion], year: int) -> int:
    """The number after the highest of a year; numbers written as text do not count."""
    numbers = (one.number for one in suggestions if one.year == year)
    return 1 + max((number for number in numbers if isinstance(number, int)), default=0)
