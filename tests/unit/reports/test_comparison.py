"""What a figure was a year before: only where it was sealed; zero, missing, not applicable stay apart."""

from datetime import date

import pytest

from recount import read
from services.reports.compiler import compile_report
from services.reports.document import render_docx
from services.reports.domain import FigureStatus, Wording
from services.reports.domain.periods import Period, PeriodKind, period, term_days, year_period
from services.reports.figures import Year, compute, moved, shown
from services.reports.figures.accounting import account
from tests.fixtures.book import SOURCES, Book, attendance


def two_years(*, sealed: bool = True) -> Book:
    book = Book()
    book.town_()
    ids = book.deputies(4)
    for held_on, present in (("2019-03-01", ids[:3]), ("2019-11-01", ids), ("2020-03-01", ids)):
        book.add("activity", kind="training", held_on=held_on, attendance=attendance(present))
    book.add("activity", kind="visit", held_on="2019-04-01", households_count=12)
    book.add("activity", kind="visit", held_on="2020-04-01")
    book.add("session", held_on="2020-06-01", attendance=attendance(ids[:3], absent=ids[3:]))
    for service in SOURCES if sealed else SOURCES[:2]:
        book.seal(service, year=2019, as_of="2019-12-31")
    return book


def test_each_figure_has_what_it_was_a_year_before_and_the_change() -> None:
    figures = two_years().figures()
    trainings = figures["training.times"]
    assert (trainings.value, trainings.previous and trainings.previous.value, trainings.change) == (1, 2, -1)
    assert moved(trainings) == "-1"
    visits = figures["contact.visits"]
    assert (visits.change, moved(visits)) == (0, "持平")


def test_a_day_within_the_year_is_compared_with_the_same_day_of_the_year_before() -> None:
    figure = two_years().figures("2020-10-31")["training.times"]
    assert figure.previous is not None
    assert (figure.value, figure.previous.value) == (1, 1)


def test_missing_zero_and_not_applicable_stay_apart_in_the_comparison() -> None:
    figures = two_years().figures()
    households, sessions, rate = (
        figures[id] for id in ("contact.households", "congress.sessions", "congress.attendance_rate")
    )
    assert households.previous is not None
    assert (households.status, households.previous.value, households.change) == ("missing", 12, None)
    assert sessions.previous is not None
    assert (sessions.previous.status, sessions.change) == (FigureStatus.ZERO, 1)
    assert rate.previous is not None
    assert (rate.previous.status, rate.change, moved(rate)) == ("not_applicable", None, "")


def test_a_rate_moves_in_percentage_points() -> None:
    book = two_years()
    book.add("session", held_on="2019-06-01", attendance=attendance(["deputyship-1", "deputyship-2"]))
    rate = book.figures()["congress.attendance_rate"]
    assert rate.previous is not None
    assert (shown(rate.previous), shown(rate), moved(rate)) == ("50%", "75%", "+25.0个百分点")


@pytest.mark.parametrize("case", ["not all sealed", "nothing held"])
def test_a_year_that_was_not_sealed_or_not_kept_is_missing_not_zero(case: str) -> None:
    book = two_years(sealed=False)
    figures = (
        book.figures() if case == "not all sealed" else two_years().figures(year=2019, as_of="2019-12-31")
    )
    for figure in figures.values():
        assert figure.previous is not None
        assert (figure.previous.status, figure.change) == (FigureStatus.MISSING, None)


def test_a_term_has_nothing_to_be_compared_with() -> None:
    term = period("term-17", lambda _: term_days(date(2016, 12, 20), None))
    assert term is not None
    figures = compute(Year(two_years().ledger, 2016, date(2020, 12, 31), term))
    assert {f.previous.status for f in figures.values() if f.previous} == {FigureStatus.NOT_APPLICABLE}
    assert figures["training.times"].value == 3


def no_term(number: int) -> None:
    return None


@pytest.mark.parametrize(
    ("name", "kind", "first", "last"),
    [
        ("2020", "year", "2020-01-01", "2020-12-31"),
        ("2020-H1", "half", "2020-01-01", "2020-06-30"),
        ("2020-H2", "half", "2020-07-01", "2020-12-31"),
        ("2020-Q1", "quarter", "2020-01-01", "2020-03-31"),
        ("2019-07-01--2020-06-30", "span", "2019-07-01", "2020-06-30"),
    ],
)
def test_periods_by_their_names(name: str, kind: str, first: str, last: str) -> None:
    made = period(name, no_term)
    assert made == Period(
        name,
        PeriodKind(kind),
        date.fromisoformat(first),
        date.fromisoformat(last),
        made.number if made else 0,
    )


@pytest.mark.parametrize(
    ("days", "name"),
    [
        ("2020-01-01--2020-12-31", "2020"),
        ("2020-01-01--2020-06-30", "2020-H1"),
        ("2020-07-01--2020-09-30", "2020-Q3"),
        ("2020-01-01--2020-12-30", "2020-01-01--2020-12-30"),
    ],
)
def test_days_have_one_name(days: str, name: str) -> None:
    made = period(days, no_term)
    assert made is not None
    assert (made.name, made) == (name, period(name, no_term))


@pytest.mark.parametrize(
    "name",
    ["", "20", "2020-H3", "2020-Q0", "2020-02-30--2020-03-01", "2020-03-01--2020-02-01", "0000", "term-17"],
)
def test_what_is_no_period(name: str) -> None:
    assert period(name, no_term) is None


def test_the_earlier_period_is_the_same_days_a_year_before() -> None:
    leap = period("2020-02-29--2020-03-31", no_term)
    assert leap is not None
    assert leap.earlier is not None
    assert (leap.earlier.first, leap.earlier.last) == (date(2019, 2, 28), date(2019, 3, 31))
    over = period("2019-01-01--2020-12-31", no_term)
    assert over is not None
    assert over.earlier is None


def test_a_period_counts_its_own_days_only_and_accounts_for_every_record() -> None:
    half = period("2020-H1", no_term)
    year = Year(two_years().ledger, 2020, date(2020, 6, 30), half)
    figures = compute(year)
    assert (figures["training.times"].value, figures["contact.visits"].value) == (1, 1)
    accounts = account(year, figures.values())
    assert sum(entry.total - entry.counted - len(entry.excluded) for entry in accounts.values()) == 0


def test_quarters_of_several_years_are_counted_apart() -> None:
    book = Book()
    for day in ("2019-02-01", "2020-02-01", "2020-03-01"):
        book.add("presidium_meeting", held_on=day)
    span = period("2019-01-01--2020-12-31", no_term)
    assert compute(Year(book.ledger, 2019, date(2020, 12, 31), span))["presidium.quarters_covered"].value == 2
    assert year_period(2019).earlier == year_period(2018).__class__(
        "2019", PeriodKind.YEAR, date(2018, 1, 1), date(2018, 12, 31)
    )


def test_the_word_file_says_from_which_day_it_counts() -> None:
    made = period("2020-Q3", no_term)
    year = Year(two_years().ledger, 2020, date(2020, 9, 30), made)
    document = read(render_docx(compile_report(year, [], Wording(), id="report")))
    assert (document.properties["lvzhi-from"], document.properties["lvzhi-to"]) == (
        "2020-07-01",
        "2020-09-30",
    )
