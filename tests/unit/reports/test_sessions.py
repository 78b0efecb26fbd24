"""Findings about sessions: how they were called, what was put to them, and who missed them twice."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.checks.rules import RULES as NORMS
from services.reports.domain import Finding
from services.reports.figures import compute
from shared.norms import Norms
from tests.fixtures.book import Book, attendance

RULES = ("congress.", "attendance.leave_")


def findings(book: Book, as_of: str = "2020-12-31", norms: Norms = NORMS) -> dict[str, Finding]:
    year = book.year(2020, as_of)
    return {one.id: one for one in check(Books(year, compute(year), norms)) if one.rule.startswith(RULES)}


def held(book: Book, number: int, on: str, *, congress: int = 17, **data: Any) -> str:
    return book.add("session", congress_number=congress, session_number=number, held_on=on, **data)


def test_two_absences_in_one_term_are_a_task_with_their_records() -> None:
    book = Book()
    kept, twice, once = book.deputies(3)
    everyone = [kept, twice, once]
    for number, on, away in (
        (5, "2019-03-01", [twice]),
        (6, "2019-12-01", []),
        (7, "2020-06-09", [twice, once]),
    ):
        present = [one for one in everyone if one not in away]
        held(book, number, on, attendance=attendance(present, absent=away), expected=everyone)
    found = findings(book)
    (task,) = (one for one in found.values() if one.rule == "congress.absent_twice")
    assert "第五次会议" in task.message
    assert "第七次会议" in task.message
    assert "资格审查委员会" in task.message
    assert [ref.subject.partition("/")[0] for ref in task.records] == ["session", "session", "deputyship"]
    assert "有1名在任镇代表" in found["congress.absent_once"].message
    assert not {"congress.absent_once", "congress.absent_twice"} & {
        one.rule for one in findings(book, "2018-12-31").values()
    }


def test_absences_in_two_terms_leave_and_silence_are_no_task() -> None:
    book = Book()
    split, sick, silent = book.deputies(3)
    everyone = [split, sick, silent]
    for congress, number, on in ((16, 9, "2016-12-25"), (17, 1, "2017-01-10")):
        sheet = attendance([], on_leave=[sick], absent=[split])
        held(book, number, on, congress=congress, attendance=sheet, expected=everyone)
    found = findings(book)
    assert "有1名" in found["congress.absent_once"].message
    assert not any(one.rule == "congress.absent_twice" for one in found.values())


def test_notice_and_papers_are_measured_where_the_rule_pack_asks() -> None:
    called: dict[str, Any] = {"notice_on": "2020-06-03", "papers_on": "2020-06-08"}
    for rules, expected in (
        ({}, set()),
        ({"session_notice_days": 6, "session_papers_days": 1}, set()),
        ({"session_notice_days": 7, "session_papers_days": 2}, {"congress.notice:7", "congress.papers:7"}),
    ):
        book = Book()
        book.town_(rules=rules)
        held(book, 7, "2020-06-09", **called)
        assert set(findings(book)) & {"congress.notice:7", "congress.papers:7"} == expected
    book = Book()
    book.town_(rules={"session_notice_days": 7})
    held(book, 7, "2020-06-09")
    assert "没有登记何时通知代表" in findings(book)["congress.notice:7"].message


def test_motions_ballots_observers_and_reasons_that_do_not_fit_are_named() -> None:
    book = Book()
    four = book.deputies(4)
    motions = [
        {"title": "水系整治", "proposers": [*four, four[0]]},
        {"title": "预算调整", "proposed_by": "government"},
    ]
    ballots = {"issued": 60, "returned": 60, "valid": 58, "votes": 40}
    elections = [
        {"post": "镇长", "name": "甲", **ballots},
        {"post": "副镇长", "name": "乙", **ballots, "returned": 61},
        {"post": "主席", "name": "丙", "valid": 30, "votes": 31},
    ]
    held(
        book, 7, "2020-06-09", planned_on="2020-03-20", motions=motions, elections=elections, observers=12,
        observer_kinds=[{"kind": "县级代表", "count": 4}],
    )  # fmt: skip
    found = findings(book)
    assert {id for id in found if id.startswith(("congress.motion", "congress.ballots"))} == {
        "congress.motion:7/水系整治",
        "congress.ballots:7/副镇长/乙",
        "congress.ballots:7/主席/丙",
    }
    assert "登记联名代表4名" in found["congress.motion:7/水系整治"].message
    assert {"congress.postponed:7", "congress.observers:7"} <= set(found)


def test_votes_for_resolutions_and_passed_reports_are_measured_too() -> None:
    book = Book()
    everyone = book.deputies(10)
    held(
        book, 7, "2020-06-09", attendance=attendance(everyone), expected=everyone,
        resolutions=[{"title": "决议", "votes": 5}],
        reports=[{"title": "甲", "adopted": True, "votes": 5}, {"title": "乙", "adopted": False, "votes": 1}],
    )  # fmt: skip
    assert {id for id in findings(book) if id.startswith("congress.majority")} == {
        "congress.majority:7/通过“决议”",
        "congress.majority:7/通过“甲”",
    }


def test_leave_is_told_that_was_approved_late_by_another_or_not_at_all() -> None:
    book = Book()
    book.town_(rules={"leave_approver": "presidium"})
    deputies = book.deputies(5)
    asked = {"requested_on": "2020-03-01"}
    granted = {**asked, "approved_on": "2020-02-20", "approved_by": "presidium"}
    said = [asked, granted, {**granted, "approved_on": "2020-03-02"}, {**granted, "approved_by": "chair"}, {}]
    sheet = {"on_leave": [{"deputyship_id": id, **one} for id, one in zip(deputies, said, strict=True)]}
    for number, on in ((6, "2020-02-01"), (7, "2020-03-01")):
        held(book, number, on, attendance=sheet, expected=deputies)
    found = findings(book)
    told = {one.rule: one.message for one in found.values() if one.rule.startswith("attendance.leave")}
    name = "第十七届人民代表大会第七次会议"
    assert told == {
        "attendance.leave_unapproved": f"{name}有1名申请请假，没有登记批准，按未经批准不出席计算。",
        "attendance.leave_approver": f"{name}有1名的请假不是由规定的主席团批准的。",
        "attendance.leave_late": f"{name}有1名的请假是事后批准的。",
    }
    (task,) = (one for one in found.values() if one.rule == "congress.absent_twice")
    assert "王示例1" in task.message
    assert "attendance.leave_approver" not in {
        one.rule for one in findings(book, as_of="2020-01-31").values()
    }


def test_a_session_is_held_to_the_rules_of_its_own_day() -> None:
    book = Book()
    held(book, 7, "2020-03-01", motions=[{"title": "修路"}])
    held(book, 8, "2020-09-01", motions=[{"title": "通水"}])
    since = {"congress.motion": date(2020, 6, 1)}
    later = Norms(
        *(replace(norm, effective_from=since.get(norm.id, norm.effective_from)) for norm in NORMS.all)
    )
    assert [one for one in findings(book, norms=later) if "motion" in one] == ["congress.motion:8/通水"]
