"""Figures of suggestions."""

from collections.abc import Callable
from typing import Final

from services.reports.domain import RecordRef
from services.reports.events_in import Suggestion
from services.reports.figures.definition import Definition, FigureKind, Measured, count, ordered, rate, refs
from services.reports.figures.handling import Handling
from services.reports.figures.index import entered
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year

SUGGESTIONS: Final = "activities.suggestion"


def overdue(year: Year, suggestion: Suggestion) -> bool:
    """Whether the suggestion was due before the day of the figures and not replied by then."""
    now = year.handling(suggestion)
    return now.assigned and not now.replied and now.due_on is not None and now.due_on < year.as_of


def carried_over(year: Year) -> list[RecordRef]:
    """Suggestions of earlier years neither closed nor rejected at the start of this one, read or not."""
    read = (entered(SUGGESTIONS, fact) for fact in year.ledger.by_id(Suggestion).values())
    entries = (*read, *year.ledger.unread.get(SUGGESTIONS, {}).values())
    return [entry.ref for entry in entries if entry.open_at(year.start)]


def _carried_over(year: Year) -> Measured:
    records = carried_over(year)
    return Measured(len(records), ordered(records))


def selected(year: Year, keep: Callable[[Suggestion, Handling], bool]) -> list[LedgerFact[Suggestion]]:
    return [f for f in year.suggestions if keep(f.data, year.handling(f.data))]


def _counting(keep: Callable[[Suggestion, Handling], bool]) -> Callable[[Year], Measured]:
    return lambda year: count(selected(year, keep))


def _reply_rate(year: Year) -> Measured:
    assigned = selected(year, lambda _, now: now.assigned)
    answered = selected(year, lambda _, now: now.assigned and now.replied)
    return rate(len(answered), len(assigned), refs(assigned))


def _replied(year: Year) -> list[tuple[LedgerFact[Suggestion], Handling]]:
    handled = [(fact, year.handling(fact.data)) for fact in year.suggestions]
    return [(fact, now) for fact, now in handled if now.replied]


def _on_time(year: Year) -> Measured:
    replied = _replied(year)
    return rate(sum(not now.replied_late for _, now in replied), len(replied), refs(f for f, _ in replied))


def _interviewed(year: Year) -> Measured:
    replied = _replied(year)
    if replied and all(now.interviewed is None for _, now in replied):
        return Measured.missing(refs(f for f, _ in replied))
    return rate(sum(now.interviewed is True for _, now in replied), len(replied), refs(f for f, _ in replied))


def _units(names: Callable[[Suggestion], tuple[str, ...]]) -> Callable[[Year], Measured]:
    """Distinct units; missing where no unit of an assigned suggestion is recorded."""

    def measure(year: Year) -> Measured:
        assigned = selected(year, lambda _, now: now.assigned)
        if assigned and not any(f.data.unit for f in assigned):
            return Measured.missing(refs(assigned))
        return Measured(len({name for f in assigned for name in names(f.data) if name}), refs(assigned))

    return measure


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
        "统计期内提出的代表建议中，截止日（含）以前已由承办（主办）单位答复的件数；代表不满意、退回重办的仍计入。",
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
        "转上级办理",
        "统计期内提出的代表建议中，截止日（含）以前已转交县级有关单位的件数；不再计入已交办。",
        lambda _, now: now.forwarded,
    ),
    _definition(
        "forwarded_answered",
        "县级已答复",
        "转上级办理的代表建议中，截止日（含）以前上级已答复的件数；不计入本级已答复。",
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
        _carried_over,
    ),
    Definition(
        "suggestions.overdue",
        "逾期未答复",
        "统计期内提出、已交办的代表建议中，答复期限早于截止日而截止日（含）以前尚未答复的件数。",
        "件",
        FigureKind.COUNT,
        lambda y: count([f for f in y.suggestions if overdue(y, f.data)]),
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
        "统计期内提出、截止日（含）以前已交办的代表建议的承办单位个数，主办、会办都计，同一单位只计一次；均未登记单位的为缺数据。",
        "个",
        FigureKind.COUNT,
        _units(lambda s: (s.unit, *s.co_units)),
    ),
    Definition(
        "suggestions.lead_units",
        "主办单位",
        "统计期内提出、截止日（含）以前已交办的代表建议的主办单位个数，同一单位只计一次；均未登记单位的为缺数据。",
        "个",
        FigureKind.COUNT,
        _units(lambda s: (s.unit,)),
    ),
    Definition(
        "suggestions.co_units",
        "会办单位",
        "统计期内提出、截止日（含）以前已交办的代表建议的会办单位个数，同一单位只计一次，"
        "也主办其他建议的照计；均未登记单位的为缺数据。",
        "个",
        FigureKind.COUNT,
        _units(lambda s: s.co_units),
    ),
    _definition(
        "joint",
        "共同办理",
        "统计期内提出、截止日（含）以前已交办的代表建议中，有会办单位的件数；每件只计一次，由主办单位答复。",
        lambda s, now: now.assigned and bool(s.co_units),
    ),
    _definition(
        "key",
        "重点督办",
        "统计期内提出的代表建议中，确定为重点督办的件数；不予受理的仍计入。",
        lambda s, _: s.key,
    ),
    _definition(
        "key_replied",
        "重点督办已答复",
        "重点督办的代表建议中，截止日（含）以前已答复的件数，含县级答复；代表对答复不满意的仍计入。",
        lambda s, now: s.key and (now.replied or now.answered),
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
