"""Calendar arithmetic of deadlines: months that clip to their last day, and days off in China."""

from calendar import monthrange
from datetime import date, timedelta

import chinese_calendar

_SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day (民法典 Art. 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_working_day(day: date) -> bool:
    """Weekends, holidays and the shifted working days as announced by the State Council.

    A year it has not announced, or that the calendar library does not carry, has plain weekends only.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def next_working_day(day: date) -> date:
    """`day` itself when it is one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def due_on(assigned_on: date, months: int, *, working_day: bool) -> date:
    """When a reply is due: `months` calendar months after assignment, off a day off when `working_day`."""
    day = add_months(assigned_on, months)
    return next_working_day(day) if working_day else day
