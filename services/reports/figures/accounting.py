"""Account of all records: counted in some figure, or excluded with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from itertools import chain
from typing import Any

from services.reports.domain import Excluded, Figure
from services.reports.events_in import Activity, Deputyship, Meeting, Person, Plan, Voidable
from services.reports.figures.ledger import Entry, LedgerFact, Referred
from services.reports.figures.mandates import suspended
from services.reports.figures.year import Year
from services.reports.notation import full_day_text

_DATED = {
    "session": "held_on",
    "presidium_meeting": "held_on",
    "activity": "held_on",
    "meeting": "held_on",
    "opinion": "received_on",
    "suggestion": "raised_on",
    "by_election": "held_on",
}
_REFERENCE = {
    "town": "行政区划的基本情况，供其他数字引用",
    "person": "现无在任的代表职务",
    "constituency": "选区资料，不单独计数",
    "term": "届次资料，供核对引用",
    "task": "待审查事项，不单独计数",
    "office": "机构和经费资料，不属于统计期内的年度",
    "scheme": "评议办法，随测评会引用",
    "group": "截止日不存在",
    "station": "截止日未开放",
    "absence": "提请核实的事项，缺席以会议考勤为准",
    "duty_report": "所属述职测评会不在统计之内，或未登记述职形式",
}


@dataclass
class Account:
    """Records of one source: total, counted, excluded with reasons; those voided, each with its day."""

    total: int = 0
    counted: int = 0
    excluded: list[Excluded] = field(default_factory=list)
    voided: list[tuple[date | None, Referred]] = field(default_factory=list)


def account(year: Year, figures: Iterable[Figure]) -> Mapping[str, Account]:
    """Accounts by stream (`/{town}/{service}`); excluded records in the order of entry."""
    counted = _sequences(figures)
    read: dict[str, dict[int, tuple[str, LedgerFact[Any]]]] = {}
    for kind, facts in year.ledger.facts.items():
        for fact in facts.values():
            read.setdefault(fact.ref.source, {})[fact.ref.sequence] = kind.partition(".")[2], fact
    unread: dict[str, dict[int, Entry]] = {}
    for entries in year.ledger.unread.values():
        for one in entries.values():
            unread.setdefault(one.source, {})[one.sequence] = one
    outside = cache(partial(_outside, year))
    accounts = {}
    for source in sorted(read.keys() | unread.keys()):
        own, others, some = read.get(source, {}), unread.get(source, {}), counted.get(source, set())
        accounts[source] = now = Account(total=len(own) + len(others))
        for sequence in sorted((*own, *others)):
            if sequence in some:
                now.counted += 1
            elif (entry := others.get(sequence)) is not None:
                reason = entry.excluded or outside(entry.day)
                now.excluded.append(Excluded(subject=entry.subject, reason=reason))
                if entry.excluded:
                    now.voided.append((entry.day, entry))
            else:
                _leave_out(now, year, *own[sequence])
    return accounts


def _sequences(figures: Iterable[Figure]) -> Mapping[str, set[int]]:
    """By source, the sequences of the records that a figure counts."""
    counted: dict[str, set[int]] = {}
    for ref in chain.from_iterable(figure.records for figure in figures):
        counted.setdefault(ref.source, set()).add(ref.sequence)
    return counted


def _leave_out(account: Account, year: Year, noun: str, fact: LedgerFact[Any]) -> None:
    reason = why_not(year, noun, fact.data)
    if reason:
        account.excluded.append(Excluded(subject=fact.ref.subject, reason=reason))
    if fact.data.voided:
        account.voided.append((_day_of(noun, fact.data), fact))


def why_not(year: Year, noun: str, data: Any) -> str:
    """Reason why no figure counts a record; empty where there is none, which is a finding."""
    if data.voided:
        return voided_because(data)
    if noun in _DATED:
        outside = _outside(year, _day_of(noun, data))
        if outside:
            return outside
    if isinstance(data, Meeting) and data.result is None:
        return "测评结果尚未公布"
    if isinstance(data, Activity):
        return f"活动种类“{data.kind}”不在统计口径之内"
    if isinstance(data, Person) and data.merged_into:
        return "重复登记，已并入同一人的另一条"
    if isinstance(data, Plan):
        return f"{data.year}年度的计划" if data.year not in year.years else ""
    if isinstance(data, Deputyship):
        return _not_serving(year, data)
    return _REFERENCE.get(noun, "")


def _day_of(noun: str, data: Any) -> date | None:
    """The business day of a record of a dated kind."""
    day: date | None = getattr(data, _DATED[noun]) if noun in _DATED else None
    return day


def voided_because(data: Voidable) -> str:
    return f"已作废：{data.void_reason or '未写原因'}"


def _outside(year: Year, day: date | None) -> str:
    if day is None:
        return "没有登记日期"
    if year.within(day):
        return ""
    return f"日期{full_day_text(day)}不在统计期内"


def _not_serving(year: Year, deputyship: Deputyship) -> str:
    if suspended(deputyship, year.as_of):
        return "截止日暂停执行代表职务"
    if deputyship.started_on is not None and deputyship.started_on > year.as_of:
        return "截止日尚未任职"
    return "截止日已不在任"
