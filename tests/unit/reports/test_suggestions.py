"""What is returned, forwarded, refused, done again and carried over: figures, findings and the account of each."""

from typing import Any

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.domain import Finding
from services.reports.figures import compute
from services.reports.figures.accounting import account
from tests.fixtures.book import Book

ASSIGNED = {"action": "assigned", "on": "2020-06-10", "due_on": "2020-09-10", "return_by": "2020-06-20"}
FORWARDED = {"action": "forwarded", "on": "2020-06-25", "to": "县交通运输局"}
DISSATISFIED = (
    ASSIGNED,
    {"action": "replied", "on": "2020-08-01", "class": "c"},
    {"action": "rated", "on": "2020-08-05", "result": "dissatisfied"},
)


def raised(book: Book, *steps: dict[str, Any], **data: Any) -> None:
    number = len(book.all_events) + 1
    data = {"number": number, "raised_on": "2020-06-09", "raised_at": "session", "title": "修路", **data}
    book.add("suggestion", steps=list(steps), **data)


def findings(book: Book, as_of: str = "2020-12-31") -> dict[str, Finding]:
    year = book.year(2020, as_of)
    found = check(Books(year, compute(year)))
    return {finding.rule: finding for finding in found if finding.rule.startswith("suggestions.")}


def values(book: Book, as_of: str = "2020-12-31") -> dict[str, object]:
    names = ("raised", "assigned", "replied", "forwarded", "forwarded_answered", "rejected", "carried_over")
    figures = book.figures(as_of)
    return {name: figures[f"suggestions.{name}"].value for name in names}


def test_what_is_forwarded_is_in_nobodys_hands_here_and_counted_apart() -> None:
    book = Book()
    raised(book, ASSIGNED, FORWARDED)
    raised(book, FORWARDED, {"action": "answered", "on": "2020-09-01", "class": "b"})
    assert values(book) == {
        "raised": 2, "assigned": 0, "replied": 0, "forwarded": 2, "forwarded_answered": 1, "rejected": 0,
        "carried_over": 0,
    }  # fmt: skip
    assert values(book, "2020-06-24")["assigned"] == 1
    assert "suggestions.unassigned" not in findings(book)
    raised(book, FORWARDED, {"action": "returned", "on": "2020-07-01"})
    assert values(book)["forwarded"] == 2
    assert "suggestions.unassigned" in findings(book)


def test_what_was_not_admitted_was_raised_and_waits_for_nothing() -> None:
    book = Book()
    raised(book, {"action": "rejected", "on": "2020-06-12", "ground": "court_case"})
    assert (values(book)["raised"], values(book)["rejected"]) == (1, 1)
    assert "suggestions.unassigned" not in findings(book)
    assert "suggestions.unassigned" in findings(book, "2020-06-11")


def test_what_an_earlier_year_left_open_is_carried_over_and_accounted_for() -> None:
    book = Book()
    closed = {"action": "closed", "on": "2019-12-20"}
    late = {"action": "closed", "on": "2020-01-15"}
    for steps in ((), (closed,), (late,), ({"action": "rejected", "on": "2019-11-05"},)):
        raised(book, *steps, raised_on="2019-11-04")
    assert (values(book)["raised"], values(book)["carried_over"]) == (0, 2)
    year = book.year()
    (entry,) = account(year, compute(year).values()).values()
    assert (entry.total, entry.counted, len(entry.excluded)) == (4, 2, 2)
    assert all("不在统计期内" in excluded.reason for excluded in entry.excluded)


def test_a_unit_that_keeps_what_is_not_its_job_too_long_returns_it_late() -> None:
    for day, late in (("2020-06-20", False), ("2020-06-21", True)):
        book = Book()
        raised(book, ASSIGNED, {"action": "returned", "on": day})
        assert ("suggestions.returned_late" in findings(book)) is late


def test_what_dissatisfied_is_done_again_and_in_time() -> None:
    book = Book()
    raised(book, *DISSATISFIED)
    assert findings(book)["suggestions.not_redone"].severity == "warn"
    redone = {"action": "redone", "on": "2020-08-10", "due_on": "2020-10-10"}
    book = Book()
    raised(book, *DISSATISFIED, redone)
    assert "suggestions.not_redone" not in findings(book)
    assert "suggestions.redo_overdue" not in findings(book, "2020-10-10")
    assert "suggestions.redo_overdue" in findings(book, "2020-10-11")
    book = Book()
    raised(book, *DISSATISFIED, redone, {"action": "replied", "on": "2020-10-20", "class": "a"})
    assert "suggestions.redo_overdue" not in findings(book)


def test_a_reply_is_evaluated_by_its_day_or_the_matter_is_closed() -> None:
    replied = {"action": "replied", "on": "2020-08-01", "class": "a", "rate_by": "2020-08-28"}
    book = Book()
    raised(book, ASSIGNED, replied)
    raised(book, FORWARDED, {**replied, "action": "answered"})
    assert "suggestions.unrated" not in findings(book, "2020-08-28")
    found = findings(book, "2020-08-29")["suggestions.unrated"]
    assert found.message.startswith("有2件代表建议答复后已过评价期限")
    for step in ({"action": "rated", "result": "satisfied"}, {"action": "closed"}, {"action": "redone"}):
        book = Book()
        raised(book, ASSIGNED, replied, {**step, "on": "2020-08-20"})
        assert "suggestions.unrated" not in findings(book)
    book = Book()
    raised(book, ASSIGNED, {**replied, "rate_by": None})
    assert "suggestions.unrated" not in findings(book)
    assert book.figures()["suggestions.rated"].value == 0


def test_an_extension_names_who_agreed_to_it() -> None:
    for consent, missing in ((None, True), ("镇人大主席团", False)):
        book = Book()
        extended = {"action": "extended", "on": "2020-08-01", "due_on": "2020-12-10", "consent_by": consent}
        raised(book, ASSIGNED, extended)
        assert ("suggestions.extended" in findings(book)) is missing


def test_answers_given_at_intake_refuse_nothing_and_are_findings() -> None:
    book = Book()
    raised(book, ASSIGNED)
    assert not {"suggestions.intake", "suggestions.intake_missing"} & findings(book).keys()
    raised(book, ASSIGNED, intake={"one_matter": False, "specific": True})
    raised(book, ASSIGNED, intake={"one_matter": True, "specific": None})
    found = findings(book)
    assert found["suggestions.intake"].message == "有1件代表建议受理时有不符合要求的项目。"
    assert len(found["suggestions.intake_missing"].records) == 1


def test_a_number_that_looks_like_digits_and_is_none_is_a_text() -> None:
    book = Book()
    for number in ("²", "٣", "2020-3", 2):
        raised(book, number=number)
    assert values(book)["raised"] == 4
