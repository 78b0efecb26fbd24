"""Reading of workbooks: every problem is reported with its cell, nothing is corrected silently."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from shared.workbook import guard
from shared.workbook.cells import blank, plain
from shared.workbook.headers import Vocabulary, find_headers
from shared.workbook.model import CellNote, CellProblem, Page, Sheet, Unreadable, Workbook
from shared.workbook.pages import open_pages
from shared.workbook.rows import RowReader

MAX_TITLE: Final = 31
"""Excel's limit; longer titles are cut in messages."""
PROBLEMS: Final = "问题"
"""Title of the sheet that an annotated workbook lists its problems in."""

_LEFT_OUT: Final = frozenset({PROBLEMS, "说明", "填表说明", "填报说明", "备注", "封面", "目录"})
_UNTITLED: Final = re.compile(r"(sheet|工作表|表)[0-9]*|", re.IGNORECASE)
_NO_WORDS: Final = Vocabulary()


def read(
    data: bytes,
    sheets: Sequence[Sheet],
    *,
    ignore: Collection[str] = (),
    filename: str = "",
    vocabulary: Vocabulary = _NO_WORDS,
    max_bytes: int = guard.MAX_BYTES,
) -> Workbook:
    """Read the rows of these sheets, in whatever order they stand. Sheets in `ignore` are skipped.

    Errors: Unreadable, TooBig where the file is no acceptable workbook; anything else is a problem in the result.
    """
    workbook = Workbook()
    ignored = {plain(name) for name in ignore}
    for page in open_pages(data, filename=filename, max_bytes=max_bytes):
        sheet = sheet_of(page, sheets, vocabulary)
        title = page.title[:MAX_TITLE]
        if sheet is not None:
            _read(page, sheet, workbook, vocabulary)
        elif not (is_empty(page) or plain(page.title) in ignored):
            _unknown(page, title, workbook)
    if not workbook.sheets:
        names = "、".join(sheet.name for sheet in sheets)
        raise Unreadable(f"没有找到可以导入的工作表；应有：{names}")
    return workbook


def sheet_of(page: Page, sheets: Sequence[Sheet], vocabulary: Vocabulary = _NO_WORDS) -> Sheet | None:
    """The sheet that a page is: by its title, or by its headers where nobody gave it one."""
    title = plain(page.title)
    for sheet in sheets:
        if title in (plain(sheet.name), *map(plain, vocabulary.sheets.get(sheet.name, ()))):
            return sheet
    named = [sheet for sheet in sheets if re.split(r"[-_－—]", title)[-1] == plain(sheet.name)]
    if named or not (page.untitled or _UNTITLED.fullmatch(title)):
        return named[0] if named else None
    found = [(find_headers(page, sheet, vocabulary), sheet) for sheet in sheets]
    whole = [
        (len(headers.columns) - len(headers.others), -number, sheet)
        for number, (headers, sheet) in enumerate(found)
        if {column.field for column in sheet.columns if column.required} <= headers.fields
        and len(headers.columns) > len(headers.others)
    ]
    return max(whole)[2] if whole else None


def is_empty(page: Page) -> bool:
    return not page.too_far and not page.errors and all(blank(cell) for line in page.cells for cell in line)


def _unknown(page: Page, title: str, workbook: Workbook) -> None:
    if plain(page.title) in _LEFT_OUT:
        if plain(page.title) != PROBLEMS:
            workbook.notes.append(CellNote(title, "", 0, title, "没有读取", f"“{title}”表没有读取"))
        return
    shown = f"隐藏的工作表“{title}”" if page.hidden else f"工作表“{title}”"
    workbook.problems.append(CellProblem(title, "", f"不认识的{shown}，请改名或删除"))


def _read(page: Page, sheet: Sheet, workbook: Workbook, vocabulary: Vocabulary) -> None:
    if sheet.name in workbook.sheets:
        workbook.problems.append(CellProblem(sheet.name, "", "工作簿中有两张同名的工作表"))
        return
    workbook.sheets[sheet.name] = sheet
    if page.hidden:
        workbook.problems.append(CellProblem(sheet.name, "", "工作表是隐藏的，请取消隐藏，核对后再导入"))
    RowReader(page, sheet, workbook, vocabulary).read()
