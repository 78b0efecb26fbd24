"""Findings about activities: the facts their kind should have, and findings of deputies that nobody answered."""

from typing import Any

import pytest

from services.reports.checks import check
from services.reports.checks.activities import REQUIRED
from services.reports.checks.draft import Books
from services.reports.domain import Finding
from services.reports.figures import compute
from tests.fixtures.book import Book

WHOLE: dict[str, dict[str, Any]] = {
    "group_activity": {"group_id": "g1"},
    "inspection": {"sites_count": 0, "opinions_count": 0},
    "research": {"reports_count": 1},
    "law_check": {"laws": ["代表法"], "opinions_count": 0},
    "review": {"units": [{"name": "镇卫生院", "result": "满意"}]},
    "inquiry": {"questions": [{"unit": "财政所", "text": "经费", "answered_on": "2020-05-07"}]},
    "training": {"topics": ["代表法"]},
    "reception": {"station_id": "s1", "voters_count": 0},
    "visit": {"households_count": 3},
    "good_deed": {"amount_yuan": 5000},
}


def findings(book: Book, as_of: str = "2020-12-31") -> dict[str, Finding]:
    year = book.year(2020, as_of)
    return {one.id: one for one in check(Books(year, compute(year))) if one.rule.startswith("activities.")}


def test_every_kind_that_asks_for_facts_is_tried_here() -> None:
    assert set(WHOLE) == set(REQUIRED)


@pytest.mark.parametrize("kind", WHOLE)
def test_an_activity_with_its_facts_is_silent_and_each_missing_one_is_named(kind: str) -> None:
    book = Book()
    book.add("activity", kind=kind, title="齐全", held_on="2020-05-07", **WHOLE[kind])
    assert findings(book) == {}
    book.add("activity", kind=kind, title="缺项", held_on="2020-05-08")
    book.add("activity", kind=kind, title="作废", held_on="2020-05-09", state="voided")
    found = findings(book)
    assert set(found) == {f"activities.facts:{kind}/{what}" for what, _ in REQUIRED[kind]}
    for finding in found.values():
        assert finding.severity == "info"
        assert "5月8日“缺项”" in finding.message
        assert len(finding.records) == 1


def test_many_records_are_counted_and_the_first_are_named() -> None:
    book = Book()
    for day in range(1, 8):
        book.add("activity", kind="training", title=f"学习{day}", held_on=f"2020-05-0{day}")
    (finding,) = findings(book).values()
    assert finding.message.startswith("有7次学习培训没有登记学习内容：5月1日“学习1”、")
    assert finding.message.endswith("5月5日“学习5”等。")
    assert len(finding.records) == 7


def test_a_unit_without_a_result_is_not_reviewed_whole() -> None:
    book = Book()
    book.add("activity", kind="review", title="评议", held_on="2020-05-07", units=[{"name": "镇卫生院"}])
    assert set(findings(book)) == {"activities.facts:review/评议的单位和结果"}


@pytest.mark.parametrize(
    ("follow_up", "as_of", "late"),
    [
        (None, "2020-08-31", False),
        (None, "2020-09-01", True),
        ({"passed_on": "2020-06-10"}, "2020-09-10", False),
        ({"passed_on": "2020-06-10"}, "2020-09-11", True),
        ({"fed_back_on": "2020-09-20"}, "2020-09-19", True),
        ({"fed_back_on": "2020-09-20"}, "2020-09-20", False),
    ],
)
def test_findings_are_answered_within_three_months(
    follow_up: dict[str, str] | None, as_of: str, late: bool
) -> None:
    book = Book()
    fields: dict[str, Any] = {
        "kind": "inspection",
        "title": "道路",
        "held_on": "2020-05-31",
        "sites_count": 2,
    }
    book.add("activity", **fields, opinions_count=4, follow_up=follow_up)
    assert ("activities.feedback:2020-05-31/道路" in findings(book, as_of)) is late


def test_an_answer_due_this_year_to_what_was_found_last_year_is_looked_for_and_the_pack_says_how_long() -> (
    None
):
    book = Book()
    book.add("activity", kind="research", title="养老", held_on="2019-11-20", opinions_count=2)
    book.add("activity", kind="research", title="旧事", held_on="2019-02-20", opinions_count=2)
    assert set(findings(book)) == {"activities.feedback:2019-11-20/养老"}
    book.town_(rules={"feedback_months": 1})
    assert set(findings(book)) == set()


def test_a_decision_of_an_earlier_year_is_followed_to_its_end() -> None:
    book = Book()
    book.add("presidium_meeting", held_on="2019-12-01", decisions=[{"text": "督办", "due_on": "2020-03-01"}])
    year = book.year()
    (finding,) = (one for one in check(Books(year, compute(year))) if one.rule == "presidium.decision_open")
    assert len(finding.records) == 1
