"""Figures of suggestions, and the handling of a suggestion up to a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from services.reports.events_in import Suggestion, SuggestionStep
from services.reports.figures.definition import Definition, FigureKind, Measured, count, rate, refs
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year


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
        now = replace(now, **_changed(now, step, return_by))
        if done_on is not None:
            now = replace(now, on={**now.on, step.action: done_on})
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


def overdue(suggestion: Suggestion, day: date) -> bool:
    """Whether the suggestion was due before `day` and not replied by then."""
    now = handling(suggestion, day)
    return now.assigned and not now.replied and now.due_on is not None and now.due_on < day


def carried_over(year: Year) -> list[LedgerFact[Suggestion]]:
    """Suggestions of earlier years neither closed nor rejected at the start of this one."""
    eve = year.start - timedelta(days=1)
    open_facts = []
    for fact in year.earlier_suggestions:
        then = handling(fact.data, eve)
        if not then.closed and not then.rejected:
            open_facts.append(fact)
    return open_facts


def selected(year: Year, keep: Callable[[Suggestion, Handling], bool]) -> list[LedgerFact[Suggestion]]:
    return [f for f in year.suggestions if keep(f.data, handling(f.data, year.as_of))]


def _counting(keep: Callable[[Suggestion, Handling], bool]) -> Callable[[Year], Measured]:
    return lambda year: count(selected(year, keep))


def _reply_rate(year: Year) -> Measured:
    assigned = selected(year, lambda _, now: now.assigned)
    answered = selected(year, lambda _, now: now.assigned and now.replied)
    return rate(len(answered), len(assigned), refs(assigned))


def _replied(year: Year) -> list[tuple[LedgerFact[Suggestion], Handling]]:
    handled = [(fact, handling(fact.data, year.as_of)) for fact in year.suggestions]
    return [(fact, now) for fact, now in handled if now.replied]


def _on_time(year: Year) -> Measured:
    replied = _replied(year)
    return rate(sum(not now.replied_late for _, now in replied), len(replied), refs(f for f, _ in replied))


def _interviewed(year: Year) -> Measured:
    replied = _replied(year)
    if replied and all(now.interviewed is None for _, now in replied):
        return Measured.missing(refs(f for f, _ in replied))
    return rate(sum(now.interviewed is True for _, now in replied), len(replied), refs(f for f, _ in replied))


def _units(year: Year) -> Measured:
    assigned = [f for f in year.suggestions if handling(f.data, year.as_of).assigned]
    named = {f.data.unit for f in assigned if f.data.unit}
    return (
        Measured.missing(refs(assigned)) if assigned and not named else Measured(len(named), refs(assigned))
    )


def _definition(id: str, label: str, words: str, keep: Callable[[Suggestion, Handling], bool]) -> Definition:
    return Definition(f"suggestions.{id}", label, words, "件", FigureKind.COUNT, _counting(keep))


def _class(letter: str, words: str) -> Definition:
    upper = letter.upper()
    return _definition(
        f"class.{letter}",
        f"{upper}类答复",
        f"统计期内提出、截止日以前已答复的代表建议中，最近一次答复为{upper}类（{words}）的件数。",
        lambda _, now: now.replied and now.reply_class == letter,
    )


def _result(code: str, label: str) -> Definition:
    return _definition(
        code,
        f"代表对办理结果{label}",
        f"统计期内提出的代表建议中，截止日以前最近一次测评结果为{label}的件数。",
        lambda _, now: now.result == code,
    )


DEFINITIONS = (
    _definition("raised", "代表建议", "提出日期在统计期内的代表建议、批评和意见件数。", lambda *_: True),
    _definition(
        "at_session",
        "大会期间提出",
        "统计期内提出的代表建议中，在人民代表大会会议期间提出的件数。",
        lambda s, _: s.raised_at == "session" or (not s.raised_at and s.session_id is not None),
    ),
    _definition(
        "between_sessions",
        "闭会期间提出",
        "统计期内提出的代表建议中，在闭会期间提出的件数。",
        lambda s, _: s.raised_at == "between",
    ),
    _definition(
        "assigned",
        "已交办",
        "统计期内提出的代表建议中，截止日（含）以前已交办的件数；退回后尚未重新交办的不计。",
        lambda _, now: now.assigned,
    ),
    _definition(
        "replied",
        "已答复",
        "统计期内提出的代表建议中，截止日（含）以前已答复的件数。",
        lambda _, now: now.replied,
    ),
    _definition(
        "in_hand",
        "在办",
        "统计期内提出、截止日以前已交办而尚未答复的代表建议件数。",
        lambda _, now: now.assigned and not now.replied,
    ),
    _definition(
        "replied_late",
        "逾期答复",
        "已答复的代表建议中，首次答复日期晚于答复期限的件数，另列。",
        lambda _, now: now.replied_late,
    ),
    _definition(
        "forwarded",
        "转县办理",
        "统计期内提出的代表建议中，截止日（含）以前已转交县级有关单位的件数；不再计入已交办。",
        lambda _, now: now.forwarded,
    ),
    _definition(
        "forwarded_answered",
        "县级已答复",
        "转县办理的代表建议中，截止日（含）以前县级已答复的件数；不计入镇级已答复。",
        lambda _, now: now.forwarded and now.answered,
    ),
    _definition(
        "rejected",
        "不予受理",
        "统计期内提出的代表建议中，截止日（含）以前决定不予受理的件数；仍计入代表建议件数。",
        lambda _, now: now.rejected,
    ),
    Definition(
        "suggestions.carried_over",
        "上年结转",
        "统计期以前提出、起始日尚未办结的代表建议件数；仍按提出日期统计，不计入本期的代表建议件数。",
        "件",
        FigureKind.COUNT,
        lambda y: count(carried_over(y)),
    ),
    Definition(
        "suggestions.overdue",
        "逾期未答复",
        "统计期内提出、已交办的代表建议中，答复期限早于截止日而截止日（含）以前尚未答复的件数。",
        "件",
        FigureKind.COUNT,
        lambda y: count([f for f in y.suggestions if overdue(f.data, y.as_of)]),
    ),
    Definition(
        "suggestions.reply_rate",
        "答复率",
        "已交办的代表建议中已答复的件数÷已交办的件数。",
        "",
        FigureKind.RATE,
        _reply_rate,
    ),
    Definition(
        "suggestions.units",
        "承办单位",
        "统计期内提出、截止日（含）以前已交办的代表建议的承办单位个数，同一单位只计一次；均未登记单位的为缺数据。",
        "个",
        FigureKind.COUNT,
        _units,
    ),
    Definition(
        "suggestions.on_time_rate",
        "按期答复率",
        "已答复的代表建议中首次答复不晚于答复期限的件数÷已答复的件数。",
        "",
        FigureKind.RATE,
        _on_time,
    ),
    Definition(
        "suggestions.interviewed_rate",
        "面商率",
        "已答复的代表建议中最近一次答复登记为已与代表见面沟通的件数÷已答复的件数；均未登记的为缺数据。",
        "",
        FigureKind.RATE,
        _interviewed,
    ),
    _definition(
        "redone",
        "重新办理",
        "统计期内提出的代表建议中，截止日（含）以前因代表不满意等原因重新交办的件数。",
        lambda _, now: now.redone,
    ),
    _definition(
        "rated",
        "已作满意度评价",
        "统计期内提出的代表建议中，截止日（含）以前代表对办理结果作出评价的件数。",
        lambda _, now: bool(now.result),
    ),
    _class("a", "已经解决或基本解决"),
    _class("b", "正在解决"),
    _class("c", "列入计划"),
    _class("d", "说明情况、留作参考"),
    _result("satisfied", "满意"),
    _result("basically_satisfied", "基本满意"),
    _result("dissatisfied", "不满意"),
)
