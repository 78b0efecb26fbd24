"""The suggestion aggregate (代表建议、批评和意见) and its steps.

    raised ─assign→ assigned ─reply→ replied ─rate→ rated ─close→ closed
               ↑    │   ↑ └extend┘      │  ↑       │
               └────┴return             └──┴─ redo ┘   (redo → reply or answer again)

    raised, assigned, returned ─forward→ forwarded ─answer→ replied      (forwarded ─return→ returned)
    raised, returned ─reject→ rejected

Invariants: the state follows from the steps; no step is dated before an earlier one; a suggestion rated as
dissatisfied is redone before it is closed.
"""

from datetime import date, timedelta
from typing import Final

from pydantic import ConfigDict, Field

from services.activities.domain.cases import Case
from services.activities.domain.deadlines import Deadline, Start, deadline
from services.activities.domain.intake import Ground, Intake
from services.activities.domain.reminders import Reminder
from services.activities.domain.rules import Rules
from services.activities.domain.steps import (
    ACTION_LABELS,
    NEXT,
    STATE_LABELS,
    Action,
    RaisedAt,
    ResultClass,
    Satisfaction,
    State,
    SuggestionStep,
    effect,
)
from services.activities.errors import DatesOutOfOrder, WrongState
from shared.errors import FieldError, Invalid
from shared.storage.voiding import Voidable, unsaid


