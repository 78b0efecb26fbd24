"""Calendar arithmetic of deadlines: months clipped to their last day, days off in China, and an explanation."""

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
    """One year's days off on weekdays and working days on weekends (调休), as announced by the county."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


Calendar = Mapping[int, YearDays]
"""By year; for the years in it no other source is used."""
STATE_COUNCIL: Final[Calendar] = {}
"""An empty calendar: the days announced by the State Council apply, as the calendar library has them."""


def is_announced(year: int, calendar: Calendar = STATE_COUNCIL) -> bool:
    """Whether the year's days off are known; otherwise only weekends count."""
    if year in calendar:
        return True
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date, calendar: Calendar = STATE_COUNCIL) -> bool:
    """Considers weekends, holidays and shifted working days, of the calendar given or as the State Council announced.

    For a year in neither, only weekends are off.
    """
    plain = day.weekday() < _SATURDAY
    year = calendar.get(day.year)
    if year is not None:
        return day in year.workdays or (plain and day not in year.holidays)
    return bool(chinese_calendar.is_workday(day)) if is_announced(day.year) else plain


def next_working_day(day: date, calendar: Calendar = STATE_COUNCIL) -> date:
    """The first working day from `day` on, `day` included."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, calendar: Calendar = STATE_COUNCIL) -> date:
    """The `count`th working day after `day`."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), calendar)
    return day


class Deadline(Value):
    """A due date with its derivation. `raw` may be no valid date (`2021-02-30`); `moved_to` is set where `clipped` is a
    day off and the pack moves such due dates. `due_on` is the due date recorded."""

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
    """`months` calendar months after `start_on`, moved to the next working day when `working_day`.

    `recorded`: a due date computed under earlier rules; it is kept, and the explanation says so.
    """
    clipped = add_months(start_on, months)
    moved = next_working_day(clipped, calendar) if working_day else clipped
    sentences = [
        f"{_day_text(start_on)}{_STARTS[start]}，加{months}个月为{clipped.year}年{clipped.month}月{start_on.day}日"
    ]
    if clipped.day != start_on.day:
        sentences.append(f"，该月无此日，取{_day_text(clipped, after=clipped)}")
    if moved != clipped:
        off = f"星期{_WEEKDAYS[clipped.weekday()]}" if clipped.weekday() >= _SATURDAY else "节假日"
        sentences.append(
            f"；{_day_text(clipped, after=clipped)}为{off}，顺延至{_day_text(moved, after=clipped)}"
        )
    if working_day and not is_announced(clipped.year, calendar):
        sentences.append(f"（{clipped.year}年放假安排未公布，只按周末推算）")
    if recorded is not None and recorded != moved:
        sentences.append(f"；登记时按当时的规则定为{_day_text(recorded)}")
    return Deadline(
        start=start,
        start_on=start_on,
        months=months,
        raw=f"{clipped:%Y-%m}-{start_on.day:02}",
        clipped=clipped,
        moved_to=moved if moved != clipped else None,
        due_on=recorded or moved,
        explanation="".join(sentences),
    )


def _day_text(day: date, *, after: date | None = None) -> str:
    """The date in Chinese; without the year where it is that of `after`."""
    year = "" if after is not None and after.year == day.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
