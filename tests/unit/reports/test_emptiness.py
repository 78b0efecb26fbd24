"""A period without records, and a year of which half was entered: said, and nothing claimed in its words."""

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.compiler import compile_report
from services.reports.domain import Severity, Wording
from services.reports.figures import compute
from tests.fixtures.book import Book
from tests.fixtures.example import example


def told(book: Book, year: int = 2020) -> dict[str, Severity]:
    made = book.year(year, f"{year}-12-31")
    found = check(Books(made, compute(made)))
    return {one.id: one.severity for one in found if one.rule.startswith("records.n")}


def test_a_year_without_records_blocks_and_praises_nothing() -> None:
    assert told(example()) == {}
    assert told(example(), 2015) == {"records.none": Severity.BLOCK}
    report = compile_report(example().year(2015, "2015-12-31"), [], Wording(), id="report")
    words = "".join(p.text for section in report.sections for p in section.paragraphs)
    assert "推进" not in words
    assert "登记" not in words
    assert "按计划推进" not in words


def test_a_town_that_nobody_registered_blocks() -> None:
    assert told(Book()) == {"records.no_town": Severity.BLOCK, "records.none": Severity.BLOCK}


def test_the_half_that_is_missing_is_named() -> None:
    book = Book()
    book.town_()
    book.add("activity", kind="training", title="学习", held_on="2020-03-01")
    assert told(book) == {"records.none_of_source:roster": Severity.WARN}
    book = Book()
    book.town_()
    book.meeting([book.deputy()])
    assert told(book) == {"records.none_of_source:activities": Severity.WARN}
    book = Book()
    book.town_()
    book.deputy()
    assert told(book) == {"records.none": Severity.BLOCK}
