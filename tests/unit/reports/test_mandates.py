"""Findings about resignations and terms: each by what breaks it, and silence where all is in order."""

from typing import Any

import pytest

from services.reports.domain.periods import period
from services.reports.figures import compute
from services.reports.figures.terms import terms
from services.reports.figures.year import Year
from tests.fixtures.book import Book
from tests.unit.reports.test_checks import findings, rules


def resigned(book: Book, *accepted: str, **data: Any) -> str:
    settled = [{"outcome": "accepted", "settled_on": day} for day in accepted]
    return book.deputy(ended_on="2020-06-10", ended_reason="resigned", resignations=settled, **data)


def test_a_resignation_nobody_accepted_is_a_finding() -> None:
    book = Book()
    resigned(book)
    resigned(book, level="county")
    found = findings(book)["deputies.resignation_unaccepted"]
    assert found.message == "有1名镇代表因辞职终止资格，没有登记镇人民代表大会接受辞职。"


@pytest.mark.parametrize(
    ("day", "rule"), [("2020-06-09", False), ("2020-06-10", False), ("2020-05-01", True)]
)
def test_a_resignation_is_accepted_while_the_congress_sits(day: str, rule: bool) -> None:
    book = Book()
    book.add("session", congress_number=17, session_number=7, held_on="2020-06-09", ended_on="2020-06-10")
    resigned(book, day)
    assert ("deputies.resignation_between_sessions" in rules(book)) is rule
    assert "deputies.resignation_unaccepted" not in rules(book)


def test_a_request_waits_from_the_day_it_was_made() -> None:
    book = Book()
    book.deputy(resignations=[{"requested_on": "2020-09-01"}])
    assert "deputies.resignation_pending" not in rules(book, "2020-08-31")
    found = findings(book, "2020-12-07")["deputies.resignation_pending"]
    assert (found.severity, "截至12月7日" in found.message) == ("info", True)


def test_a_term_begins_with_its_first_session() -> None:
    for started_on, wrong in (("2020-12-20", False), ("2020-12-01", True)):
        book = Book()
        book.add("term", congress_number=18, started_on=started_on)
        book.add("session", congress_number=18, session_number=1, held_on="2020-12-20")
        assert ("terms.first_session" in rules(book)) is wrong


def test_a_session_of_a_term_that_is_over_is_named() -> None:
    book = Book()
    book.add("term", congress_number=17, started_on="2017-01-12", ended_on="2020-11-15")
    book.add("term", congress_number=18, started_on="2020-11-15")
    for congress, number, held_on in ((17, 8, "2020-11-14"), (18, 1, "2020-11-15"), (17, 9, "2020-12-01")):
        book.add("session", congress_number=congress, session_number=number, held_on=held_on)
    told = {id: found.message for id, found in findings(book).items() if id.startswith("terms.")}
    assert list(told) == ["terms.session:17-9"]
    assert "第17届第9次会议登记于2020年12月1日举行，当日是第18届任期" in told["terms.session:17-9"]


@pytest.mark.parametrize("ended_on", ["2021-11-15", None])
def test_the_report_of_a_term_has_its_own_deputies_and_not_the_next_election(ended_on: str | None) -> None:
    book = Book()
    book.add("term", congress_number=17, started_on="2017-01-12", ended_on=ended_on)
    book.add("term", congress_number=18, started_on="2021-11-15")
    over = {"ended_on": "2021-11-15", "ended_reason": "term_over", "status": "ended"}
    for _ in range(3):
        book.deputy(started_on="2017-01-12", **over)
    for _ in range(2):
        book.deputy(started_on="2021-11-15", congress_number=18)
    book.add("session", congress_number=18, session_number=1, held_on="2021-11-15")

    def of(name: str) -> dict[str, Any]:
        span = period(name, terms(book.ledger).get)
        assert span is not None
        figures = compute(Year(book.ledger, span.last.year, span.last, span))
        ids = ("deputies.town.serving", "changes.elected", "changes.term_over", "congress.sessions")
        return {id: figures[id].value for id in ids}

    assert list(of("term-17").values()) == [3, 3, 0, 0]
    assert list(of("term-18").values()) == [2, 2, 3, 1]


def test_who_still_serves_when_the_term_is_over_is_named() -> None:
    book = Book()
    book.add("term", congress_number=17, started_on="2017-01-12")
    book.deputy(started_on="2017-01-12")
    assert "terms.over" not in rules(book)
    book.add("term", congress_number=18, started_on="2020-12-20")
    assert "第17届已于2020年12月20日届满，仍有1名" in findings(book)["terms.over:17"].message


def test_what_the_committee_has_not_settled_is_counted_by_kind() -> None:
    book = Book()
    book.add("task", kind="resignation", deputyship_id="d1", opened_on="2020-05-01")
    book.add("task", kind="absent_twice", deputyship_id="d2", opened_on="2020-05-01", settled_on="2020-06-09")
    assert "2件" not in findings(book)["tasks.open"].message
    said = findings(book, "2020-06-08")["tasks.open"].message
    assert said == "代表资格审查委员会有2件事项尚未办结（辞职1件、两次未经批准不出席1件）。"
    assert "tasks.open" not in rules(book, "2020-04-30")


def test_by_elections_are_held_against_their_counts_and_their_deputies() -> None:
    book = Book()
    book.deputy(started_on="2020-05-04", started_by="by_election")
    assert "by_election.unnamed" not in rules(book)
    book.add("by_election", constituency="第一选区", held_on="2020-05-04", seats=2, elected=["王示例1"])
    assert {"by_election.unnamed", "by_election.incomplete", "by_election.short"} <= rules(book)
    whole = Book()
    elected: dict[str, Any] = {"seats": 1, "voters": 100, "votes_cast": 60, "elected": ["王示例1"]}
    id = whole.add("by_election", constituency="第一选区", held_on="2020-05-04", **elected)
    whole.deputy(started_on="2020-05-04", started_by="by_election", by_election_id=id)
    assert not {rule for rule in rules(whole) if rule.startswith("by_election")}
