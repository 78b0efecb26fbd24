"""Votes, officials, budgets, questions and livelihood projects of sessions: figures, findings, and what is said."""

from datetime import date
from typing import Any

import pytest

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.domain import Finding, Wording
from services.reports.figures import compute
from services.reports.narrative import Writer, outline
from services.reports.narrative.context import context
from tests.fixtures.book import Book, attendance

SENTENCES = outline("A").sentences


def held(book: Book, number: int = 7, on: str = "2020-06-09", **data: Any) -> str:
    return book.add("session", congress_number=17, session_number=number, held_on=on, **data)


def findings(book: Book, as_of: str = "2020-12-31") -> dict[str, Finding]:
    year = book.year(2020, as_of)
    return {one.id: one for one in check(Books(year, compute(year)))}


def said(book: Book, *paragraphs: str, as_of: str = "2020-12-31") -> str:
    year = book.year(date.fromisoformat(as_of).year, as_of)
    figures = compute(year)
    rules = {f"found.{one.rule}": True for one in check(Books(year, figures))}
    writer = Writer({**context(year, Wording()), **rules}, figures)
    return "".join(run.text for name in paragraphs for run in writer.paragraph(SENTENCES[name]))


def a_town(present: int, absent: int) -> tuple[Book, dict[str, Any]]:
    book = Book()
    everyone = book.deputies(present + absent)
    return book, {"attendance": attendance(everyone[:present], absent=everyone[present:])}


def test_more_votes_and_ballots_than_those_present_are_found_and_block() -> None:
    book, sheet = a_town(45, 18)
    election = {"post": "镇长", "name": "甲", "issued": 63, "returned": 63, "valid": 63, "votes": 60}
    held(book, **sheet, elections=[election], resolutions=[{"title": "决议", "votes": 63}])
    found = findings(book)
    assert {id for id in found if id.startswith("congress.votes")} == {
        "congress.votes:7/选举镇长（甲）",
        "congress.votes:7/通过“决议”",
    }
    assert {found[id].severity for id in found if id.startswith("congress.votes")} == {"block"}
    assert "最多45名" in found["congress.votes:7/通过“决议”"].message


def test_ballots_handed_out_beyond_those_present_are_found() -> None:
    book, sheet = a_town(45, 18)
    held(book, **sheet, elections=[{"post": "镇长", "name": "甲", "issued": 46, "returned": 45, "votes": 40}])
    assert "发出票46" in findings(book)["congress.votes:7/选举镇长（甲）"].message


def test_who_is_not_recorded_may_have_voted() -> None:
    book = Book()
    everyone = book.deputies(63)
    sheet = attendance(everyone[:45])
    held(book, attendance=sheet, resolutions=[{"title": "决议", "votes": 50, "against": 10, "abstained": 3}])
    assert not [id for id in findings(book) if id.startswith("congress.votes")]


def test_votes_of_every_choice_together_are_not_more_than_valid_ballots() -> None:
    book, sheet = a_town(9, 0)
    ballots = {"issued": 9, "returned": 9, "valid": 8, "votes": 6, "against": 2, "abstained": 1}
    held(book, **sheet, elections=[{"post": "镇长", "name": "甲", **ballots}])
    assert "congress.ballots:7/镇长/甲" in findings(book)


def test_votes_are_counted_where_they_were_recorded_and_missing_where_nobody_did() -> None:
    book, sheet = a_town(9, 0)
    held(
        book,
        **sheet,
        resolutions=[{"title": "甲", "votes": 8, "against": 0, "abstained": 1}, {"title": "乙"}],
    )
    figures = book.figures()
    counted = [figures[f"congress.{name}"].value for name in ("counted_votes", "against", "abstained")]
    assert counted == [1, 0, 1]
    silent, sheet = a_town(9, 0)
    held(silent, **sheet, resolutions=[{"title": "甲", "votes": 8}])
    assert silent.figures()["congress.abstained"].status == "missing"
    assert "弃权" not in said(silent, "congress_decisions")


def test_resignations_and_removals_are_numbers_and_sentences() -> None:
    book, sheet = a_town(9, 0)
    left = {"post": "副镇长", "name": "甲某", "votes": 9}
    removal = {"post": "镇长", "name": "乙某", "proposed_by": "deputies", "proposers": ["a"]}
    removals = [{**removal, "passed": True}, {**removal, "name": "丙某", "passed": False}]
    held(book, **sheet, resignations_accepted=[left], removals=removals)
    figures = book.figures()
    assert [figures[f"officials.{n}"].value for n in ("resigned", "removal_motions", "removed")] == [1, 2, 1]
    text = said(book, "congress_decisions", "congress_elections")
    assert "依法接受国家机关工作人员辞职1名。审议罢免案2件，通过1件。" in text
    assert "接受甲某辞去副镇长职务的请求" in text
    assert "officials.removal:7/镇长/乙某" in findings(book)


