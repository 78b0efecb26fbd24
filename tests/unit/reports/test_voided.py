"""A deputyship entered by mistake is in no figure, here and in the recount, and records that name it are told."""

from datetime import date
from typing import Any

from services.reports.figures import compute
from services.reports.figures.accounting import account
from tests.unit.recount.test_agreement import compiled, counted
from tests.unit.reports.book import Book
from tests.unit.reports.test_checks import findings, rules

YEAR_END = date(2020, 12, 31)


def a_year(*, again: bool, named: bool) -> tuple[Book, str]:
    """Three deputies elected in the year; with `again`, one of them was entered a second time and voided since."""
    book = Book()
    held = [book.deputy(f"王示例0{n}", started_on="2020-01-10") for n in (1, 2, 3)]
    wrong = book.deputy("赵示例", started_on="2020-01-10") if again else "nobody"
    if again:
        state: dict[str, Any] = {
            "status": "voided",
            "ended_on": "2020-01-10",
            "void_reason": "改名后又登记了一次",
        }
        seat = {"person_id": "person-4", "level": "town", "constituency": "第一选区", "congress_number": 17}
        book.add("deputyship", wrong, verb="voided", started_on="2020-01-10", **seat, **state)
    present = {"present": [*held, *([wrong] if named else [])]}
    book.add("session", congress_number=17, session_number=7, held_on="2020-06-09", attendance=present)
    book.add(
        "activity", kind="training", held_on="2020-03-01", attendance=present, expected=present["present"]
    )
    book.meeting(present["present"][2:])
    return book, wrong


def test_it_is_left_out_of_every_figure() -> None:
    for again, named in ((True, False), (True, True)):
        with_it, without = a_year(again=again, named=named)[0], a_year(again=False, named=False)[0]
        here, there = with_it.figures("2020-12-31"), without.figures("2020-12-31")
        assert {id: here[id].value for id in here} == {id: there[id].value for id in there}


def test_the_recount_leaves_it_out_too() -> None:
    book, _ = a_year(again=True, named=True)
    first, second = compiled(book, YEAR_END), counted(book, YEAR_END)
    assert first == {tag: second.get(tag) for tag in first}


def test_it_is_accounted_for_with_its_reason_and_told() -> None:
    book, wrong = a_year(again=True, named=False)
    year = book.year(2020, "2020-12-31")
    accounts = account(year, compute(year).values())
    reasons = {one.subject: one.reason for entry in accounts.values() for one in entry.excluded}
    assert reasons[f"deputyship/{wrong}"] == "已作废：改名后又登记了一次"
    assert findings(book)["records.voided"].message == "有1条记录已作废，不计入统计。"
    assert "records.name_voided" not in rules(book)


def test_records_that_name_it_are_told() -> None:
    told = findings(a_year(again=True, named=True)[0])["records.name_voided"]
    assert "有3条记录仍写着已作废的代表资格" in told.message
    assert len(told.records) == 3
