"""Paths of periods, and the period named by a request."""

from typing import Final

from services.reports.domain.periods import period
from services.reports.errors import NoPeriod
from shared.days import FIRST_DAY, LAST_DAY
from shared.errors import NotFound
from shared.http import Call

PERIODS: Final = {"": "years/{year}", "_of_period": "periods/{period}"}
"""Base paths by suffix of the operation name; operations of a period are under both, a year is a period too."""


def period_of(call: Call) -> str:
    """The one name of the year or period. Errors: NotFound for a year in which no record can be dated, NoPeriod."""
    if "year" in call.path:
        return str(_year(call.path["year"]))
    name = call.path["period"]
    span = period(name, lambda _: (FIRST_DAY, LAST_DAY))
    if span is None or not FIRST_DAY <= span.first <= span.last <= LAST_DAY:
        raise NoPeriod(f"没有统计期 {name}；写作 2020、2020-H1、2020-Q3、2020-04-01--2021-03-31 或 term-17")
    return span.name


def _year(text: str) -> int:
    year = int(text)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise NotFound("没有这一年")
    return year
