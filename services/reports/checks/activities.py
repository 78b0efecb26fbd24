"""Findings about activities: missing fields, receptions, notices, unanswered feedback."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from services.reports.checks.draft import Books, Case, Draft, finding, together
from services.reports.checks.expected import announced
from services.reports.events_in import Activity, Station
from services.reports.figures.feedback import awaited_since, feedback_due
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.year import Year
from services.reports.names import KINDS
from services.reports.notation import full_day_text

NAMED_MOST: Final = 5
Has = Callable[[Activity], bool]


def _opinions(a: Activity) -> bool:
    return a.opinions_count is not None


REQUIRED: Final[dict[str, tuple[tuple[str, Has], ...]]] = {
    "group_activity": (("小组", lambda a: bool(a.groups)),),
    "inspection": (("点位数", lambda a: a.sites_count is not None), ("意见条数", _opinions)),
    "research": (("报告篇数", lambda a: a.reports_count is not None),),
    "law_check": (("涉及的法律", lambda a: bool(a.laws)), ("意见条数", _opinions)),
    "review": (("评议的单位和结果", lambda a: bool(a.units) and all(unit.result for unit in a.units)),),
    "inquiry": (("询问的单位和问题", lambda a: bool(a.questions)),),
    "training": (("学习内容", lambda a: bool(a.topics)),),
    "reception": (
        ("活动阵地", lambda a: bool(a.station_id)),
        ("接待选民人次", lambda a: a.voters_count is not None),
    ),
    "visit": (("走访户数或者人次", lambda a: (a.households_count, a.voters_count) != (None, None)),),
    "good_deed": (("受益人数或者金额", lambda a: (a.beneficiaries_count, a.amount_yuan) != (None, None)),),
}
"""By kind: the fields it should have."""


def facts(books: Books) -> Iterator[Draft]:
    """One finding for each kind and field, with all records that lack it."""
    for kind, required_fields in REQUIRED.items():
        held = books.year.activities(kind)
        for what, has in required_fields:
            lacking: list[Case] = [(fact.data.held_on, [fact]) for fact in held if not has(fact.data)]
            words = partial(_lacking, books.year, KINDS[kind], what)
            yield from together(books, "activities.facts", words, lacking, key=f"{kind}/{what}")


def _lacking(year: Year, label: str, what: str, cases: list[Case]) -> str:
    facts = [fact for _, [fact] in cases]
    return f"有{len(facts)}次{label}没有登记{what}：{_named(year, facts)}。"


def receptions(books: Books) -> Iterator[Draft]:
    """Receptions required by the rule pack or announced by the station, and not recorded."""
    for expectation in books.short("stations.receptions"):
        message = f"{expectation.label}应有{expectation.required}场，登记{expectation.recorded}场。"
        yield finding("stations.receptions", message, expectation.records, key=expectation.key)


def notices(books: Books) -> Iterator[Draft]:
    """Receptions announced too late; those on a regular announced day are in time."""
    held = books.year.activities("reception")
    short: list[Case] = [(fact.data.held_on, [fact]) for fact in held if _unannounced(books.year, fact.data)]
    yield from together(books, "stations.notice", partial(_told_late, books.year), short)


def _unannounced(year: Year, reception: Activity) -> bool:
    on, announced_on = reception.held_on, reception.notice_on
    ahead = year.rules_on(on or year.as_of).reception_notice_days
    station = year.ledger.get(Station, reception.station_id)
    if not ahead or on is None or (station is not None and on in announced(year, station)):
        return False
    return announced_on is None or (on - announced_on).days < ahead


def _told_late(year: Year, cases: list[Case]) -> str:
    facts = [fact for _, [fact] in cases]
    return f"有{len(facts)}场接待没有提前公告的记录，或者公告晚于规定的天数：{_named(year, facts)}。"


def _named(year: Year, facts: list[LedgerFact[Activity]]) -> str:
    first = [
        f"{year.dated(fact.data.held_on) if fact.data.held_on else ''}“{fact.data.title}”"
        for fact in facts[:NAMED_MOST]
    ]
    return "、".join(first) + ("等" if len(facts) > NAMED_MOST else "")


def feedback(books: Books) -> Iterator[Draft]:
    """Feedback due some months after opinions were passed on, or after the activity; earlier years included."""
    year = books.year
    for fact in year.ledger.sorted(Activity, lambda a: (by_date(a.held_on), a.title, a.place)):
        activity, fed_back_on = fact.data, fact.data.follow_up.fed_back_on
        start = awaited_since(activity)
        answered = fed_back_on is not None and fed_back_on <= year.as_of
        due_on = feedback_due(year, start) if start is not None else None
        if due_on is None or answered or not (year.start <= due_on < year.as_of):
            continue
        label = KINDS[activity.kind]
        message = (
            f"{label}“{activity.title}”提出意见{activity.opinions_count}条，"
            f"应于{full_day_text(due_on)}前反馈处理情况，没有登记反馈。"
        )
        yield finding(
            "activities.feedback", message, [fact], key=f"{activity.held_on}/{activity.title}", day=start
        )