def test_a_resignation_that_only_a_title_tells_of_is_missing_and_not_zero() -> None:
    book, sheet = a_town(9, 0)
    held(book, **sheet, resolutions=[{"title": "关于接受甲某辞去副镇长职务请求的决定", "votes": 9}])
    assert book.figures()["officials.resigned"].status == "missing"
    assert "officials.unrecorded:7/接受辞职" in findings(book)
    deputy, sheet = a_town(9, 0)
    held(deputy, **sheet, resolutions=[{"title": "关于接受乙某辞去镇人民代表大会代表职务的决定"}])
    assert deputy.figures()["officials.resigned"].value == 0
    assert not [id for id in findings(deputy) if id.startswith("officials")]


@pytest.mark.parametrize(
    ("post", "own"),
    [
        *((post, True) for post in ("镇长", "副镇长", "乡长", "常务副镇长", "人大主席", "镇人大副主席")),
        *(
            (post, True)
            for post in ("主席", "示例镇人民政府副镇长", "镇人民代表大会主席团主席", "副镇长（挂职）")
        ),
        *(
            (post, False)
            for post in ("镇党委书记", "派出所所长", "县长", "工会主席", "村民委员会主任", "镇妇联主席")
        ),
    ],
)
def test_posts_that_a_town_does_not_fill_are_found(post: str, own: bool) -> None:
    book, sheet = a_town(9, 0)
    held(book, **sheet, elections=[{"post": post, "name": "甲"}])
    assert (f"officials.competence:7/选举{post}" in findings(book)) == (not own)


def test_nominations_are_counted_and_asked_for() -> None:
    book, sheet = a_town(12, 0)
    by = {"nominated_by": "deputies", "nominators": ["a", "b"]}
    elections = [
        {"post": "镇长", "name": "甲", **by},
        {"post": "主席", "name": "乙", "nominated_by": "presidium"},
    ]
    held(book, **sheet, elections=[*elections, {"post": "副镇长", "name": "丙"}])
    figures = book.figures()
    assert [figures[f"nominations.{by}"].value for by in ("presidium", "deputies")] == [1, 1]
    assert {"nominations.few:7/镇长/甲", "nominations.none:7"} <= set(findings(book))
    assert "主席团提名1名、代表联合提名1名" in said(book, "congress_decisions")


def test_a_budget_is_approved_each_year_and_published_within_twenty_days() -> None:
    book, sheet = a_town(9, 0)
    report = {"title": "2020年预算", "kind": "budget", "adopted": True}
    held(book, **sheet, ended_on="2020-06-10", reports=[{**report, "published_on": "2020-07-01"}])
    found = findings(book)
    assert "2020年7月1日才公开" in found["budget.unpublished:17-7/2020年预算"].message
    assert "budget.none" not in found
    assert "1项，已向社会公开" in said(book, "congress_work")
    assert "批准预算和决算1项。" in said(book, "congress_work", as_of="2020-06-30")
    assert not [id for id in findings(book, "2020-06-30") if id.startswith("budget")]
    none, sheet = a_town(9, 0)
    held(none, **sheet, reports=[{"title": "关于预算的报告", "kind": "other", "adopted": True}])
    assert "类型写为财政预算报告" in findings(none)["budget.none"].message


def test_a_budget_of_december_is_due_in_the_next_year() -> None:
    book, sheet = a_town(9, 0)
    report = {"title": "2021年预算", "kind": "budget", "adopted": True}
    held(book, on="2020-12-20", **sheet, reports=[report])
    assert not [id for id in findings(book) if id.startswith("budget.unpublished")]
    year = book.year(2021, "2021-12-31")
    assert "budget.unpublished" in {one.rule for one in check(Books(year, compute(year)))}


def test_questions_have_answers_and_an_interpellation_ten_names() -> None:
    book, sheet = a_town(12, 0)
    asked = {"kind": "interpellation", "unit": "镇人民政府", "text": "饮水", "askers": ["a", "b", "c"]}
    once = {**asked, "answered_on": "2020-06-10", "dissatisfied": 2}
    held(book, **sheet, questions=[once, {"kind": "inquiry", "unit": "财政所", "text": "经费"}])
    found = findings(book)
    assert {id for id in found if id.startswith("questions")} == {
        "questions.few:7/镇人民政府/饮水",
        "questions.again:7/镇人民政府/饮水",
        "questions.unanswered:7/财政所/经费",
    }
    text = said(book, "congress_decisions")
    assert "质询案1件。代表在审议中提出询问1件。质询案和询问共2件，已答复1件。" in text


PROJECTS = [
    {"title": "饮水工程", "votes": 42, "chosen": True, "done_on": "2020-11-01"},
    {"title": "人居环境", "votes": 20, "chosen": False},
    {"title": "村道", "votes": 40, "chosen": True},
]


