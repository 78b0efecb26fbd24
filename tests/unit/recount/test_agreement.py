"""Two programs that share nothing come to the same numbers, whatever the history; where they differ, one is wrong."""

import re
from datetime import date
from pathlib import Path

from hypothesis import given, settings

from recount import Log
from recount.account import accounts
from recount.books import Books
from recount.figures import FIGURES
from services.reports.figures import compute
from services.reports.figures.accounting import account
from tests.fixtures.book import Book
from tests.fixtures.counts import compiled, recounted
from tests.fixtures.documents import log_of
from tests.fixtures.example import example
from tests.fixtures.histories import histories

CATALOGUE = Path(__file__).parents[3] / "docs" / "figures.md"


def test_every_figure_of_the_catalogue_is_counted_a_second_time() -> None:
    written = re.findall(
        r"^\| `([a-z_.]+)` \|(?=.*\| (?:计数|合计|比率) \|)", CATALOGUE.read_text("utf-8"), re.MULTILINE
    )
    assert written
    assert set(FIGURES) == set(written)


@given(histories())
@settings(max_examples=20, deadline=None)
def test_both_come_to_the_same_numbers(book: Book) -> None:
    for as_of in (date(2020, 6, 30), date(2020, 12, 31)):
        first, second = compiled(book, as_of), recounted(book, as_of)
        assert first == {tag: second.get(tag) for tag in first}


@given(histories())
@settings(max_examples=20, deadline=None)
def test_both_count_and_exclude_the_same_records(book: Book) -> None:
    for as_of in (date(2020, 6, 30), date(2020, 12, 31)):
        year = book.year(as_of.year, as_of.isoformat())
        compiled_accounts = account(year, compute(year).values())
        records = Log.from_events(book.town, log_of(book)).records()
        counted_again = accounts(Books(book.town, date(as_of.year, 1, 1), as_of, records), records)
        for source, entry in compiled_accounts.items():
            again = counted_again[source.rpartition("/")[2]]
            assert again.counted == entry.counted
            assert set(again.excluded) == {e.subject for e in entry.excluded}


def test_both_compare_with_the_year_before_once_it_is_closed() -> None:
    book = example(Book())
    deputies = [book.deputy(), book.deputy()]
    book.add("activity", kind="training", held_on="2019-03-01", attendance={"present": deputies})
    book.add("activity", kind="training", held_on="2019-12-20", attendance={"present": deputies[:1]})
    assert recounted(book, date(2020, 12, 7))["training.times#previous"] == "缺数据"
    for service in book.events:
        book.seal(service, year=2019, as_of="2019-12-31")
    first, second = compiled(book, date(2020, 12, 7)), recounted(book, date(2020, 12, 7))
    assert first == {tag: second.get(tag) for tag in first}
    assert second["training.times#previous"] == "1"
    assert {tag for tag in second if tag.endswith("#change")} >= {"training.times#change"}


def test_events_about_the_log_itself_are_no_records() -> None:
    book = Book()
    book.town_()
    book.deputies(2)
    before = Log.from_events(book.town, log_of(book)).records()
    for noun, verb in (("stream", "restored"), ("replay", "requested")):
        book.announce("roster", f"{noun}.{verb}.v1", f"stream/{book.town}/roster", {})
    assert Log.from_events(book.town, log_of(book)).records() == before
