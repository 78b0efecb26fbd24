"""Figures of party, ethnicity and education count by the codes of the national lists, whatever was written."""

from datetime import date

import pytest

from services.reports.domain import Figure
from tests.fixtures.book import Book
from tests.fixtures.counts import compiled, recounted

IDS = {
    "party": "deputies.town.non_party",
    "ethnicity": "deputies.town.minority",
    "education": "deputies.town.college",
}


def town(field: str, *writings: str) -> Book:
    book = Book()
    book.town_()
    for writing in writings:
        book.deputy(person_id=book.add("person", name="王示例", **{field: writing}))
    return book


def shown(figures: dict[str, Figure], field: str) -> object:
    return figures[IDS[field]].value


@pytest.mark.parametrize(
    ("field", "writings", "value"),
    [
        ("party", ["党员", "中共 党员", "中国共产党党员", "中共党员（预备）", "群 众", "民建", "无党派"], 3),
        ("ethnicity", ["汉", "汉 族", "汉族", "回", "维族", "蒙古族"], 3),
        ("education", ["大学", "在职大专", "硕士", "研究生", "高中文化", "中 专"], 4),
        ("party", ["群众", "党外"], None),
        ("ethnicity", ["汉族", ""], None),
        ("education", ["大专", "大专以上"], None),
    ],
)
def test_a_figure_counts_writings_by_their_code(field: str, writings: list[str], value: int | None) -> None:
    book = town(field, *writings)
    assert shown(book.figures(), field) == value
    day = date(2020, 12, 31)
    assert recounted(book, day)[IDS[field]] == compiled(book, day)[IDS[field]]
