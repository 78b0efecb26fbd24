"""Suggestions of deputies (代表建议、批评和意见): what was done with each, step by step.

    raised ─assign→ assigned ─reply→ replied ─rate→ rated ─close→ closed
               ↑    │   ↑ └extend┘      │  ↑       │
               └────┴return             └──┴─ redo ┘   (redo → reply again)

Invariants: the state is what the steps make of it; no step is dated before the one it follows.
"""

from datetime import date
from enum import StrEnum
from typing import Final, Literal

from pydantic import ConfigDict, Field

from services.activities.domain.deadlines import due_on
from services.activities.domain.rules import Rules
from services.activities.domain.values import Value
from services.activities.errors import DatesOutOfOrder, WrongState
from shared.errors import FieldError, Invalid
from shared.work import Record


class State(StrEnum):
    RAISED = "raised"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    REPLIED = "replied"
    RATED = "rated"
    REDO = "redo"
    CLOSED = "closed"


class Action(StrEnum):
    ASSIGNED = "assigned"
    EXTENDED = "extended"
    RETURNED = "returned"
    REPLIED = "replied"
    RATED = "rated"
    REDONE = "redone"
    CLOSED = "closed"


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
    State.REPLIED: "已答复",
    State.RATED: "已测评",
    State.REDO: "重新办理中",
    State.CLOSED: "已办结",
}
_ACTION_LABELS: Final = {
    Action.ASSIGNED: "交办",
    Action.EXTENDED: "延期",
    Action.RETURNED: "退回",
    Action.REPLIED: "答复",
    Action.RATED: "测评",
    Action.REDONE: "退回重办",
    Action.CLOSED: "办结",
}
_NEXT: Final = {
    Action.ASSIGNED: (State.ASSIGNED, {State.RAISED, State.RETURNED}),
    Action.EXTENDED: (State.ASSIGNED, {State.ASSIGNED}),
    Action.RETURNED: (State.RETURNED, {State.ASSIGNED}),
    Action.REPLIED: (State.REPLIED, {State.ASSIGNED, State.REDO}),
    Action.RATED: (State.RATED, {State.REPLIED}),
    Action.REDONE: (State.REDO, {State.REPLIED, State.RATED}),
    Action.CLOSED: (State.CLOSED, {State.RAISED, State.RETURNED, State.REPLIED, State.RATED}),
}


class Step(Value):
    """One thing done; each action uses the fields it needs. `on` None: the day was not written down."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    action: Action
    on: date | None = None
    unit: str | None = None
    due_on: date | None = None
    reason: str | None = None
    class_: ResultClass | None = Field(default=None, alias="class")
    interviewed: bool | None = None
    process: Satisfaction | None = None
    result: Satisfaction | None = None


class Suggestion(Record):
    """From `state` on everything follows from `steps`: the latest assignment, reply and rating.

    `due_on` is that of the latest assignment, extension included; `year` that of `raised_on`.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    year: int
    number: int | str
    raised_on: date
    raised_at: RaisedAt | None = None
    session_id: str | None = None
    lead_deputyship_id: str | None = None
    co_deputyship_ids: tuple[str, ...] = ()
    title: str
    text: str = ""
    category: str = ""
    state: State = State.RAISED
    unit: str | None = None
    assigned_on: date | None = None
    due_on: date | None = None
    replied_on: date | None = None
    class_: ResultClass | None = Field(default=None, alias="class")
    interviewed: bool | None = None
    process: Satisfaction | None = None
    result: Satisfaction | None = None
    rated_on: date | None = None
    closed_on: date | None = None
    steps: tuple[Step, ...] = ()

    def check_dates(self) -> None:
        """Errors: DatesOutOfOrder when it was raised after something had been done with it already."""
        first = next((step.on for step in self.steps if step.on is not None), None)
        if first is not None and first < self.raised_on:
            message = f"建议 {first} 已经交办，提出日期不能晚于当日"
            raise DatesOutOfOrder(message, errors=[FieldError("body.raised_on", message)])

    def check_names(self) -> None:
        """Errors: Invalid when somebody seconds it twice."""
        names = self.co_deputyship_ids
        twice = [n for n, one in enumerate(names) if one in names[:n]]
        if twice:
            faults = [FieldError(f"body.co_deputyship_ids.{n}", "附议代表重复") for n in twice]
            raise Invalid("同一代表只能附议一次", errors=faults)

    def taken(self, step: Step) -> "Suggestion":
        """The suggestion after one more step. Errors: WrongState, DatesOutOfOrder."""
        target, allowed = _NEXT[step.action]
        doing = _ACTION_LABELS[step.action]
        if self.state not in allowed:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，不能{doing}")
        latest = max([self.raised_on, *(s.on for s in self.steps if s.on is not None)])
        if step.on is not None and step.on < latest:
            message = f"{doing}日期 {step.on} 早于此前的 {latest}"
            raise DatesOutOfOrder(message, errors=[FieldError("body.on", message)])
        return self.model_copy(update={**_effect(step), "state": target, "steps": (*self.steps, step)})

    def undone(self) -> "Suggestion":
        """Without its last step, which was recorded by mistake."""
        if not self.steps:
            raise WrongState("尚未办理，没有可以撤销的步骤")
        fresh = {name: type(self).model_fields[name].default for name in _FROM_STEPS}
        suggestion = self.model_copy(update=fresh)
        for step in self.steps[:-1]:
            suggestion = suggestion.taken(step)
        return suggestion

    def assignment(self, unit: str, on: date, rules: Rules) -> Step:
        due = due_on(on, rules.reply_months, working_day=rules.next_working_day)
        return Step(action=Action.ASSIGNED, on=on, unit=unit, due_on=due)

    def extension(self, on: date, reason: str, rules: Rules) -> Step:
        """Once per assignment, counted from the day of assignment. Errors: WrongState."""
        if self.assigned_on is None or self.state is not State.ASSIGNED:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，不能延期")
        if self.steps[-1].action is Action.EXTENDED:
            raise WrongState("答复期限只能延长一次")
        months = rules.reply_months + rules.reply_extension_months
        due = due_on(self.assigned_on, months, working_day=rules.next_working_day)
        return Step(action=Action.EXTENDED, on=on, due_on=due, reason=reason)


_FROM_STEPS: Final = (
    "state",
    "unit",
    "assigned_on",
    "due_on",
    "replied_on",
    "class_",
    "interviewed",
    "process",
    "result",
    "rated_on",
    "closed_on",
    "steps",
)


def _effect(step: Step) -> dict[str, object]:
    """What a step changes besides the state."""
    changed: dict[str, object] = {}
    match step.action:
        case Action.ASSIGNED:
            changed = {"unit": step.unit, "assigned_on": step.on, "due_on": step.due_on}
        case Action.EXTENDED:
            changed = {"due_on": step.due_on}
        case Action.RETURNED:
            changed = {"unit": None, "assigned_on": None, "due_on": None}
        case Action.REPLIED:
            changed = {"replied_on": step.on, "class_": step.class_, "interviewed": step.interviewed}
        case Action.RATED:
            changed = {"process": step.process, "result": step.result, "rated_on": step.on}
        case Action.CLOSED:
            changed = {"closed_on": step.on}
        case Action.REDONE:
            pass  # the reply it is about stays, until there is a new one
    return changed
