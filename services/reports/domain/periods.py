"""Periods of reports and their names in paths.

2020: year, 2020-H1: half, 2020-Q3: quarter, 2020-04-01--2021-03-31: span, term-17: term of the 17th congress.
The days of a year, half or quarter have its name only: written as a span they are that period.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

Days = tuple[date, date]

_YEAR: Final = re.compile(r"([0-9]{4})")
_PART: Final = re.compile(r"([0-9]{4})-(?:H([12])|Q([1-4]))")
_SPAN: Final = re.compile(r"([0-9]{4}-[0-9][0-9]-[0-9][0-9])--([0-9]{4}-[0-9][0-9]-[0-9][0-9])")
_TERM: Final = re.compile(r"term-([1-9][0-9]{0,2})")


class PeriodKind(StrEnum):
    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    SPAN = "span"
    TERM = "term"


@dataclass(frozen=True)
class Period:
    """A period, both days included. `number`: of the half, quarter or congress."""

    name: str
    kind: PeriodKind
    first: date
    last: date
    number: int = 0

    @property
    def earlier(self) -> "Period | None":
        """The same days a year before; none for a term or a span longer than a year."""
        if self.kind is PeriodKind.TERM or self.last >= years_later(self.first, 1):
            return None
        return replace(self, first=years_later(self.first, -1), last=years_later(self.last, -1))


def year_period(year: int) -> Period:
    return Period(str(year), PeriodKind.YEAR, date(year, 1, 1), date(year, 12, 31))


def period(name: str, term: Callable[[int], Days | None]) -> Period | None:
    """The period of a name, or None. `term`: days of the term of a congress by its number."""
    try:
        return _read(name, term)
    except ValueError:
        return None


def _read(name: str, term: Callable[[int], Days | None]) -> Period | None:
    """Parse a name. Errors: ValueError for days that do not exist."""
    if match := _YEAR.fullmatch(name):
        return year_period(int(match[1]))
    if match := _PART.fullmatch(name):
        kind, months = (PeriodKind.HALF, 6) if match[2] else (PeriodKind.QUARTER, 3)
        return _part(name, kind, int(match[1]), int(match[2] or match[3]), months)
    if match := _TERM.fullmatch(name):
        days = term(int(match[1]))
        return Period(name, PeriodKind.TERM, *days, int(match[1])) if days else None
    if match := _SPAN.fullmatch(name):
        return _span(name, *map(date.fromisoformat, match.groups()))
    return None


def term_days(started_on: date, ended_on: date | None) -> Days:
    """Days of a term; without an end it lasts five years (地方组织法第九条). `ended_on` is the day of the next one's
    first session, to which that session and the deputies of the day belong."""
    last = (ended_on or years_later(started_on, 5)) - timedelta(days=1)
    return started_on, max(started_on, last)


def _span(name: str, first: date, last: date) -> Period | None:
    year = first.year
    parts = [_part(f"{year}-H{n}", PeriodKind.HALF, year, n, 6) for n in (1, 2)]
    parts += [_part(f"{year}-Q{n}", PeriodKind.QUARTER, year, n, 3) for n in (1, 2, 3, 4)]
    for known in (year_period(year), *parts):
        if (known.first, known.last) == (first, last):
            return known
    return Period(name, PeriodKind.SPAN, first, last) if first <= last else None


def _part(name: str, kind: PeriodKind, year: int, number: int, months: int) -> Period:
    end = number * months
    last = date(year, end, monthrange(year, end)[1])
    return Period(name, kind, date(year, end - months + 1, 1), last, number)


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th in common years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
