"""Figures of suggestions by unit: the one that leads, those that do it with it, each counted once."""

from typing import Any

from services.reports.tables import unit_table
from tests.fixtures.book import Book

REPLIED = {"action": "replied", "on": "2020-08-01", "class": "a"}


def raised(
    book: Book, unit: str, *steps: dict[str, Any], co_units: tuple[str, ...] = (), **fields: Any
) -> None:
    assigned = {"action": "assigned", "on": "2020-06-15", "unit": unit, "co_units": co_units}
    book.add("suggestion", raised_on="2020-06-09", raised_at="session", title="修路", unit=unit,
             co_units=list(co_units), steps=[assigned, *steps], **fields)  # fmt: skip


def town() -> Book:
    book = Book()
    raised(book, "建设办", REPLIED, co_units=("供电所", "水利站"), key=True)
    raised(
        book, "建设办", REPLIED, {"action": "rated", "on": "2020-08-05", "result": "dissatisfied"}, key=True
    )
    raised(book, "供电所", co_units=("建设办",), key=True)
    rejected = [{"action": "rejected", "on": "2020-06-10"}]
    book.add("suggestion", raised_on="2020-06-09", raised_at="session", key=True, steps=rejected)
    return book


def test_each_unit_counts_once_however_it_takes_part() -> None:
    figures = town().figures()
    names = ("units", "lead_units", "co_units", "joint", "assigned", "replied")
    assert [figures[f"suggestions.{name}"].value for name in names] == [3, 2, 3, 2, 3, 2]


def test_what_is_supervised_counts_though_rejected_or_dissatisfied() -> None:
    figures = town().figures()
    names = ("raised", "rejected", "key", "key_replied", "dissatisfied")
    assert [figures[f"suggestions.{name}"].value for name in names] == [4, 1, 4, 2, 1]


def test_units_stand_in_stroke_order_with_what_they_lead_and_share() -> None:
    assert unit_table(town().year()).rows == (
        ("水利站", "0", "1", "0", "0", "0", "0"),
        ("供电所", "1", "1", "0", "0", "0", "0"),
        ("建设办", "2", "1", "2", "0", "0", "1"),
    )


def test_one_unit_alone_needs_no_table() -> None:
    book = Book()
    raised(book, "镇政府", REPLIED)
    assert not unit_table(book.year()).rows


def test_where_no_unit_is_recorded_nothing_is_counted() -> None:
    book = Book()
    raised(book, "")
    for name in ("units", "lead_units", "co_units"):
        assert book.figures()[f"suggestions.{name}"].status == "missing"
