"""What a confirmation is bound to, how an objection ends, and that open ones are told of."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.checks.draft import Books, settle
from services.reports.checks.objections import objected
from services.reports.domain import RecordRef
from services.reports.domain.statements import Objection, Outcome
from services.reports.errors import ImpossibleDate, ObjectionOver
from services.reports.events_in import Deputyship, Group
from services.reports.figures import compute
from services.reports.files.duty_file import duty_file
from services.reports.files.group_file import group_file
from services.reports.files.marks import File, changes, digest, line_of, lines, marks
from tests.fixtures.book import Book, attendance
from tests.fixtures.histories import histories


def file_of(book: Book, id: str) -> File:
    year = book.year()
    deputyship = year.ledger.get(Deputyship, id)
    assert deputyship
    return duty_file(year, deputyship)


def files_of(book: Book) -> list[File]:
    year = book.year()
    deputies: list[File] = [duty_file(year, fact.data) for fact in year.deputyships]
    return [*deputies, *(group_file(year, fact) for fact in book.ledger.by_id(Group).values())]


def told(before: File, now: File) -> list[tuple[str, str]]:
    return [(change.what, change.label) for change in changes(marks(before), marks(now))]


def a_year() -> tuple[Book, str, str]:
    book = Book()
    one, other = book.deputies(2)
    book.add("session", "s", held_on="2020-06-09", session_number=7, attendance=attendance([one, other]))
    book.add("suggestion", "g", number=3, title="增设路灯", raised_on="2020-06-09", lead_deputyship_id=one)
    return book, one, other


def test_what_changed_since_is_told_line_by_line() -> None:
    book, one, other = a_year()
    before = file_of(book, one)
    book.add("session", "s", held_on="2020-06-09", session_number=7, attendance=attendance([other], [one]))
    book.add("suggestion", "g", number=3, title="增设路灯", raised_on="2020-06-09", lead_deputyship_id=other)
    book.add("activity", kind="visit", held_on="2020-07-01", attendance=attendance([one]))
    assert told(before, file_of(book, one)) == [
        ("changed", "2020年6月9日人民代表大会第七次会议"),
        ("added", "2020年7月1日走访"),
        ("removed", "第3号代表建议“增设路灯”"),
    ]


def test_a_record_changed_for_somebody_elses_sake_changes_no_line() -> None:
    book, one, other = a_year()
    before = file_of(book, one)
    book.add(
        "session", "s", held_on="2020-06-09", session_number=7, attendance=attendance([one], absent=[other])
    )
    after = file_of(book, one)
    assert after != before
    assert told(before, after) == []
    assert digest(marks(after)) == digest(marks(before))


def test_both_mandates_of_a_person_have_one_file() -> None:
    book, one, _ = a_year()
    person = book.ledger.by_id(Deputyship)[one].data.person_id
    county = book.deputy(person_id=person, level="county")
    assert digest(marks(file_of(book, one))) == digest(marks(file_of(book, county)))


@given(histories(), st.data())
def test_digests_agree_exactly_where_no_line_differs(book: Book, data: st.DataObject) -> None:
    before = files_of(book)
    if deputies := list(book.ledger.by_id(Deputyship)):
        there = data.draw(st.lists(st.sampled_from(deputies), unique=True))
        book.add("session", held_on="2020-03-03", attendance=attendance(there))
    for one, other in zip(before, files_of(book), strict=True):
        found, again = marks(one), marks(other)
        assert len({mark.key for mark in found}) == len(found)
        assert (digest(found) == digest(again)) == (changes(found, again) == [])
        assert changes(found, found) == []


@given(histories())
def test_every_line_that_names_a_record_can_be_objected_to(book: Book) -> None:
    for file in files_of(book):
        for _, line in lines(file):
            if record := getattr(line, "record", None):
                label, ref = line_of(file, record.source, record.subject) or ("", None)
                assert label
                assert ref == record
        assert line_of(file, "/340281100/roster", "person/nobody") is None


def objection(**fields: Any) -> Objection:
    made = {"id": "o", "town": "340281100", "year": 2020, "deputyship_id": "d", "text": "那天我到会了"}
    return Objection(**{**made, "opened_on": date(2020, 12, 4), "entered_by": "d", **fields})


def test_an_objection_ends_once_and_not_before_it_began() -> None:
    kept = objection().settled(Outcome.KEPT, "签到表上没有", date(2020, 12, 5), None)
    assert (kept.state, kept.outcome, kept.settled_on) == ("settled", "kept", date(2020, 12, 5))
    for over in (kept, objection().withdrawn(date(2020, 12, 4))):
        with pytest.raises(ObjectionOver):
            over.withdrawn(date(2020, 12, 6))
        with pytest.raises(ObjectionOver):
            over.settled(Outcome.KEPT, "再看", date(2020, 12, 6), None)
    with pytest.raises(ImpossibleDate):
        objection().withdrawn(date(2020, 12, 3))


def test_open_objections_are_one_finding_with_the_records_as_they_are_now() -> None:
    book, one, _ = a_year()
    year = book.year()
    books = Books(year, compute(year))
    assert list(objected(books, [])) == []
    session = RecordRef(source="/340281100/activities", subject="session/s", version=1, sequence=1)
    book.add("session", "s", held_on="2020-06-09", session_number=7)
    books = Books(book.year(), compute(book.year()))
    found = [objection(record=session), objection(deputyship_id=one)]
    (finding,) = settle(objected(books, found), books)
    assert (finding.id, finding.severity) == ("files.objected", "warn")
    assert finding.message == "对履职档案的异议有2件尚未答复。"
    assert {(ref.subject, ref.version) for ref in finding.records} == {
        ("session/s", 2),
        (f"deputyship/{one}", 1),
    }
