"""Where what belongs to a period stands, and which period a request names."""

from typing import Final

from services.reports.domain.periods import period
from services.reports.errors import NoPeriod
from shared.days import FIRST_DAY, LAST_DAY
from shared.errors import NotFound
from shared.http import Call

PERIODS: Final = {"": "years/{year}", "_of_period": "periods/{period}"}
"""By the ending of an operation's name. A year is the period of its own name; what belongs to a period is offered under
both."""


def period_of(call: Call) -> str:
    """The name of the year or period. Errors: NotFound for a year in which no record can be dated, NoPeriod."""
    if "year" in call.path:
        return str(_year(call.path["year"]))
    name = call.path["period"]
    found = period(name, lambda _: (FIRST_DAY, LAST_DAY))
    if found is None or not FIRST_DAY <= found.first <= found.last <= LAST_DAY:
        raise NoPeriod(f"没有时段 {name}；写作 2020、2020-H1、2020-Q3、2020-04-01--2021-03-31 或 term-17")
    return name


def _year(text: str) -> int:
    year = int(text)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise NotFound("没有这一年")
    return year
