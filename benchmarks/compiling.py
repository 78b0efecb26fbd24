"""The Word document of a year, against python-docx writing the same paragraphs and tables without any of the form."""

import io
import time
from collections.abc import Callable

from docx import Document

from benchmarks.stand import Result, Stand, in_turns
from services.reports.document.content import annexes, cell_text
from services.reports.document.docx import render_docx
from services.reports.domain import Report
from tests.unit.reports.document.sample import report

BARE = "bare python-docx"


async def measure(stand: Stand) -> list[Result]:
    year, times = report(), stand.scaled(30)

    async def ours() -> float:
        return _milliseconds(lambda: render_docx(year), times)

    async def bare() -> float:
        return _milliseconds(lambda: _bare(year), times)

    taken = await in_turns({"ours": ours, BARE: bare}, rounds=3)
    return [Result("document", taken["ours"], "ms", BARE, taken[BARE], 1.5, less_is_better=True)]


def _milliseconds(render: Callable[[], bytes], times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        render()
    return (time.perf_counter() - begin) / times * 1_000


def _bare(year: Report) -> bytes:
    document = Document()
    document.add_heading(year.title, 0)
    for section in year.sections:
        if section.heading:
            document.add_heading(section.heading, section.level)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph.text)
    for annex in annexes(year):
        document.add_heading(annex.title, 1)
        for note in annex.notes:
            document.add_paragraph(note)
        for grid in annex.grids:
            table = document.add_table(rows=1 + len(grid.rows), cols=len(grid.header))
            lines = [grid.header, *([cell_text(cell) for cell in row] for row in grid.rows)]
            for row, line in zip(table.rows, lines, strict=True):
                for cell, text in zip(row.cells, line, strict=True):
                    cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
