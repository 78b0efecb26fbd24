"""Figures of the office in the years of the period: staff, and funds in yuan."""

from collections.abc import Callable, Mapping

from recount.answer import Answer, Nothing, added
from recount.books import Books
from recount.log import Data

Count = Callable[[Books], Answer]


def _years(books: Books) -> list[Data]:
    years = range(books.first.year, books.last.year + 1)
    return sorted(
        (entry for entry in books.all("office") if entry.get("year") in years),
        key=lambda entry: entry["year"],
    )


def _summed(field: str) -> Count:
    return lambda books: (
        added(entry.get(field) for entry in _years(books)) if _years(books) else Nothing.MISSING
    )


def _latest(field: str) -> Count:
    def answer(books: Books) -> Answer:
        value = _years(books)[-1].get(field) if _years(books) else None
        return value if isinstance(value, int) else Nothing.MISSING

    return answer


FIGURES: Mapping[str, Count] = {
    "office.funds_budgeted": _summed("funds_budgeted"),
    "office.funds_spent": _summed("funds_spent"),
    "office.staff": _latest("staff"),
    "office.full_time_staff": _latest("full_time_staff"),
}
