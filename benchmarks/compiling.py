"""The Word documents of a year, the summary and its check document, against python-docx writing the same paragraphs and
tables without any of the form.

Both by the processor's time: what else the machine does then costs neither.
"""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from docx import Document

from benchmarks.stand import Result, Stand, in_turns
from services.reports.compiler import compile_report, prove
from services.reports.document.cells import Annex, cell_text
from services.reports.document.check_text import check_report
from services.reports.document.content import annexes, check_annexes
from services.reports.document.docx import render_check_docx, render_docx
from services.reports.domain import Report, Wording
from services.reports.domain.seals import SealedHead
from services.reports.events_in import SOURCES
from tests.fixtures.book import Book, attendance
from tests.fixtures.example import example

BARE = "bare python-docx"
BARE_SUMMARY = "bare python-docx, the summary"
BUDGET = 1.5


async def measure(stand: Stand) -> list[Result]:
    book, times = two_years(), stand.scaled(15)
    ledger = book.ledger
    counts = {service: ledger.counts(service) for service in SOURCES}
    year = compiled(book, counts)

    async def whole() -> float:
        return _milliseconds(lambda: _documents(compiled(book, counts)), times)

    async def summary() -> float:
        return _milliseconds(lambda: render_docx(compiled(book, counts)), times)

    async def bare() -> float:
        return _milliseconds(lambda: _bare(year), times)

    async def bare_summary() -> float:
        return _milliseconds(lambda: _written(year, annexes(year)), times)

    paths = {"whole": whole, "summary": summary, BARE: bare, BARE_SUMMARY: bare_summary}
    taken = await in_turns(paths, rounds=3)
    return [
        Result(path, taken[name], "ms", other, taken[other], BUDGET, less_is_better=True)
        for path, name, other in (
            ("logs to both documents", "whole", BARE),
            ("logs to the summary", "summary", BARE_SUMMARY),
        )
    ]


def two_years() -> Book:
    """The example's year after one that was sealed, so that every figure has what it was a year before."""
    book = example()
    for month in range(1, 13):
        sheet = attendance(["deputyship-1", "deputyship-2"], absent=["deputyship-3"])
        book.add("activity", kind="training", title="学习", held_on=f"2019-{month:02d}-10", attendance=sheet)
    for service in SOURCES:
        book.seal(service, year=2019, as_of="2019-12-31")
    return book


def compiled(book: Book, counts: Mapping[str, dict[str, int]]) -> Report:
    """Logs verified, folded, counted, compared and put into words."""
    heads = [SealedHead(s, len(book.events[s]), book.events[s][-1].hash, counts[s]) for s in SOURCES]
    year = prove(book.town, "2020", date(2020, 12, 7), book.events, heads)
    return compile_report(year, heads, Wording(theme="防汛救灾"), id="report")


def _milliseconds(render: Callable[[], object], times: int) -> float:
    begin = time.process_time()
    for _ in range(times):
        render()
    return (time.process_time() - begin) / times * 1_000


def _documents(year: Report) -> tuple[bytes, bytes]:
    return render_docx(year), render_check_docx(year)


def _bare(year: Report) -> tuple[bytes, bytes]:
    check = check_report(year)
    return _written(year, annexes(year)), _written(check, check_annexes(check))


def _written(year: Report, attached: Sequence[Annex]) -> bytes:
    document = Document()
    document.add_heading(year.title, 0)
    for section in year.sections:
        if section.heading:
            document.add_heading(section.heading, section.level)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph.text)
    for annex in attached:
        document.add_heading(annex.title, 1)
        for note in annex.notes:
            document.add_paragraph(note)
        for grid in annex.grids:
            table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.header))
            lines = [grid.header, *([cell_text(cell) for cell in row] for row in grid.rows)]
            for row, line in zip(table.rows, lines, strict=True):
                for cell, text in zip(row.cells, line, strict=False):
                    cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
