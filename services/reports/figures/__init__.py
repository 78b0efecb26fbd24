"""Figures: all definitions of the contract, and how they are computed and printed."""

from collections.abc import Mapping

from services.reports.domain import Amount, Figure, FigureStatus
from services.reports.figures import (
    activities,
    cases,
    changes,
    congress,
    contact,
    deputies,
    inquiries,
    livelihood,
    office,
    plans,
    ratings,
    suggestions,
    votes,
)
from services.reports.figures.definition import Definition, FigureKind
from services.reports.figures.ledger import Ledger, LedgerFact, fold
from services.reports.figures.year import Year
from shared.chinese.percent import percent

__all__ = [
    "BY_ID",
    "DEFINITIONS",
    "Definition",
    "FigureKind",
    "Ledger",
    "LedgerFact",
    "Year",
    "compute",
    "fold",
    "moved",
    "shown",
]

DEFINITIONS: tuple[Definition, ...] = (
    *congress.DEFINITIONS,
    *votes.DEFINITIONS,
    *livelihood.DEFINITIONS,
    *activities.DEFINITIONS,
    *inquiries.DEFINITIONS,
    *contact.DEFINITIONS,
    *cases.DEFINITIONS,
    *deputies.DEFINITIONS,
    *changes.DEFINITIONS,
    *suggestions.DEFINITIONS,
    *ratings.DEFINITIONS,
    *plans.DEFINITIONS,
    *office.DEFINITIONS,
)
BY_ID: Mapping[str, Definition] = {definition.id: definition for definition in DEFINITIONS}

_WORDS = {FigureStatus.MISSING: "缺数据", FigureStatus.NOT_APPLICABLE: "不适用"}
_FINEST = 9  # decimals of a change, beyond which binary fractions differ


def compute(year: Year) -> dict[str, Figure]:
    """Every figure of the contract for one town's period, by id, in the order of the definitions."""
    earlier = year.earlier
    nothing = FigureStatus.NOT_APPLICABLE if earlier is None else FigureStatus.MISSING
    comparable = earlier if earlier is not None and earlier.comparable else None
    return {
        definition.id: _compared(definition.figure(year), definition, comparable, Amount(status=nothing))
        for definition in DEFINITIONS
    }


def _compared(figure: Figure, definition: Definition, earlier: Year | None, absent: Amount) -> Figure:
    if earlier is None:
        return figure.model_copy(update={"previous": absent})
    before = definition.measure(earlier)
    previous = Amount(
        value=before.value,
        numerator=before.numerator,
        denominator=before.denominator,
        status=before.settled(),
    )
    change = None
    if figure.value is not None and before.value is not None:
        change = round(figure.value - before.value, _FINEST)
    return figure.model_copy(update={"previous": previous, "change": change})


def shown(figure: Figure | Amount) -> str:
    """A figure in print: whole number, percentage, 缺数据 or 不适用."""
    if figure.status in _WORDS:
        return _WORDS[figure.status]
    if figure.numerator is not None and figure.denominator:
        return percent(figure.numerator, figure.denominator)
    return str(figure.value)


def moved(figure: Figure) -> str:
    """The change in print: signed, of rates in percentage points; empty where there is none."""
    if figure.change is None:
        return ""
    if not figure.change:
        return "持平"
    sign = "+" if figure.change > 0 else "-"
    if figure.denominator is None:
        return f"{sign}{abs(figure.change)}"
    return f"{sign}{abs(figure.change) * 100:.1f}个百分点"
