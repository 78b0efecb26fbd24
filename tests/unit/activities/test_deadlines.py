"""Calendar months, clipped, and days off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.deadlines import add_months, due_on, is_working_day, next_working_day


@pytest.mark.parametrize(
    ("assigned", "months", "due"),
    [
        (date(2020, 11, 30), 3, date(2021, 2, 28)),
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
        (date(2020, 6, 15), 3, date(2020, 9, 15)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2020, 12, 31), 6, date(2021, 6, 30)),
        (date(2020, 6, 15), 12, date(2021, 6, 15)),
    ],
)
def test_months_are_of_the_calendar_and_clip_to_the_last_day(assigned: date, months: int, due: date) -> None:
    assert due_on(assigned, months, working_day=False) == due


def test_a_due_date_on_a_sunday_moves_where_the_pack_says_so() -> None:
    assert due_on(date(2020, 11, 30), 3, working_day=True) == date(2021, 3, 1)


def test_holidays_and_shifted_working_days_are_the_state_councils() -> None:
    assert next_working_day(date(2020, 10, 1)) == date(2020, 10, 9)
    assert is_working_day(date(2020, 10, 10))  # a Saturday worked in exchange


def test_beyond_the_announced_years_weekends_alone_are_off() -> None:
    assert next_working_day(date(2095, 10, 1)) == date(2095, 10, 3) or date(2095, 10, 1).weekday() < 5
    assert not is_working_day(date(2095, 10, 2))


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_the_month_is_right_and_the_day_never_later(day: date, months: int) -> None:
    due = add_months(day, months)
    assert (due.year - day.year) * 12 + due.month - day.month == months
    assert due.day <= day.day
    assert due.day == day.day or (due + timedelta(days=1)).day == 1


@given(st.dates(date(2005, 1, 1), date(2026, 12, 1)), st.integers(1, 6))
def test_a_working_day_is_never_earlier(day: date, months: int) -> None:
    plain, moved = due_on(day, months, working_day=False), due_on(day, months, working_day=True)
    assert timedelta(0) <= moved - plain <= timedelta(days=12)
    assert is_working_day(moved)
