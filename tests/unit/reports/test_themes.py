"""Themes of the year and forms of activities: neither is taken for the other."""

from typing import Any

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.compiler import compile_report
from services.reports.domain import Wording
from services.reports.figures import compute
from tests.fixtures.book import Book


def town(**fields: Any) -> Book:
    book = Book()
    book.town_()
    sheet = {"present": [book.deputy()]}
    book.add(
        "activity", kind="group_activity", title="活动", held_on="2020-06-09", attendance=sheet, **fields
    )
    return book


def text(book: Book) -> str:
    report = compile_report(book.year(), [], Wording(), id="report")
    return "".join(p.text for section in report.sections for p in section.paragraphs)


def rules(book: Book) -> set[str]:
    year = book.year()
    return {finding.rule for finding in check(Books(year, compute(year)))}


def test_a_form_is_no_theme_and_no_inspection_of_its_own() -> None:
    book = town(themes=[], forms=["视察"], tags=["视察"])
    figures = book.figures()
    names = ("tagged.times", "supervision.inspections", "supervision.beside", "group_activities.times")
    assert [figures[name].value for name in names] == [0, 0, 1, 1]
    assert "围绕" not in text(book)
    assert "视察" not in text(book)


def test_nobody_says_that_no_inspection_was_held_where_one_was() -> None:
    assert "supervision.none" in rules(town(themes=["防汛"], tags=["防汛"]))
    assert "supervision.none" not in rules(town(themes=[], forms=["视察"]))
    assert "没有组织代表视察" not in text(town(themes=[], forms=["视察"]))
    assert "training.none" not in rules(town(themes=[], forms=["学习培训"]))


def test_a_theme_is_counted_as_such() -> None:
    book = town(themes=["防汛"], tags=["防汛"])
    assert book.figures()["tagged.times"].value == 1
    assert "围绕防汛等中心工作组织代表活动1次" in text(book)


def test_an_event_of_before_counts_by_its_tags() -> None:
    assert town(tags=["视察"]).figures()["tagged.times"].value == 1
