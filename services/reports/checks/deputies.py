"""Findings about deputies, their groups and their training."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from services.reports.checks.draft import Books, Draft, finding
from services.reports.checks.expected import Expected
from services.reports.domain.periods import PeriodKind
from services.reports.figures.attendance import attendees
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.mandates import in_group
from services.reports.figures.year import Year, leader
from services.reports.notation import group_name

_SMALLEST_GROUP = 3
_CONTACTS = ("reception", "visit", "contact")


def roster(books: Books) -> Iterator[Draft]:
    vacant, quota = books.figures["deputies.town.vacant"], books.figures["deputies.town.quota"]
    if quota.value is None:
        yield finding("deputies.quota_unknown", f"{books.year.rank}代表名额未登记，缺额无从计算。")
    elif isinstance(vacant.value, int) and vacant.value < 0:
        message = f"现有{books.year.rank}代表比名额{quota.value}名多{-vacant.value}名，请核对名册。"
        yield Draft("deputies.over_quota", message, vacant.records)
    town_groups = [group for group in books.year.groups if group.data.level == "town"]
    loose = books.value("deputies.town.serving") - books.value("deputies.town.grouped")
    if town_groups and loose:
        outside = [f for f in books.year.serving("town") if not _grouped(books.year, f)]
        yield finding("deputies.ungrouped", f"有{loose}名在任{books.year.rank}代表未编入代表小组。", outside)


def _grouped(year: Year, fact: LedgerFact[Any]) -> bool:
    return any(in_group(fact.data, group.data.id, year.as_of) for group in year.groups)


def groups(books: Books) -> Iterator[Draft]:
    year = books.year
    for fact in year.groups:
        group, name = fact.data, group_name(fact.data)
        members = [f for f in year.serving() if in_group(f.data, group.id, year.as_of)]
        if len(members) < _SMALLEST_GROUP:
            message = f"{name}现有成员{len(members)}名，不足{_SMALLEST_GROUP}名。"
            yield finding("group.small", message, [fact, *members], key=group.number)
        if leader(year, group) is None:
            yield finding("group.leader", f"{name}没有登记组长。", [fact], key=group.number)
    for expectation in books.short("group.activities"):
        message = f"{_group(expectation)}开展小组活动{expectation.recorded}次，规定每年不少于{expectation.required}次。"
        yield finding("group.activities", message, expectation.records, key=expectation.key)
    for expectation in books.short("group.plan"):
        yield finding(
            "group.plan",
            f"{_group(expectation)}没有登记本年度活动计划。",
            expectation.records,
            key=expectation.key,
        )


def _group(expectation: Expected) -> str:
    return group_name(expectation.about.data) if expectation.about else ""


def training(books: Books) -> Iterator[Draft]:
    year = books.year
    trainings = year.activities("training")
    if books.short("training.none"):
        yield finding("training.none", "统计期内没有组织代表学习培训的记录。")
    trained = attendees(year, trainings)
    if not trained:
        return
    missed = [f for f in year.serving("town") if year.person_of(f.data.id) not in trained]
    if missed:
        message = f"有{len(missed)}名在任{year.rank}代表统计期内没有参加学习培训的记录。"
        yield finding("training.uncovered", message, missed)


def supervision(books: Books) -> Iterator[Draft]:
    if books.short("supervision.none"):
        yield finding("supervision.none", "统计期内没有组织代表视察、专题调研、执法检查的记录。")


def contacts(books: Books) -> Iterator[Draft]:
    """Deputies of the whole year with fewer contacts than required, in one finding near the end of the year."""
    year = books.year
    least = year.rules.voter_contacts_per_deputy
    if year.period.kind is not PeriodKind.YEAR or year.as_of < date(year.year, 12, 1):
        return
    met = Counter(
        person for fact in year.activities(*_CONTACTS) for person in year.turnout(fact.data).attended
    )
    since = {fact.data.id for fact in year.serving("town", day=year.start)}
    few = [
        fact
        for fact in year.serving("town")
        if fact.data.id in since and met[year.person_of(fact.data.id)] < least
    ]
    if few:
        whose = f"有{len(few)}名全年在任的{year.rank}代表"
        message = f"{whose}登记的接待、走访等联系选民活动不足{least}次，请核对是否登记齐全。"
        yield finding("deputies.contacts", message, few)
