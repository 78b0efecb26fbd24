"""State machine of suggestions: states, actions, transitions, and the fields each step sets."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from pydantic import ConfigDict, Field

from services.activities.domain.deadlines import Start
from services.activities.domain.intake import Ground
from services.activities.domain.values import Value


class State(StrEnum):
    RAISED = "raised"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    REPLIED = "replied"
    RATED = "rated"
    REDO = "redo"
    CLOSED = "closed"
    REJECTED = "rejected"


class Action(StrEnum):
    ASSIGNED = "assigned"
    EXTENDED = "extended"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    REPLIED = "replied"
    RATED = "rated"
    REDONE = "redone"
    CLOSED = "closed"
    REJECTED = "rejected"


class ResultClass(StrEnum):
    """A solved, B being solved, C planned, D explained and kept for reference."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"


RaisedAt = Literal["session", "between"]

STATE_LABELS: Final = {
    State.RAISED: "待交办",
    State.ASSIGNED: "办理中",
    State.RETURNED: "已退回",
    State.FORWARDED: "已转县",
    State.REPLIED: "已答复",
    State.RATED: "已测评",
    State.REDO: "重新办理中",
    State.CLOSED: "已办结",
    State.REJECTED: "不予受理",
}
ACTION_LABELS: Final = {
    Action.ASSIGNED: "交办",
    Action.EXTENDED: "延期",
    Action.RETURNED: "退回",
    Action.FORWARDED: "转县",
    Action.ANSWERED: "登记县级答复",
    Action.REPLIED: "答复",
    Action.RATED: "测评",
    Action.REDONE: "退回重办",
    Action.CLOSED: "办结",
    Action.REJECTED: "不予受理",
}
NEXT: Final = {
    Action.ASSIGNED: (State.ASSIGNED, {State.RAISED, State.RETURNED}),
    Action.EXTENDED: (State.ASSIGNED, {State.ASSIGNED}),
    Action.RETURNED: (State.RETURNED, {State.ASSIGNED, State.FORWARDED}),
    Action.FORWARDED: (State.FORWARDED, {State.RAISED, State.ASSIGNED, State.RETURNED}),
    Action.ANSWERED: (State.REPLIED, {State.FORWARDED, State.REDO}),
    Action.REPLIED: (State.REPLIED, {State.ASSIGNED, State.REDO}),
    Action.RATED: (State.RATED, {State.REPLIED}),
    Action.REDONE: (State.REDO, {State.REPLIED, State.RATED}),
    Action.CLOSED: (State.CLOSED, {State.RAISED, State.RETURNED, State.REPLIED, State.RATED}),
    Action.REJECTED: (State.REJECTED, {State.RAISED, State.RETURNED}),
}
"""By action: the resulting state, and the states in which it is allowed."""


class SuggestionStep(Value):
    """One step; each action uses the fields it needs. `on` None: the day is not recorded.

    `due_on` is `months` after `start_on`, the day of `start`; `return_by`: last day for the unit to return it,
    `rate_by`: last day for the deputy's evaluation of a reply or an answer.
    `unit` leads (主办) and replies, `co_units` handle it with it (会办).
    `to` is where it was forwarded, `reference` the county's own number of it.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    action: Action
    on: date | None = None
    unit: str | None = None
    co_units: tuple[str, ...] = Field(default=(), exclude_if=lambda units: not units)
    due_on: date | None = None
    reason: str | None = None
    class_: ResultClass | None = Field(default=None, alias="class")
    interviewed: bool | None = None
    process: Satisfaction | None = None
    result: Satisfaction | None = None
    start: Start | None = None
    start_on: date | None = None
    months: int | None = None
    return_by: date | None = None
    rate_by: date | None = None
    consent_by: str | None = None
    to: str | None = None
    reference: str | None = None
    text: str | None = None
    ground: Ground | None = None


_UNIT: Final = {"unit": "unit", "co_units": "co_units", "assigned_on": "on", "due_on": "due_on"}
_FORWARDING: Final = {"forwarded_to": "to", "forwarded_on": "on", "county_reference": "reference"}
_SETS: Final[Mapping[Action, Mapping[str, str]]] = {
    Action.ASSIGNED: _UNIT,
    Action.EXTENDED: {"due_on": "due_on"},
    Action.FORWARDED: _FORWARDING,
    Action.ANSWERED: {"answered_on": "on", "class_": "class_", "county_reference": "reference"},
    Action.REPLIED: {"replied_on": "on", "class_": "class_", "interviewed": "interviewed"},
    Action.RATED: {"process": "process", "result": "result", "rated_on": "on"},
    # the reply it is about stays, until there is a new one
    Action.REDONE: {"redo_due_on": "due_on"},
    Action.CLOSED: {"closed_on": "on"},
    Action.REJECTED: {"rejected_on": "on", "rejected_for": "ground"},
}
"""By action: fields of the suggestion it sets, and the field of the step each is taken from."""
_CLEARS: Final[Mapping[Action, Collection[str]]] = {
    Action.ASSIGNED: _FORWARDING.keys(),
    Action.RETURNED: {**_UNIT, **_FORWARDING}.keys(),
    Action.FORWARDED: _UNIT.keys(),
}


def effect(step: SuggestionStep) -> dict[str, object]:
    """Fields of the suggestion that a step changes, besides its state."""
    changed: dict[str, object] = {
        name: () if name == "co_units" else None for name in _CLEARS.get(step.action, ())
    }
    changed |= {field: getattr(step, source) for field, source in _SETS.get(step.action, {}).items()}
    if step.action is Action.ANSWERED and step.reference is None:
        del changed["county_reference"]
    return changed
