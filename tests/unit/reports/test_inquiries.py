"""Special inquiries and ballots on reviewed units: figures, findings, and what is said."""

from typing import Any

import pytest

from services.reports.tables import rating_table
from tests.fixtures.book import Book, attendance, result
from tests.unit.reports.test_votes import findings, said


def inquiry(book: Book, *questions: dict[str, Any]) -> str:
    return book.add("activity", kind="inquiry", title="饮水", held_on="2020-08-01", questions=list(questions))


def test_questions_and_promises_are_followed_up_to_the_day_of_the_figures() -> None:
    book = Book()
    kept = {
        "unit": "水利站",
        "text": "甲",
        "answered_on": "2020-08-01",
        "promise": "通水",
        "due_on": "2020-10-01",
    }
    inquiry(book, {**kept, "done_on": "2020-09-30"}, {**kept, "text": "乙"}, {"unit": "财政所", "text": "丙"})
    figures = book.figures()
    names = ("questions", "units", "answered", "promises", "promises_done")
    assert [figures[f"inquiries.{name}"].value for name in names] == [3, 2, 2, 2, 1]
    assert book.figures("2020-09-01")["inquiries.promises_done"].value == 0
    text = said(book, "supervision")
    assert "专题询问向2家单位提出问题3个。所提问题已答复2个。询问中承诺事项2个，已落实1个。" in text
    assert {"inquiries.unanswered", "inquiries.promise_open"} <= set(findings(book))
    assert "inquiries.promise_open" not in findings(book, "2020-09-01")


def test_an_inquiry_without_questions_is_missing_them() -> None:
    book = Book()
    inquiry(book)
    assert book.figures()["inquiries.questions"].status == "missing"
    assert said(book, "supervision") == "本年度组织专题询问1次。"


def test_inquiries_are_expected_where_the_rule_pack_says_so() -> None:
    for rules, told in (({}, False), ({"inquiries_per_year": 1}, True)):
        book = Book()
        book.town_(rules=rules)
        assert ("inquiries.none" in findings(book)) == told


def test_abstentions_of_ratings_are_told_and_hidden_with_their_meeting() -> None:
    book = Book()
    one, other = book.deputies(2)
    shown = result({one: (30, 5, 1), other: (38, 0, 0)}, issued=40, returned=40)
    shown["deputies"][0].update(abstain=3, spoiled=1)
    book.meeting([one, other], constituency="甲", result=shown)
    few = {**result({one: (2, 0, 0)}, issued=5, returned=5), "suppressed": True}
    book.meeting([one], held_on="2020-12-05", constituency="乙", result=few)
    figures = book.figures()
    assert [figures[f"ratings.{name}"].value for name in ("abstained", "spoiled")] == [5, 1]
    assert "此外，弃权5票、划错1票。" in said(book, "ratings")
    table = rating_table(book.year(), figures)
    assert [row[-2] for row in table.rows] == ["5", "—", "5"]
    hidden = Book()
    hidden.meeting(hidden.deputies(1), result=few)
    assert hidden.figures()["ratings.abstained"].status == "not_applicable"
    assert "弃权" not in said(hidden, "ratings")


def review(book: Book, **ballots: Any) -> None:
    everyone = book.deputies(10)
    sheet = attendance(everyone[:8], absent=everyone[8:])
    unit = {"name": "卫生院", "result": "满意", **ballots}
    book.add("activity", kind="review", title="评议", held_on="2020-08-02", attendance=sheet, units=[unit])


def test_ballots_on_units_are_summed_and_abstentions_are_no_options() -> None:
    book = Book()
    review(book, issued=8, returned=8, satisfied=5, basically_satisfied=1, dissatisfied=0, abstained=2)
    figures = book.figures()
    assert [figures[f"reviews.{n}"].value for n in ("returned", "satisfied", "abstained")] == [8, 5, 2]
    assert (figures["reviews.satisfied_rate"].numerator, figures["reviews.satisfied_rate"].denominator) == (
        5,
        6,
    )
    assert "评议收回测评票8张，满意票5票，弃权票2票，满意率83.3%。" in said(book, "supervision")
    assert not [id for id in findings(book) if id.startswith("reviews")]


def test_ballots_on_units_asked_in_an_inquiry_are_told_apart_from_those_of_reviews() -> None:
    book = Book()
    sheet = attendance(book.deputies(8))
    unit = {"name": "环保所", "returned": 8, "satisfied": 6, "basically_satisfied": 2, "abstained": 0}
    book.add("activity", kind="inquiry", title="水", held_on="2020-08-03", attendance=sheet, units=[unit])
    figures = book.figures()
    assert [figures[f"inquiries.{n}"].value for n in ("returned", "satisfied", "abstained")] == [8, 6, 0]
    assert figures["reviews.returned"].value == 0
    assert "询问后收回测评票8张，满意票6票，满意率75%。" in said(book, "supervision")
    assert not [id for id in findings(book) if id.startswith("reviews")]
    unit |= {"name": "建设办", "issued": 9}
    book.add("activity", kind="inquiry", title="路", held_on="2020-08-04", attendance=sheet, units=[unit])
    assert findings(book)["reviews.voters:2020-08-04/建设办"].severity == "block"


def test_ballots_are_told_where_nobody_counted_abstentions() -> None:
    book = Book()
    review(book, returned=8, satisfied=6, basically_satisfied=2)
    assert book.figures()["reviews.abstained"].status == "missing"
    assert "评议收回测评票8张，满意票6票，满意率75%。" in said(book, "supervision")


def test_a_review_without_ballots_has_none_and_says_nothing_of_them() -> None:
    book = Book()
    review(book)
    assert book.figures()["reviews.returned"].status == "missing"
    assert "测评票" not in said(book, "supervision")


@pytest.mark.parametrize(
    ("ballots", "rule"),
    [
        ({"issued": 9}, "reviews.voters"),
        ({"satisfied": 9}, "reviews.voters"),
        ({"returned": 5, "satisfied": 4, "abstained": 2}, "reviews.ballots"),
        ({"issued": 5, "returned": 6}, "reviews.ballots"),
    ],
)
def test_ballots_that_cannot_be_are_found(ballots: dict[str, int], rule: str) -> None:
    book = Book()
    review(book, **ballots)
    assert findings(book)[f"{rule}:2020-08-02/卫生院"].severity == "block"
