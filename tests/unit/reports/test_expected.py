"""What is expected and what is recorded: one list, which the findings and the proof both read."""

from datetime import date

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.checks.expected import announced, expectations, expected
from services.reports.compiler import compile_report
from services.reports.domain import Wording
from services.reports.domain.periods import period
from services.reports.events_in import Station
from services.reports.figures import compute
from services.reports.figures.year import Year
from tests.fixtures.book import Book, attendance


def counts(year: Year) -> dict[str, tuple[int, int, int]]:
    return {
        one.id: (one.expected, one.recorded, one.missing) for one in expectations(year, tuple(expected(year)))
    }


def of_period(book: Book, name: str, as_of: str) -> Year:
    span = period(name, lambda _: (date(2016, 12, 20), date(2021, 12, 19)))
    assert span is not None
    return Year(book.ledger, span.first.year, date.fromisoformat(as_of), span)


def test_an_empty_year_lacks_everything_that_is_due_in_a_year() -> None:
    assert counts(Book().year()) == {
        "congress.none": (1, 0, 1),
        **{f"presidium.quarter:{n}": (1, 0, 1) for n in range(1, 5)},
        "supervision.none": (1, 0, 1),
        "training.none": (1, 0, 1),
        "ratings.none": (1, 0, 1),
    }


def test_what_is_missing_is_named_with_what_there_is() -> None:
    book = Book()
    book.town_(rules={"presidium_meetings_per_quarter": 2, "group_activities_per_year": 3})
    group = book.add("group", number=1, level="town")
    for day in ("2020-02-01", "2020-03-01", "2020-05-01"):
        book.add("presidium_meeting", held_on=day, attendance=attendance())
    book.add("activity", kind="group_activity", group_id=group, held_on="2020-05-02", title="一")
    book.add("plan", year=2020, group_id=group, items=[{"id": "1", "title": "x", "due_on": "2020-05-01"}])
    book.add("suggestion", number=1, raised_on="2020-03-01", due_on="2020-06-02", steps=[
        {"action": "assigned", "on": "2020-03-02", "due_on": "2020-06-02"}])  # fmt: skip
    found = counts(book.year(as_of="2020-06-30"))
    assert found["presidium.quarter:1"] == (2, 2, 0)
    assert found["presidium.quarter:2"] == (2, 1, 1)
    assert found["group.activities:1"] == (3, 1, 2)
    assert found["group.plan:1"] == (1, 1, 0)
    assert found["plan.open"] == (1, 0, 1)
    assert found["suggestions.overdue"] == (1, 0, 1)
    assert found["attendance.not_recorded"] == (4, 0, 4)
    assert "presidium.quarter:3" not in found


def test_two_sessions_are_expected_since_the_law_says_so_and_none_of_a_quarter() -> None:
    assert counts(Book().year(2023, "2023-12-31"))["congress.none"] == (2, 0, 2)
    found = counts(of_period(Book(), "2020-Q3", "2020-09-30"))
    assert found == {"presidium.quarter:3": (1, 0, 1)}
    term = counts(of_period(Book(), "term-17", "2020-12-20"))
    assert (term["congress.none"], term["ratings.none"]) == ((4, 0, 4), (4, 0, 4))


def test_a_place_is_held_to_the_days_it_has_announced_and_to_the_rule_pack() -> None:
    book = Book()
    book.town_(rules={"receptions_per_station": 2})
    monthly = book.add("station", name="甲站", reception_day="每月15日", opened_on="2020-03-20")
    book.add("station", name="乙站", opened_on="2019-01-01")
    book.add("station", name="丙站", opened_on="2020-02-01")
    book.add("activity", kind="reception", station_id=monthly, held_on="2020-05-15", title="接待")
    found = counts(book.year(as_of="2020-07-14"))
    assert found["stations.receptions:甲站"] == (3, 1, 2)
    assert found["stations.receptions:乙站"] == (2, 0, 2)
    assert "stations.receptions:丙站" not in found
    year = book.year()
    messages = {one.id: one.message for one in check(Books(year, compute(year)))}
    assert messages["stations.receptions:乙站"] == "乙站的接待应有2场，登记0场。"


def test_days_that_a_month_lacks_are_not_expected_and_other_words_name_no_day() -> None:
    year = Book().year(2020, "2020-04-30")
    assert [day.month for day in announced(year, Station(id="s", reception_day=31))] == [1, 3]
    assert announced(year, Station(id="s", reception_day="每周三")) == []
    assert announced(year, Station(id="s", reception_day="每月99日")) == []


def test_the_proof_lists_it_and_says_whether_all_is_there() -> None:
    report = compile_report(Book().year(), [], Wording(), id="report")
    lacking = {one.rule for one in report.expectations if one.missing}
    assert lacking <= {finding.rule for finding in report.findings}
    assert all(one.basis for one in report.expectations)
