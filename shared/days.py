"""Dates that a record may have, which excludes typing errors such as the year 20 or 20200; addition of months."""

from calendar import monthrange
from datetime import date
from typing import Annotated, Final

from pydantic import Field

FIRST_DAY: Final = date(1900, 3, 1)
LAST_DAY: Final = date(2999, 12, 31)

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day (民法典 Art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
