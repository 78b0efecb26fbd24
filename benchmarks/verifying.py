"""Benchmark of verifying a summary by the logs alone: CPU of the whole recount, also of many records."""

import json
import time
from datetime import date
from typing import Final

import recount
from benchmarks.stand import Result, Stand
from services.reports.compiler import compile_report, prove
from services.reports.document.docx import render_docx
from services.reports.domain import Wording
from services.reports.domain.seals import SealedHead
from services.reports.events_in import SOURCES
from tests.fixtures.book import Book
from tests.fixtures.example import example
from tests.fixtures.history import history

LAST_DAY: Final = date(2020, 12, 7)
EACH: Final = 2_000
"""Records of the most frequent kind that the larger year has besides."""
BUDGET_SECONDS: Final = 3.0
ROUNDS: Final = 3


async def measure(stand: Stand) -> list[Result]:
    large = example()
    history(large, 2020, 2020, each=stand.scaled(EACH))
    return [_verified(example()), _verified(large)]


def _verified(book: Book) -> Result:
    for service in SOURCES:
        book.seal(service, year=2020, as_of=str(LAST_DAY))
    counts = {service: book.ledger.counts(service) for service in SOURCES}
    heads = [SealedHead(s, len(book.events[s]), book.events[s][-1].hash, counts[s]) for s in SOURCES]
    year = prove(book.town, "2020", LAST_DAY, book.events, heads)
    file = render_docx(compile_report(year, heads, Wording(), id="report"))
    events = [json.loads(event.encode()) for event in book.all_events]
    begin = time.process_time()
    for _ in range(ROUNDS):
        log = recount.Log.from_events(book.town, events)
        result = recount.verify(recount.read(file), log, date(2020, 1, 1), LAST_DAY)
    spent = (time.process_time() - begin) / ROUNDS
    if not result.correct:
        raise RuntimeError("the summary has no figure to recount")
    name = f"verify a summary by {len(events):,} events"
    return Result(name, spent, "s CPU", budget=BUDGET_SECONDS, less_is_better=True)
