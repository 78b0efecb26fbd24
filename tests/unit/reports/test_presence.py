"""Presence online and for a part of the time: counted once as present, and told apart."""

from typing import Any

from services.reports.domain.files import DutyFile
from services.reports.files.duty_file import duty_file
from services.reports.files.marks import digest, marks
from tests.fixtures.book import Book, attendance


def sheet(ids: list[str]) -> dict[str, Any]:
    halves = [{"deputyship_id": ids[1], "portion": "morning"}]
    return {**attendance(ids[:3], absent=ids[3:]), "online": ids[:2], "half_day": halves}


def test_they_are_counted_once_and_stated_beside() -> None:
    book = Book()
    ids = book.deputies(4)
    book.add("session", session_number=1, held_on="2020-06-09", attendance=sheet(ids))
    book.add("activity", kind="training", held_on="2020-06-10", attendance=sheet(ids))
    figures = book.figures()
    assert [figures[f"congress.{name}"].value for name in ("present", "online", "half_day")] == [3, 2, 1]
    assert figures["congress.attendance_rate"].numerator == 3
    names = ("training.person_times", "activities.online_times", "activities.half_day_times")
    assert [figures[name].value for name in names] == [3, 2, 1]


def file(**ways: Any) -> DutyFile:
    book = Book()
    one = book.deputy()
    book.add(
        "activity", kind="training", title="学习", held_on="2020-06-10", attendance={"present": [one], **ways}
    )
    year = book.year()
    return duty_file(year, year.deputyships[0].data)


def test_the_deputys_file_says_how_he_took_part() -> None:
    (event,) = file(online=["deputyship-1"], half_day=[{"deputyship_id": "deputyship-1"}]).events
    assert (event.state, event.online, event.portion) == ("present", True, "half_day")


def test_a_file_without_it_has_the_mark_it_had() -> None:
    plain = file()
    assert (plain.events[0].online, plain.events[0].portion) == (None, "")
    assert digest(marks(plain)) != digest(marks(file(online=["deputyship-1"])))
