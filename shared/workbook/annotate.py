"""The workbook given back with its problems: their cells coloured and commented, and all listed in one sheet."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

from shared.workbook.cells import blank, plain
from shared.workbook.headers import Vocabulary
from shared.workbook.model import Page, Sheet
from shared.workbook.pages import open_pages
from shared.workbook.read import PROBLEMS, sheet_of
from shared.workbook.reports import Complaint, ImportReport
from shared.workbook.survey import area, position

_COLUMNS: Final = (("工作表", 16), ("单元格", 8), ("列", 16), ("现有内容", 24), ("应填", 32), ("说明", 60))
_AUTHOR: Final = "履职"
_WIDTH: Final = 16
_FORBIDDEN: Final = str.maketrans("[]:*?/\\", "（）：＊？／＼")
_LONGEST_TITLE: Final = 31


def annotated(
    data: bytes,
    report: ImportReport,
    sheets: Iterable[Sheet],
    *,
    filename: str = "",
    vocabulary: Vocabulary | None = None,
) -> bytes:
    """An .xlsx with the content of the file and what the report says of it. It can be corrected and imported again.

    Errors: Unreadable, TooBig.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    styles = {
        "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "wrong": book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "@"}),
        "wrong date": book.add_format({"bg_color": "#FFC7CE", "num_format": "yyyy-mm-dd"}),
        "wrong number": book.add_format({"bg_color": "#FFC7CE"}),
        "header": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1}),
        "merged": book.add_format({"align": "center", "valign": "vcenter", "text_wrap": True}),
    }
    problems = list(_problems(report))
    _list(book.add_worksheet(PROBLEMS), problems, report, styles)
    known, words, taken = list(sheets), vocabulary or Vocabulary(), {PROBLEMS}
    for page in open_pages(data, filename=filename):
        if plain(page.title) == PROBLEMS:
            continue
        sheet = sheet_of(page, known, words)
        name = sheet.name if sheet else page.title[:_LONGEST_TITLE]
        title = _title(name, taken)
        own = [complaint for of, complaint in problems if of == name]
        _copy(book.add_worksheet(title), page, own, styles)
    book.close()
    return buffer.getvalue()


def _problems(report: ImportReport) -> Iterator[tuple[str, Complaint]]:
    for sheet in report.sheets:
        for complaint in (*sheet.problems, *(one for row in sheet.rows for one in row.problems)):
            yield sheet.name, complaint


def _title(name: str, taken: set[str]) -> str:
    """A title that Excel allows and no other sheet has."""
    title = base = (name.translate(_FORBIDDEN).strip("'") or "Sheet1")[:_LONGEST_TITLE]
    number = 2
    while title.lower() in {other.lower() for other in taken}:
        title, number = f"{base[: _LONGEST_TITLE - 3]}_{number}", number + 1
    taken.add(title)
    return title


def _list(
    page: Any, problems: list[tuple[str, Complaint]], report: ImportReport, styles: dict[str, Any]
) -> None:
    page.freeze_panes(2, 0)
    page.write_string(0, 0, report.summary() if problems else "没有问题")
    for index, (header, width) in enumerate(_COLUMNS):
        page.set_column(index, index, width, styles["plain"])
        page.write_string(1, index, header, styles["header"])
    for line, (sheet, one) in enumerate(problems, start=2):
        texts = (sheet, one.cell, one.column, one.was, one.becomes, one.message)
        for index, text in enumerate(texts):
            page.write_string(line, index, text, styles["plain"])


def _copy(page: Any, source: Page, complaints: Iterable[Complaint], styles: dict[str, Any]) -> None:
    from xlsxwriter.exceptions import OverlappingRange

    wrong: dict[tuple[int, int], list[str]] = {}
    for complaint in complaints:
        with suppress(ValueError):  # of the whole sheet
            wrong.setdefault(position(complaint.cell), []).append(complaint.message)
    page.set_column(0, max((len(line) for line in source.cells), default=1), _WIDTH, styles["plain"])
    for merged in source.merged:
        top, left, bottom, right = area(merged)
        with suppress(OverlappingRange):
            if (top, left) != (bottom, right):
                page.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", styles["merged"])
    for row, line in enumerate(source.cells, start=1):
        for column, value in enumerate(line, start=1):
            if not blank(value) or (row, column) in wrong:
                _write(page, row - 1, column - 1, value, styles, is_wrong=(row, column) in wrong)
    for (row, column), messages in wrong.items():
        if row > len(source.cells) or column > len(source.cells[row - 1]):
            page.write_blank(row - 1, column - 1, None, styles["wrong"])
        options = {"author": _AUTHOR, "x_scale": 2}
        page.write_comment(row - 1, column - 1, "\n".join(messages), options)
    for row in source.hidden_rows:
        page.set_row(row - 1, None, None, {"hidden": True})


def _write(page: Any, row: int, column: int, value: Any, styles: dict[str, Any], *, is_wrong: bool) -> None:
    if isinstance(value, bool):
        page.write_boolean(row, column, value, styles["wrong number" if is_wrong else "plain"])
    elif isinstance(value, int | float) and math.isfinite(value):
        page.write_number(row, column, value, styles["wrong number" if is_wrong else "plain"])
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, styles["wrong date" if is_wrong else "date"])
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 – Excel knows no zones
        page.write_datetime(row, column, moment, styles["wrong date" if is_wrong else "date"])
    else:
        page.write_string(row, column, str(value or ""), styles["wrong" if is_wrong else "text"])
