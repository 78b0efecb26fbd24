"""When a rule pack's schedule asks for a closing, and as of which day."""

from datetime import date

import pytest

from services.reports.handlers.notices import Due
from services.reports.handlers.schedule import scheduled, upcoming


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
