"""What the congress's office had to work with in the years of the period: staff, and money in yuan."""

from collections.abc import Callable, Mapping

from recount.answer import Answer, Nothing, added
from recount.books import Books
from recount.log import Data

Count = Callable[[Books], Answer]


def _years(books: Books) -> list[Data]:
    wanted = range(books.first.year, books.last.year + 1)
    return sorted(
        (one for one in books.all("office") if one.get("year") in wanted), key=lambda one: one["year"]
    )


def _summed(field: str) -> Count:
    return lambda books: added(one.get(field) for one in _years(books)) if _years(books) else Nothing.MISSING


def _latest(field: str) -> Count:
    def answer(books: Books) -> Answer:
        said = _years(books)[-1].get(field) if _years(books) else None
        return said if isinstance(said, int) else Nothing.MISSING

    return answer


FIGURES: Mapping[str, Count] = {
    "office.funds_budgeted": _summed("funds_budgeted"),
    "office.funds_spent": _summed("funds_spent"),
    "office.staff": _latest("staff"),
    "office.full_time_staff": _latest("full_time_staff"),
}
