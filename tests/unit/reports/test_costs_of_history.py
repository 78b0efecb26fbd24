"""What a record of history costs a later closing: counted in calls, of which a busy machine makes no more."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from services.reports.compiler import compile_report, spanned
from services.reports.domain import Wording
from services.reports.domain.seals import SealedHead
from services.reports.figures.index import DATED, Index, assembled, entered, walk
from services.reports.figures.year import Year
from services.reports.handlers import proving
from services.reports.repository import content_of
from shared.envelope import source_of
from tests.fixtures.book import SOURCES, Book
from tests.fixtures.history import history

LAST, AS_OF = 2020, date(2020, 12, 7)
EACH = 100
CALLS_A_RECORD = 22
"""Of Python and of C: its line in the checkpoint, read and written, and its line in the proof."""


def closing_after(years: int) -> tuple[Callable[[], None], int]:
    """What a closing does after so many years of history, and how many records of these it does not read."""
    book = Book()
    book.town_()
    history(book, LAST - years, LAST, each=EACH)
    ledger = book.ledger
    heads = [SealedHead(s, len(log), log[-1].hash, ledger.counts(s)) for s, log in book.events.items()]
    indexes = [walk(book.town, Index(source_of(book.town, s)), book.events[s]).index for s in SOURCES]
    facts = [
        fact
        for kind, by_id in ledger.facts.items()
        for fact in by_id.values()
        if kind not in DATED or (entered(kind, fact).day or date.min).year == LAST
    ]

    def closing() -> None:
        known = [proving._index(proving._kept(book.town, index, "year")) for index in indexes]
        read = assembled(book.town, known, facts)
        year = Year(read, LAST, AS_OF, spanned(str(LAST), read))
        content_of(book.town, "report", compile_report(year, heads, Wording(), id="report"))

    return closing, sum(len(index.entries) for index in indexes) - len(facts)


def calls(action: Callable[[], None]) -> int:
    made = 0

    def count(frame: Any, event: str, arg: Any) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    action()  # what is read once in a process
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return made


def test_a_record_that_is_not_read_costs_some_calls() -> None:
    few, some = closing_after(2)
    many, more = closing_after(10)
    assert more - some > 8 * EACH
    assert (calls(many) - calls(few)) / (more - some) <= CALLS_A_RECORD