def test_livelihood_projects_are_followed_from_the_vote_to_the_rating() -> None:
    book, sheet = a_town(45, 0)
    projects = [{**PROJECTS[0], "rated_on": "2020-12-20", "satisfied": 40, "dissatisfied": 5}, *PROJECTS[1:]]
    vote = {"to_choose": 2, "issued": 45, "returned": 45, "valid": 45}
    held(book, **sheet, livelihood_vote=vote, livelihood_projects=projects)
    figures = book.figures()
    names = ("candidates", "chosen", "issued", "returned", "valid", "projects", "done", "open", "rated")
    assert [figures[f"livelihood.{name}"].value for name in names] == [3, 2, 45, 45, 45, 2, 1, 1, 1]
    text = said(book, "livelihood")
    assert "从3项候选项目中选定民生实事项目2项。发出表决票45张，收回45张，其中有效票45张。" in text
    assert "年度民生实事项目2项，已完成1项，还有1项没有完成。" in text
    assert "满意率88.9%" in text
    assert {id for id in findings(book) if id.startswith("livelihood")} == {"livelihood.undone"}
    assert "全部完成" not in said(book, "livelihood", as_of="2020-10-01")


def test_a_project_chosen_in_december_is_work_of_the_year_it_is_for() -> None:
    book, sheet = a_town(45, 0)
    held(
        book,
        on="2020-12-20",
        **sheet,
        livelihood_projects=[{**PROJECTS[0], "year": 2021, "done_on": "2021-09-01"}],
    )
    assert [book.figures()[f"livelihood.{n}"].value for n in ("chosen", "projects")] == [1, 0]
    next_year = book.figures("2021-12-31", 2021)
    assert [next_year[f"livelihood.{n}"].value for n in ("candidates", "projects", "done")] == [0, 1, 1]
    assert "年度民生实事项目1项，已经完成。" in said(book, "livelihood", as_of="2021-12-31")


@pytest.mark.parametrize(
    ("projects", "vote", "rule"),
    [
        ([{"title": "甲"}], {}, "livelihood.result:7"),
        (
            [{"title": "甲", "chosen": True}, {"title": "乙", "chosen": True}],
            {"to_choose": 1},
            "livelihood.result:7",
        ),
        ([{**PROJECTS[2], "votes": 30}, {**PROJECTS[1], "votes": 31}], {}, "livelihood.result:7"),
        ([{**PROJECTS[0], "votes": 22}], {}, "livelihood.majority:7/饮水工程"),
        ([{**PROJECTS[0], "votes": 46}], {}, "congress.votes:7/票决“饮水工程”"),
        ([PROJECTS[0]], {"issued": 45, "returned": 46}, "congress.ballots:7/民生实事"),
        (PROJECTS, {"to_choose": 2, "returned": 45, "valid": 45}, "congress.ballots:7/民生实事"),
    ],
)
def test_a_vote_on_projects_that_cannot_be_is_found(
    projects: list[dict[str, Any]], vote: dict[str, Any], rule: str
) -> None:
    book, sheet = a_town(45, 0)
    held(book, **sheet, livelihood_projects=projects, livelihood_vote=vote)
    assert rule in findings(book)


def test_a_rating_at_a_session_is_held_against_those_present_there() -> None:
    book, sheet = a_town(40, 5)
    project = {**PROJECTS[0], "votes": 40, "rated_on": "2020-12-20", "satisfied": 40, "abstained": 1}
    held(book, **sheet, livelihood_projects=[project])
    assert "livelihood.overrated" not in {one.rule for one in findings(book).values()}
    held(book, 8, "2020-12-20", **sheet)
    assert "livelihood.overrated:2020-12-20/饮水工程" in findings(book)


def test_a_session_over_the_new_year_is_cut_and_a_postponement_names_the_year() -> None:
    book, sheet = a_town(9, 0)
    held(
        book,
        on="2020-12-30",
        ended_on="2021-01-02",
        planned_on="2019-11-20",
        postponed_reason="疫情",
        **sheet,
    )
    figures = [book.figures(day)["congress.days"].value for day in ("2020-12-30", "2020-12-31")]
    assert figures == [1, 2]
    assert "congress.days" in {f.id for f in book.figures("2021-12-31", 2021).values() if f.value == 0}
    assert "因疫情，原定2019年下半年召开的会议推迟，2020年12月30日举行" in said(book, "congress_held")


def test_a_session_held_earlier_than_planned_or_planned_for_no_day_is_not_called_postponed() -> None:
    for planned in ("2020-07-01", None):
        book, sheet = a_town(9, 0)
        held(book, planned_on=planned, postponed_reason="县里统一安排", **sheet)
        assert "推迟" not in said(book, "congress_held")


def test_observers_entered_by_kind_alone_are_counted() -> None:
    book = Book()
    kinds = [{"kind": "村居干部", "count": 5}, {"kind": "县级代表", "count": 2}]
    held(book, observer_kinds=kinds)
    held(book, 8, "2020-12-01", observers=4, observer_kinds=kinds)
    assert book.figures()["congress.observers"].value == 11


def test_suggestions_of_an_unknown_occasion_are_not_said_to_be_the_parts_of_the_whole() -> None:
    book = Book()
    book.add("suggestion", number=1, raised_on="2020-06-09", raised_at="session", title="路")
    assert "提出建议1件。" in said(book, "suggestions")
    book.add("suggestion", number=2, raised_on="2020-07-09", title="灯")
    text = said(book, "suggestions")
    assert "提出建议2件。" in text
    assert "其中大会期间" not in text
