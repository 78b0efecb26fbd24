"""Calendar months, clipped, and days off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.deadlines import (
    YearDays,
    add_working_days,
    deadline,
    is_working_day,
    next_working_day,
)
from shared.days import add_months


def due_on(day: date, months: int, *, working_day: bool) -> date:
    return deadline("assigned", day, months, working_day=working_day).due_on


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


def test_the_way_to_a_due_date_is_told_in_words() -> None:
    told = deadline("assigned", date(2020, 11, 30), 3, working_day=True)
    assert (told.raw, told.clipped, told.moved_to) == ("2021-02-30", date(2021, 2, 28), date(2021, 3, 1))
    assert told.explanation == (
        "2020年11月30日交办，加3个月为2021年2月30日，该月无此日，取2月28日；2月28日为星期日，顺延至3月1日"
    )
    plain = deadline("session_end", date(2020, 6, 9), 2, working_day=True)
    assert plain.explanation == "2020年6月9日会议闭会，加2个月为2020年8月9日；8月9日为星期日，顺延至8月10日"


def test_a_year_nobody_announced_is_said_to_be_one() -> None:
    told = deadline("redone", date(2095, 7, 1), 3, working_day=True)
    assert told.due_on == next_working_day(date(2095, 10, 1))
    assert told.explanation.endswith("（2095年放假安排未公布，只按周末推算）")


def test_a_calendar_of_ones_own_overrules_the_state_councils() -> None:
    own = {2095: YearDays(holidays=frozenset({date(2095, 10, 3)}), workdays=frozenset({date(2095, 10, 8)}))}
    assert not is_working_day(date(2095, 10, 3), own)  # a Monday
    assert is_working_day(date(2095, 10, 8), own)  # a Saturday
    told = deadline("assigned", date(2095, 9, 3), 1, working_day=True, calendar=own)
    assert told.explanation.endswith("10月3日为节假日，顺延至10月4日")


def test_what_was_settled_under_other_rules_stands() -> None:
    told = deadline("assigned", date(2020, 6, 15), 3, working_day=False, recorded=date(2020, 8, 15))
    assert told.due_on == date(2020, 8, 15)
    assert told.explanation.endswith("登记时按当时的规则定为2020年8月15日")


def test_working_days_are_counted_from_the_day_after() -> None:
    assert add_working_days(date(2020, 9, 25), 10) == date(
        2020, 10, 15
    )  # over the holiday, two weekends worked


@given(st.dates(date(2005, 1, 1), date(2026, 10, 1)), st.integers(1, 20))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    last = add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert is_working_day(last)
    assert sum(map(is_working_day, between)) == count
