"""When a rule pack's schedule asks for a closing, and as of which day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.reports.handlers.notices import Due
from services.reports.handlers.schedule import SteadyClock, missed, scheduled, upcoming
from shared.clock import FixedClock

NOON = datetime(2020, 12, 6, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("closing_on", "today", "as_of"),
    [
        ("12-07", date(2020, 12, 6), None),
        ("12-07", date(2020, 12, 7), date(2020, 12, 7)),
        ("12-07", date(2020, 12, 31), date(2020, 12, 7)),
        ("01-05", date(2021, 1, 4), None),
        ("01-05", date(2021, 1, 5), date(2020, 12, 31)),
        ("02-30", date(2021, 5, 5), None),
        ("soon", date(2021, 5, 5), None),
    ],
)
def test_the_day_of_the_figures_follows_from_the_schedule(
    closing_on: str, today: date, as_of: date | None
) -> None:
    assert scheduled(closing_on, today) == as_of


@pytest.mark.parametrize(
    ("closing_on", "today", "due"),
    [
        ("12-07", "2020-11-29", None),
        ("12-07", "2020-11-30", ("2020-12-07", "2020-12-07")),
        ("12-07", "2020-12-06", ("2020-12-07", "2020-12-07")),
        ("12-07", "2020-12-07", None),
        ("01-05", "2020-12-31", ("2021-01-05", "2020-12-31")),
        ("02-30", "2020-02-25", None),
        ("", "2020-12-01", None),
    ],
)
def test_a_closing_is_told_of_a_week_before(closing_on: str, today: str, due: tuple[str, str] | None) -> None:
    wanted = Due(*map(date.fromisoformat, due)) if due else None
    assert upcoming(closing_on, date.fromisoformat(today)) == wanted


@pytest.mark.parametrize(
    ("closing_on", "looked_on", "today", "due"),
    [
        ("12-07", "2020-12-06", "2021-01-03", ["2020-12-07"]),
        ("12-07", "2020-12-07", "2021-01-03", []),
        ("12-07", "2018-12-08", "2020-12-07", ["2019-12-07", "2020-12-07"]),
        ("01-05", "2020-12-30", "2021-01-05", ["2020-12-31"]),
        ("12-07", "2031-01-01", "2020-12-08", []),
        ("02-29", "2020-03-01", "2024-03-01", ["2023-12-31"]),
    ],
)
def test_days_that_passed_while_nobody_looked_are_made_up(
    closing_on: str, looked_on: str, today: str, due: list[str]
) -> None:
    days = missed(closing_on, date.fromisoformat(looked_on), date.fromisoformat(today))
    assert [str(day) for day in days] == due


def test_a_day_counts_once_the_clock_has_gone_evenly_for_a_while() -> None:
    clock = SteadyClock(300)
    seen = [clock.day(FixedClock(NOON + timedelta(seconds=s)), 1000 + s) for s in (0, 200, 300, 86_400)]
    assert seen == [None, None, date(2020, 12, 6), date(2020, 12, 7)]


def test_a_clock_that_jumped_is_believed_only_when_it_stays() -> None:
    clock = SteadyClock(300)
    looks = [(0, NOON), (300, NOON), (600, NOON + 400 * DAY), (900, NOON), (1200, NOON), (1500, NOON)]
    seen = [clock.day(FixedClock(base + timedelta(seconds=s)), s) for s, base in looks]
    assert seen == [None, date(2020, 12, 6), None, None, date(2020, 12, 6), date(2020, 12, 6)]
    assert clock.day(FixedClock(NOON + DAY + timedelta(seconds=1800)), 1800) is None
    assert clock.day(FixedClock(NOON + DAY + timedelta(seconds=2100)), 2100) == date(2020, 12, 7)
