"""What is to be done next on a day about suggestions, plans and decisions of the presidium."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from services.activities.domain.meetings import PresidiumMeeting
from services.activities.domain.plans import Plan
from services.activities.domain.steps import State
from services.activities.domain.suggestions import Suggestion

_REPLY: Final = "代表法（2025）第五十一条"
_RATING: Final = "本乡镇规则：答复后的评价期限"
_OPEN: Final = {
    State.RAISED: "尚未交办",
    State.RETURNED: "承办单位已退回，须另行交办",
    State.FORWARDED: "已转县级，等待答复",
}


class Next(NamedTuple):
    """The next step of a record; `due_on` is None where no rule names a day."""

    kind: str
    due_on: date | None
    subject: str
    text: str
    basis: str
    action: str


def next_steps(
    suggestions: Sequence[Suggestion],
    plans: Sequence[Plan],
    meetings: Sequence[PresidiumMeeting],
    on: date,
    last: date,
) -> Iterator[Next]:
    """Steps due by `last`, those that were due before `on` included."""
    for suggestion in suggestions:
        yield from _of_suggestion(suggestion, last)
    for plan in plans:
        yield from _of_plan(plan, last)
    for meeting in meetings:
        yield from _of_meeting(meeting, on, last)


def _of_suggestion(suggestion: Suggestion, last: date) -> Iterator[Next]:
    subject, name = f"suggestion/{suggestion.id}", f"{suggestion.number}号建议《{suggestion.title}》"
    match suggestion.state:
        case State.RAISED | State.RETURNED:
            text = f"{name}{_OPEN[suggestion.state]}"
            yield Next("suggestion_assignment", None, subject, text, _REPLY, "交办")
        case State.FORWARDED:
            text = f"{name}{_OPEN[suggestion.state]}"
            yield Next("suggestion_answer", None, subject, text, _REPLY, "登记县级答复")
        case State.ASSIGNED | State.REDO:
            due_on, text = suggestion.awaited_on, f"{name}等待{suggestion.unit or '承办单位'}答复"
            if due_on is None or due_on <= last:
                yield Next("suggestion_reply", due_on, subject, text, _REPLY, "登记答复")
        case State.REPLIED:
            rate_by = suggestion.rate_by
            if rate_by is None or rate_by <= last:
                text = f"{name}已答复，等待代表评价"
                yield Next("suggestion_rating", rate_by, subject, text, _RATING, "登记评价")


def _of_plan(plan: Plan, last: date) -> Iterator[Next]:
    for item in plan.items:
        due_on = item.awaited_on
        if due_on is not None and due_on <= last:
            yield Next("plan_item", due_on, f"plan/{plan.id}", item.title, f"{plan.year}年度计划", "登记完成")


def _of_meeting(meeting: PresidiumMeeting, on: date, last: date) -> Iterator[Next]:
    for _, decision in meeting.open_decisions(on):
        if decision.due_on is None or decision.due_on <= last:
            yield Next(
                "decision",
                decision.due_on,
                f"presidium_meeting/{meeting.id}",
                decision.text,
                f"{meeting.year}年第{meeting.number}次主席团会议议定事项",
                "登记落实",
            )
