"""Reading of .xlsx workbooks: every problem is reported with its cell, nothing is corrected silently."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from shared.workbook import guard
from shared.workbook.cells import EPOCH, CellError, YearMissing, blank, plain, short, value_of
from shared.workbook.model import CellNote, CellProblem, Column, Row, Sheet, Unreadable, Workbook

MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 100
MAX_TITLE: Final = 31
"""Excel's limit; longer titles are cut in messages."""
MAX_LABEL: Final = 100
EPOCH_1904: Final = date(1904, 1, 1)
_WRITTEN_OUT: Final = 10_000_000
"""From here on a number is a day written out, 20200609, and not a count of days."""


def read(
    data: bytes, sheets: Sequence[Sheet], *, ignore: Collection[str] = (), max_bytes: int = guard.MAX_BYTES
) -> Workbook:
    """Read the rows of these sheets, with headers in row 1. Sheets in `ignore` are skipped.

    Errors: Unreadable, TooBig where the file is no acceptable workbook; anything else is a problem in the result.
    """
    book = guard.open_workbook(data, max_bytes)
    known = {plain(sheet.name): sheet for sheet in sheets}
    ignored = {plain(name) for name in ignore}
    workbook = Workbook()
    surveys: dict[str, guard.Survey] = {}
    for part in book.sheets:
        title = part.title[:MAX_TITLE]
        if plain(part.title) in known:
            if part.hidden:
                workbook.problems.append(CellProblem(title, "", "工作表是隐藏的，请取消隐藏，核对后再导入"))
            content = book.members[part.name]
            surveys[part.title] = guard.survey(content, max_rows=MAX_ROWS + 1, max_columns=MAX_COLUMNS)
        elif plain(part.title) not in ignored:
            shown = f"隐藏的工作表“{title}”" if part.hidden else f"工作表“{title}”"
            workbook.problems.append(CellProblem(title, "", f"不认识的{shown}，请改名或删除"))
    if not surveys:
        names = "、".join(sheet.name for sheet in sheets)
        raise Unreadable(f"没有找到可以导入的工作表；应有：{names}")
    for title, cells in _contents(book, surveys).items():
        reader = _Reader(known[plain(title)], surveys[title], workbook, since_1904=book.since_1904)
        reader.read(cells)
    return workbook


def _contents(book: guard.Book, surveys: dict[str, guard.Survey]) -> dict[str, list[list[Any]]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(book.archive())) as calamine:
            return {
                title: []
                if survey.too_far
                else calamine.get_sheet_by_name(title).to_python(skip_empty_area=False)
                for title, survey in surveys.items()
            }
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("文件已损坏，无法读取") from error


