"""When a rule pack's schedule asks for a closing, and as of which day."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from services.reports.events_in.roster import Ruled
from services.reports.handlers.notices import Due
from services.reports.handlers.schedule import (
    Days,
    SteadyClock,
    days_named,
    following,
    missed,
    scheduled,
    upcoming,
)
from services.reports.repository import KnownTown
from tests.fixtures.clocks import FixedClock


def days_of(closing_on: str, *packs: dict[str, Any]) -> Days:
    own = {"closing_on": closing_on} if closing_on else {}
    ruled = Ruled.model_validate({"rules": own, "rule_packs": packs})
    return partial(ruled.days_named, "closing_on")


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
    assert scheduled(days_of(closing_on), today) == as_of


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
    assert upcoming(days_of(closing_on), date.fromisoformat(today)) == wanted


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
    days = missed(days_of(closing_on), date.fromisoformat(looked_on), date.fromisoformat(today))
    assert [str(day) for day in days] == due


def test_a_pack_counts_from_its_first_day_to_its_last() -> None:
    pushed = {"id": "a", "scope": "county", "rules": {"closing_on": "12-20"}, "effective_from": "2021-01-01"}
    ended = {"id": "b", "scope": "county", "rules": {"closing_on": "11-30"}, "effective_to": "2020-12-31"}
    days = days_of("", pushed, ended)
    assert scheduled(days, date(2020, 12, 25)) == date(2020, 11, 30)
    assert scheduled(days, date(2021, 12, 19)) is None
    assert scheduled(days, date(2021, 12, 20)) == date(2021, 12, 20)
    assert missed(days, date(2020, 1, 1), date(2022, 1, 1)) == [date(2020, 11, 30), date(2021, 12, 20)]
    assert upcoming(days, date(2021, 12, 14)) == Due(date(2021, 12, 20), date(2021, 12, 20))


@pytest.mark.parametrize(
    ("closing_on", "abolished_on", "days"),
    [
        ("12-07", None, ["2020-12-07", "2021-12-07"]),
        ("12-07", "2020-01-01", []),
        ("12-07", "2021-01-01", ["2020-12-07"]),
        ("01-05", "2020-01-01", ["2020-01-05"]),
        ("01-05", "2020-06-30", ["2020-01-05", "2021-01-05"]),
    ],
)
def test_a_town_closes_years_in_which_it_was_there(
    closing_on: str, abolished_on: str | None, days: list[str]
) -> None:
    ruled = Ruled(rules={"closing_on": closing_on})
    known = {"id": "340281199", "town": "340281199", "rules": ruled, "abolished_on": abolished_on}
    days_of = days_named(KnownTown.model_validate(known))
    assert [str(day) for year in (2020, 2021) for day in days_of(year)] == days


@pytest.mark.parametrize(
    ("closing_on", "year", "due"),
    [
        ("12-20", 2020, "2020-12-20"),
        ("12-03", 2020, "2020-12-03"),
        ("01-05", 2020, "2021-01-05"),
        ("12-02", 2020, None),
        ("01-05", 2019, None),
        ("", 2020, None),
    ],
)
def test_the_day_that_follows_closes_the_year_that_was_announced(
    closing_on: str, year: int, due: str | None
) -> None:
    found = following(days_of(closing_on), year, date(2020, 12, 3))
    assert (str(found.on) if found else None) == due


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
