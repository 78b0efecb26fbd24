"""Calendar arithmetic of deadlines: months that clip to their last day, days off in China, and both told in words."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

import chinese_calendar
from pydantic import BaseModel, ConfigDict

from services.activities.domain.values import Value
from shared.days import add_months

_SATURDAY: Final = 5
_WEEKDAYS: Final = "一二三四五六日"

Start = Literal["assigned", "session_end", "redone"]
_STARTS: Final[Mapping[Start, str]] = {"assigned": "交办", "session_end": "会议闭会", "redone": "退回重办"}


class YearDays(BaseModel):
    """One year's days off on weekdays and days worked on weekends (调休), as the county has announced them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


Calendar = Mapping[int, YearDays]
"""By year; a year it has is taken from it alone."""
STATE_COUNCIL: Final[Calendar] = {}
"""Nothing of one's own: the days the State Council announced, as the calendar library carries them."""


def is_announced(year: int, calendar: Calendar = STATE_COUNCIL) -> bool:
    """Whether the year's days off are known; otherwise only its weekends are."""
    if year in calendar:
        return True
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date, calendar: Calendar = STATE_COUNCIL) -> bool:
    """Weekends, holidays and the shifted working days, of the calendar given or as the State Council announced them.

    A year that is in neither has plain weekends only.
    """
    plain = day.weekday() < _SATURDAY
    year = calendar.get(day.year)
    if year is not None:
        return day in year.workdays or (plain and day not in year.holidays)
    return bool(chinese_calendar.is_workday(day)) if is_announced(day.year) else plain


def next_working_day(day: date, calendar: Calendar = STATE_COUNCIL) -> date:
    """`day` itself when it is one."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, calendar: Calendar = STATE_COUNCIL) -> date:
    """The last of `count` working days after `day`."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), calendar)
    return day


class Deadline(Value):
    """A due date with the way to it. `raw` may be no day of the calendar (`2021-02-30`); `moved_to` is set where
    `clipped` is a day off and the pack moves such due dates. `due_on` is what was recorded."""

    start: Start
    start_on: date
    months: int
    raw: str
    clipped: date
    moved_to: date | None
    due_on: date
    explanation: str


def deadline(
    start: Start,
    start_on: date,
    months: int,
    *,
    working_day: bool,
    calendar: Calendar = STATE_COUNCIL,
    recorded: date | None = None,
) -> Deadline:
    """`months` calendar months after `start_on`, off a day off when `working_day`.

    `recorded`: a due date that was settled when other rules held; it stands, and the explanation says so.
    """
    clipped = add_months(start_on, months)
    moved = next_working_day(clipped, calendar) if working_day else clipped
    said = [
        f"{_said(start_on)}{_STARTS[start]}，加{months}个月为{clipped.year}年{clipped.month}月{start_on.day}日"
    ]
    if clipped.day != start_on.day:
        said.append(f"，该月无此日，取{_said(clipped, after=clipped)}")
    if moved != clipped:
        off = f"星期{_WEEKDAYS[clipped.weekday()]}" if clipped.weekday() >= _SATURDAY else "节假日"
        said.append(f"；{_said(clipped, after=clipped)}为{off}，顺延至{_said(moved, after=clipped)}")
    if working_day and not is_announced(clipped.year, calendar):
        said.append(f"（{clipped.year}年放假安排未公布，只按周末推算）")
    if recorded is not None and recorded != moved:
        said.append(f"；登记时按当时的规则定为{_said(recorded)}")
    return Deadline(
        start=start,
        start_on=start_on,
        months=months,
        raw=f"{clipped:%Y-%m}-{start_on.day:02}",
        clipped=clipped,
        moved_to=moved if moved != clipped else None,
        due_on=recorded or moved,
        explanation="".join(said),
    )


def _said(day: date, *, after: date | None = None) -> str:
    """In words; the year is left out where it is that of a day just named."""
    year = "" if after is not None and after.year == day.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
