"""An activity of several days counts once, by its first day, whatever month, quarter or year it reaches into."""

from datetime import date

import pytest

from services.reports.domain.periods import Period, PeriodKind
from services.reports.figures import Year, compute
from services.reports.files.duty_file import duty_file
from services.reports.notation import days_text
from tests.fixtures.book import Book


def town() -> Book:
    book = Book()
    one = book.deputy()
    for first, last in (
        ("2020-03-30", "2020-04-02"),
        ("2020-12-30", "2021-01-02"),
        ("2020-05-01", "2020-05-01"),
    ):
        book.add("activity", kind="training", title="培训", held_on=first, ended_on=last,
                 attendance={"present": [one]})  # fmt: skip
    return book


def test_it_counts_in_one_year_only() -> None:
    book = town()
    for year, times, several in ((2020, 3, 2), (2021, 0, 0)):
        figures = book.figures(f"{year}-12-31", year)
        names = ("training.times", "training.person_times", "activities.several_days")
        assert [figures[name].value for name in names] == [times, times, several]


def test_it_counts_in_one_quarter_only() -> None:
    book = town()
    quarters = [(date(2020, 1, 1), date(2020, 3, 31)), (date(2020, 4, 1), date(2020, 6, 30))]
    spans = [Period("quarter", PeriodKind.QUARTER, *days) for days in quarters]
    times = [compute(Year(book.ledger, 2020, p.last, p))["training.times"].value for p in spans]
    assert times == [1, 1]


def test_the_file_shows_its_days() -> None:
    year = town().year()
    events = duty_file(year, year.deputyships[0].data).events
    assert [event.ended_on for event in events] == [date(2020, 4, 2), None, date(2021, 1, 2)]


@pytest.mark.parametrize(
    ("last", "text"),
    [(None, "3月30日"), ("2020-03-31", "3月30日至31日"), ("2020-04-02", "3月30日至4月2日"),
     ("2021-01-02", "3月30日至2021年1月2日")],
)  # fmt: skip
def test_days_are_written_short(last: str | None, text: str) -> None:
    assert days_text(date(2020, 3, 30), date.fromisoformat(last) if last else None) == text