class _Reader:
    """Reads a sheet into the workbook."""

    def __init__(
        self, sheet: Sheet, survey: guard.Survey, workbook: Workbook, *, since_1904: bool = False
    ) -> None:
        self.sheet = sheet
        self.survey = survey
        self.workbook = workbook
        self.since_1904 = since_1904
        self.columns: dict[int, Column] = {}
        self.keys: dict[tuple[Any, ...], int] = {}
        self.year: int | None = None

    def problem(self, cell: str, message: str, row: int = 0) -> None:
        self.workbook.problems.append(CellProblem(self.sheet.name, cell, message, row))

    def read(self, cells: list[list[Any]]) -> None:
        rows = self.workbook.tables.setdefault(self.sheet.name, [])
        if rows:
            self.problem("", "工作簿中有两张同名的工作表")
            return
        if self.survey.too_far:
            self.problem(self.survey.too_far, f"内容超出范围：每张表最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列")
            return
        for area in self.survey.merged:
            self.problem(area.partition(":")[0], f"{area} 是合并单元格，请取消合并，每格单独填写")
        if self._headers(cells[0] if cells else []):
            self._nameless(cells)
            self.year = self._only_year(cells[1:])
            computed = {guard.position(cell)[0] for cell in self.survey.formulas}
            for number, line in enumerate(cells[1:], start=2):
                if number in computed or not all(blank(value) for value in line):
                    rows.append(self._row(number, line))

    def _headers(self, line: list[Any]) -> bool:
        """Read the header row; return whether every required column is present."""
        known = {plain(column.header): column for column in self.sheet.columns}
        for index, raw in enumerate(line, start=1):
            if blank(raw):
                continue
            column = known.get(plain(str(raw)))
            cell = guard.address(1, index)
            if column is None:
                self.problem(cell, f"不认识的列“{short(str(raw))}”，请改正或删除")
            elif column in self.columns.values():
                self.problem(cell, f"“{column.header}”列出现了两次")
            else:
                self.columns[index] = column
        missing = [c.header for c in self.sheet.columns if c.required and c not in self.columns.values()]
        if missing:
            self.problem("", f"缺少必需的列：{'、'.join(missing)}")
        return not missing

    def _nameless(self, cells: list[list[Any]]) -> None:
        """Report each column that has content but no header, at its first cell with content."""
        widest = max(map(len, cells))
        headers = [*cells[0], *[None] * (widest - len(cells[0]))]
        nameless = [index for index, header in enumerate(headers) if blank(header)]
        for number, line in enumerate(cells[1:], start=2):
            for index in [index for index in nameless if index < len(line) and not blank(line[index])]:
                nameless.remove(index)
                self.problem(guard.address(number, index + 1), "这一列没有列名", number)

    def _row(self, number: int, line: list[Any]) -> Row:
        values: dict[str, Any] = {}
        cells = {column.field: guard.address(number, index) for index, column in self.columns.items()}
        unfit = set()
        for index, column in self.columns.items():
            raw = line[index - 1] if index <= len(line) else None
            cell = cells[column.field]
            try:
                values[column.field] = self._value(column, raw, number, cell)
            except CellError as error:
                self.problem(cell, f"{column.header}：{error}", number)
                values[column.field] = None
                unfit.add(column.field)
        row = Row(self.sheet.name, number, self._label(values), values, cells)
        if unfit.isdisjoint(self.sheet.key):
            self._unique(row)
        return row

    def _value(self, column: Column, raw: Any, number: int, cell: str) -> Any:
        if column.kind == "date" and isinstance(raw, float) and self.since_1904 and raw < _WRITTEN_OUT:
            raise CellError("工作簿从 1904 年起计日，看不出这个数字是哪一天，请把单元格格式设为“日期”")
        computed = cell in self.survey.formulas
        try:
            return value_of(column, raw, computed=computed, epoch=EPOCH_1904 if self.since_1904 else EPOCH)
        except YearMissing:
            if self.year is None:
                raise
        day = value_of(column, raw, computed=computed, year=self.year)
        was, becomes = short(str(raw)), day.isoformat()
        message = f"{column.header}：“{was}”没有写年份，本表的日期都在 {self.year} 年，读作 {becomes}"
        self.workbook.notes.append(CellNote(self.sheet.name, cell, number, was, becomes, message))
        return day

    def _only_year(self, lines: list[list[Any]]) -> int | None:
        """The ledger's year: the one year of all full dates in the sheet; None where there are none, or several."""
        years = set()
        for line in lines:
            for index, column in self.columns.items():
                if column.kind == "date" and index <= len(line) and not blank(line[index - 1]):
                    with suppress(CellError):
                        years.add(value_of(column, line[index - 1]).year)
        return years.pop() if len(years) == 1 else None

    def _label(self, values: dict[str, Any]) -> str:
        fields = self.sheet.key or (self.sheet.columns[0].field,)
        return short(" ".join(_shown(values.get(field)) for field in fields), MAX_LABEL)

    def _unique(self, row: Row) -> None:
        if not self.sheet.key:
            return
        first = self.keys.setdefault(tuple(row[field] for field in self.sheet.key), row.number)
        if first != row.number:
            cell = next((row.cells[field] for field in self.sheet.key if field in row.cells), "")
            self.problem(cell, f"与第 {first} 行重复：{row.label}", row.number)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
