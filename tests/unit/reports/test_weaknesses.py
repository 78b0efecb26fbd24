"""Weaknesses and plans: three or four groups, each with its evidence, in measure with the year."""

import re

import pytest

from services.reports.compiler import compile_report
from services.reports.domain import Wording
from tests.fixtures.book import Book, attendance
from tests.fixtures.example import example


def said(book: Book, id: str, as_of: str = "2020-12-31", **words: object) -> str:
    report = compile_report(book.year(2020, as_of), [], Wording.model_validate(words), id="report")
    return "".join(p.text for section in report.sections for p in section.paragraphs if p.id == id)


def a_session(absent: int) -> Book:
    book = Book()
    book.town_(rules={"suspended_in_base": False})
    ids = book.deputies(63)
    sheet = attendance(ids[absent:], absent=ids[:absent])
    book.add(
        "session", verb="held", held_on="2020-03-09", congress_number=17, session_number=7, attendance=sheet
    )
    return book


def test_one_absentee_in_sixty_three_is_no_weakness_of_the_year() -> None:
    assert said(a_session(1), "problems") == ""
    assert "有7人次未经请假缺席人民代表大会会议" in said(a_session(7), "problems")


def opinions(closed: int) -> Book:
    book = Book()
    book.town_()
    for n in range(20):
        state = {"state": "closed", "closed_on": "2020-10-30"} if n < closed else {"state": "received"}
        book.add("opinion", received_on="2020-10-15", **state)
    return book


@pytest.mark.parametrize(("closed", "weak"), [(20, False), (19, False), (16, False), (15, True)])
def test_a_fifth_of_the_opinions_open_is_one(closed: int, *, weak: bool) -> None:
    assert bool(said(opinions(closed), "problems")) is weak


def test_a_single_weakness_has_no_number_and_several_are_at_most_four() -> None:
    assert "一是" not in said(opinions(5), "problems")
    book = example()
    book.town_(name="示例镇", county_name="无为市", congress_number=17, quota=63,
               rules={"group_activities_per_year": 9})  # fmt: skip
    book.add("term", congress_number=17, started_on="2016-12-20")
    ids = [f"deputyship-{n}" for n in range(1, 64)]
    book.add("session", "session-1", verb="held", held_on="2020-06-09", congress_number=17, session_number=7,
             attendance=attendance(ids[:45], absent=ids[45:]))  # fmt: skip
    problems = said(book, "problems")
    assert len(re.findall("[一二三四五六]是", problems)) == 4, problems
    assert all(re.search(r"\d|小组", clause) for clause in problems.split("：", 1)[1].split("；")), problems


def test_a_weakness_without_evidence_is_not_said() -> None:
    book = Book()
    book.town_()
    book.add("activity", kind="inspection", title="道路视察", held_on="2020-11-20", opinions_count=5)
    assert said(book, "problems") == ""
    assert "5条意见" in said(book, "outlook")


def test_plans_name_what_goes_on_next_year() -> None:
    book = example()
    items = [{"id": f"i{n}", "title": f"第{n}件事", "due_on": f"2021-0{n}-10"} for n in range(1, 8)]
    book.add("plan", verb="adopted", year=2021, items=items)
    plans = said(book, "outlook")
    assert plans.startswith("2021年，重点做好以下工作：一是")
    assert "落实2021年计划的第1件事、第2件事、第3件事、第4件事和第5件事等7项活动" in plans
    assert "继续办理代表建议1件" in plans
    assert "办结正在办理的选民意见1条" in plans


def test_what_is_to_be_done_this_year_is_not_said_to_a_reader_of_the_next() -> None:
    book = example()
    book.add(
        "plan", verb="adopted", year=2020, items=[{"id": "late", "title": "年末走访", "due_on": "2020-12-20"}]
    )
    told = said(book, "outlook_plan", as_of="2020-12-07")
    assert told == "2020年底以前还要完成年末走访。"
    assert said(book, "outlook_plan", as_of="2020-12-07", signed_on="2021-01-05") == ""
    assert said(book, "outlook_plan") == ""