class Suggestion(Voidable):
    """The fields from `state` to `steps` follow from `steps`: the latest of each kind.

    `due_on` is that of the latest assignment, extension included, `redo_due_on` that of the latest redo; `year` that
    of `raised_on`. `answered_on` is the county's answer, `replied_on` that of a unit of the town; `told` the reminders
    published; `key` a suggestion whose handling is supervised (重点督办), `supervised_by` the leader who does;
    `opinion_ids` the voters' opinions it came from; `withheld_for` why it and its reply are not to be made public
    (不予公开): it counts as before, and its words leave the service no more; `different_from` the suggestions that it
    was declared to be no second entry of.
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
    opinion_ids: tuple[str, ...] = ()
    intake: Intake | None = None
    key: bool = False
    supervised_by: str = ""
    withheld_for: str | None = unsaid()
    case: Case | None = None
    state: State = State.RAISED
    unit: str | None = None
    co_units: tuple[str, ...] = ()
    assigned_on: date | None = None
    due_on: date | None = None
    replied_on: date | None = None
    class_: ResultClass | None = Field(default=None, alias="class")
    interviewed: bool | None = None
    process: Satisfaction | None = None
    result: Satisfaction | None = None
    rated_on: date | None = None
    redo_due_on: date | None = None
    forwarded_to: str | None = None
    forwarded_on: date | None = None
    county_reference: str | None = None
    answered_on: date | None = None
    closed_on: date | None = None
    rejected_on: date | None = None
    rejected_for: Ground | None = None
    steps: tuple[SuggestionStep, ...] = ()
    told: tuple[Reminder, ...] = ()
    different_from: tuple[str, ...] = Field(default=(), exclude_if=lambda ids: not ids)

    def check_dates(self) -> None:
        """Errors: DatesOutOfOrder when it was raised after its first step."""
        first = next((step.on for step in self.steps if step.on is not None), None)
        if first is not None and first < self.raised_on:
            message = f"建议 {first} 已经交办，提出日期不能晚于当日"
            raise DatesOutOfOrder(message, errors=[FieldError("body.raised_on", message)])

    def check_names(self) -> None:
        """Errors: Invalid when a deputy seconds it twice."""
        names = self.co_deputyship_ids
        twice = [n for n, name in enumerate(names) if name in names[:n]]
        if twice:
            faults = [FieldError(f"body.co_deputyship_ids.{n}", "附议代表重复") for n in twice]
            raise Invalid("同一代表只能附议一次", errors=faults)

    def check_supervision(self) -> None:
        """Errors: Invalid when a leader supervises what is not marked for it."""
        if self.supervised_by and not self.key:
            message = "写明了督办领导的，须同时标明是重点督办建议"
            raise Invalid(message, errors=[FieldError("body.supervised_by", message)])

    def check_withheld(self) -> None:
        """Errors: Invalid when the words of a case are chosen for the summary, and are not to be made public."""
        if self.withheld_for is not None and self.case is not None and self.case.in_report:
            message = "不予公开的建议，案例不能写入总结"
            raise Invalid(message, errors=[FieldError("body.case.in_report", message)])

    def with_step(self, step: SuggestionStep) -> "Suggestion":
        """The suggestion after one more step. Errors: RecordVoided, WrongState, DatesOutOfOrder."""
        self.check_in_force()
        target, allowed = NEXT[step.action]
        doing = ACTION_LABELS[step.action]
        if self.state not in allowed:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，不能{doing}")
        if step.action is Action.ANSWERED and self.forwarded_to is None:
            raise WrongState("建议没有转县，不能登记县级答复")
        if step.action is Action.CLOSED and self.result is Satisfaction.DISSATISFIED and not self._redone:
            raise WrongState("代表对办理结果不满意，须先退回重办，再次答复后才能办结")
        latest = max([self.raised_on, *(s.on for s in self.steps if s.on is not None)])
        if step.on is not None and step.on < latest:
            message = f"{doing}日期 {step.on} 早于此前的 {latest}"
            raise DatesOutOfOrder(message, errors=[FieldError("body.on", message)])
        return self.model_copy(update={**effect(step), "state": target, "steps": (*self.steps, step)})

    @property
    def in_order(self) -> tuple[int, str]:
        """The order of lists: by year and number."""
        return self.year, str(self.number).zfill(9)

    @property
    def awaited_on(self) -> date | None:
        """Date by which a reply is due, if one is awaited."""
        if self.is_voided:
            return None
        match self.state:
            case State.ASSIGNED:
                return self.due_on
            case State.REDO:
                return self.redo_due_on
        return None

    def urged(self, on: date, warning_days: int) -> date:
        """The due date that a unit is reminded of. Errors: WrongState where no reply is awaited or due soon."""
        due_on = self.awaited_on
        if due_on is None:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，没有等待答复的期限，不用催办")
        if on < due_on - timedelta(days=warning_days):
            raise WrongState(
                f"答复期限为 {due_on}，还有 {(due_on - on).days} 天，期限前 {warning_days} 天起催办"
            )
        return due_on

    def assigned(self) -> SuggestionStep:
        """The assignment in force. Errors: RecordVoided, WrongState where there is none."""
        self.check_in_force()
        steps = [step for step in self.steps if step.action is Action.ASSIGNED]
        if self.unit is None or not steps:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，没有交办，不能印交办单")
        return steps[-1]

    def before_redo(self) -> "Suggestion":
        """As it was assigned and extended, without the redo of its reply."""
        steps = tuple(step for step in self.steps if step.action is not Action.REDONE)
        return self.model_copy(update={"steps": steps})

    @property
    def rate_by(self) -> date | None:
        """The last day for the deputy to evaluate a reply, if that is awaited and has a day."""
        awaited = self.state is State.REPLIED and not self.is_voided
        return self.steps[-1].rate_by if awaited and self.steps else None

    @property
    def _redone(self) -> bool:
        return any(step.action is Action.REDONE for step in self.steps)

    def undone(self) -> "Suggestion":
        """The suggestion without its last step. Errors: RecordVoided, WrongState."""
        self.check_in_force()
        if not self.steps:
            raise WrongState("尚未办理，没有可以撤销的步骤")
        fresh = {name: type(self).model_fields[name].default for name in _FROM_STEPS}
        suggestion = self.model_copy(update=fresh)
        for step in self.steps[:-1]:
            suggestion = suggestion.with_step(step)
        return suggestion

    def assignment(
        self,
        unit: str,
        on: date,
        rules: Rules,
        *,
        co_units: tuple[str, ...] = (),
        session_end: date | None = None,
    ) -> SuggestionStep:
        """`session_end`: the last day of the session it was raised at, from which some towns count the months."""
        start: Start = "assigned"
        start_on = on
        if rules.reply_from == "session_end" and session_end is not None:
            start, start_on = "session_end", session_end
        return SuggestionStep(
            action=Action.ASSIGNED,
            on=on,
            unit=unit,
            co_units=co_units,
            return_by=rules.return_by(on),
            **_due(start, start_on, rules.reply_months, rules),
        )

    def extension(
        self, on: date, reason: str, rules: Rules, *, consent_by: str | None = None
    ) -> SuggestionStep:
        """An extension, once per assignment and counted from the same day. Errors: WrongState."""
        assigned, assigned_on = self.check_extensible()
        months = rules.reply_months + rules.reply_extension_months
        due = _due(assigned.start or "assigned", assigned.start_on or assigned_on, months, rules)
        return SuggestionStep(action=Action.EXTENDED, on=on, reason=reason, consent_by=consent_by, **due)

    def check_extensible(self) -> tuple[SuggestionStep, date]:
        """The assignment whose deadline may be extended, and its day. Errors: RecordVoided, WrongState."""
        self.check_in_force()
        if self.assigned_on is None or self.state is not State.ASSIGNED:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，不能延期")
        if self.steps[-1].action is Action.EXTENDED:
            raise WrongState("答复期限只能延长一次")
        return self.steps[-1], self.assigned_on

    def redo(self, on: date | None, rules: Rules) -> SuggestionStep:
        """A redo step, with a due date where its day is known."""
        due = {} if on is None else _due("redone", on, rules.redo_months, rules)
        return SuggestionStep(action=Action.REDONE, on=on, **due)

    def deadline(self, rules: Rules) -> Deadline:
        """The derivation of the latest due date. Errors: WrongState where there is none."""
        found = self.deadline_if_any(rules)
        if found is None:
            raise WrongState(f"建议目前“{STATE_LABELS[self.state]}”，没有答复期限")
        return found

    def deadline_if_any(self, rules: Rules) -> Deadline | None:
        for step in reversed(self.steps):
            if step.due_on is None:
                continue
            start_on = step.start_on or self.assigned_on or step.on
            if start_on is not None:
                return deadline(
                    step.start or "assigned",
                    start_on,
                    step.months or rules.reply_months,
                    working_day=rules.next_working_day,
                    calendar=rules.calendar,
                    recorded=step.due_on,
                )
        return None


_FROM_STEPS: Final = (
    *(
        "state",
        "unit",
        "co_units",
        "assigned_on",
        "due_on",
        "replied_on",
        "class_",
        "interviewed",
        "process",
        "result",
    ),
    *("rated_on", "redo_due_on", "forwarded_to", "forwarded_on", "county_reference", "answered_on"),
    *("closed_on", "rejected_on", "rejected_for", "steps"),
)


def _due(start: Start, start_on: date, months: int, rules: Rules) -> dict[str, object]:
    due = deadline(start, start_on, months, working_day=rules.next_working_day, calendar=rules.calendar)
    return {"start": start, "start_on": start_on, "months": months, "due_on": due.due_on}
