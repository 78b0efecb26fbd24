"""Figures of case material: activities and suggestions of the period of which a case is told whole."""

from collections.abc import Callable
from typing import Any

from services.reports.figures.definition import Definition, FigureKind, count
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year

CaseFact = LedgerFact[Any]
"""An activity or a suggestion."""


def cases(year: Year) -> list[CaseFact]:
    """Records with a whole case: activities by day, then suggestions by number."""
    records: list[CaseFact] = [*year.all_activities, *year.suggestions]
    return [fact for fact in records if fact.data.case.whole]


def in_report(year: Year) -> list[CaseFact]:
    return [fact for fact in cases(year) if fact.data.case.in_report]


def _definition(name: str, label: str, words: str, facts: Callable[[Year], list[CaseFact]]) -> Definition:
    return Definition(f"cases.{name}", label, words, "个", FigureKind.COUNT, lambda year: count(facts(year)))


DEFINITIONS = (
    _definition(
        "recorded",
        "整理的案例",
        "统计期内举行的活动、提出的代表建议中，提出的问题、办理的经过、取得的效果三项都写了案例材料的个数。",
        cases,
    ),
    _definition("in_report", "写入总结的案例", "整理的案例中，由办公室选定写入总结的个数。", in_report),
)
