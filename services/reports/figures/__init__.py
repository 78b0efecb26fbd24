"""Counting, defined once: every page, document, export and answer takes its numbers from here."""

from collections.abc import Mapping

from services.reports.domain import Figure, FigureStatus
from services.reports.figures import activities, congress, deputies, plans, ratings, suggestions
from services.reports.figures.definition import Definition, Kind
from services.reports.figures.ledger import Fact, Ledger, fold
from services.reports.figures.year import Year
from shared.shares import percent

__all__ = ["BY_ID", "DEFINITIONS", "Definition", "Fact", "Kind", "Ledger", "Year", "compute", "fold", "shown"]

DEFINITIONS: tuple[Definition, ...] = (
    *congress.DEFINITIONS,
    *activities.DEFINITIONS,
    *deputies.DEFINITIONS,
    *suggestions.DEFINITIONS,
    *ratings.DEFINITIONS,
    *plans.DEFINITIONS,
)
BY_ID: Mapping[str, Definition] = {definition.id: definition for definition in DEFINITIONS}

_WORDS = {FigureStatus.MISSING: "缺数据", FigureStatus.NOT_APPLICABLE: "不适用"}


def compute(year: Year) -> dict[str, Figure]:
    """Every figure of the contract for one town's year, by id, in the order of the definitions."""
    return {definition.id: definition.figure(year) for definition in DEFINITIONS}


def shown(figure: Figure) -> str:
    """The figure as it is printed: a whole number, a percentage, or the word for why there is none."""
    if figure.status in _WORDS:
        return _WORDS[figure.status]
    if figure.numerator is not None and figure.denominator:
        return percent(figure.numerator, figure.denominator)
    return str(figure.value)
