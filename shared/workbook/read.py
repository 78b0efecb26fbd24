"""Reading an .xlsx that people typed: every problem with its cell, nothing repaired silently."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from shared.workbook import guard
from shared.workbook.cells import CellError, blank, plain, value_of
from shared.workbook.model import CellProblem, Column, Row, Sheet, Unreadable, Workbook

MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 100


def read(
    data: bytes, sheets: Sequence[Sheet], *, ignore: Collection[str] = (), max_bytes: int = guard.MAX_BYTES
) -> Workbook:
    """The rows of the sheets asked for, headers in row 1. Sheets in `ignore` may be there and are skipped.

    Raises Unreadable or TooBig where there is no workbook to speak of; all else is a problem of a cell.
    """
    archive = guard.opened(data, max_bytes)
    parts = guard.parts(archive)
    known = {plain(sheet.name): sheet for sheet in sheets}
    ignored = {plain(name) for name in ignore}
    workbook = Workbook()
    surveys: dict[str, guard.Survey] = {}
    for title, part in parts.items():
        if plain(title) in known:
            surveys[title] = guard.survey(archive, part, max_rows=MAX_ROWS + 1, max_columns=MAX_COLUMNS)
        elif plain(title) not in ignored:
            workbook.problems.append(CellProblem(title, "", f"不认识的工作表“{title}”，请改名或删除"))
    if not surveys:
        names = "、".join(sheet.name for sheet in sheets)
        raise Unreadable(f"没有找到可以导入的工作表；应有：{names}")
    for title, cells in _contents(data, surveys).items():
        _Reader(known[plain(title)], surveys[title], workbook).read(cells)
    return workbook


def _contents(data: bytes, surveys: dict[str, guard.Survey]) -> dict[str, list[list[Any]]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return {
                title: [] if found.too_far else book.get_sheet_by_name(title).to_python(skip_empty_area=False)
                for title, found in surveys.items()
            }
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("文件已损坏，无法读取") from error


class _Reader:
    """Reads one sheet into the workbook."""

    def __init__(self, sheet: Sheet, survey: guard.Survey, workbook: Workbook) -> None:
        self.sheet = sheet
        self.survey = survey
        self.workbook = workbook
        self.columns: dict[int, Column] = {}
        self.keys: dict[tuple[Any, ...], int] = {}

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
            computed = {guard.position(cell)[0] for cell in self.survey.formulas}
            for number, line in enumerate(cells[1:], start=2):
                if number in computed or not all(blank(value) for value in line):
                    rows.append(self._row(number, line))

    def _headers(self, line: list[Any]) -> bool:
        """Whether every required column is there."""
        known = {plain(column.header): column for column in self.sheet.columns}
        for index, raw in enumerate(line, start=1):
            if blank(raw):
                continue
            column = known.get(plain(str(raw)))
            cell = guard.address(1, index)
            if column is None:
                self.problem(cell, f"不认识的列“{str(raw).strip()}”，请改正或删除")
            elif column in self.columns.values():
                self.problem(cell, f"“{column.header}”列出现了两次")
            else:
                self.columns[index] = column
        missing = [c.header for c in self.sheet.columns if c.required and c not in self.columns.values()]
        if missing:
            self.problem("", f"缺少必需的列：{'、'.join(missing)}")
        return not missing

    def _nameless(self, cells: list[list[Any]]) -> None:
        headers = cells[0]
        for number, line in enumerate(cells[1:], start=2):
            for index, value in enumerate(line, start=1):
                if not blank(value) and (index > len(headers) or blank(headers[index - 1])):
                    self.problem(guard.address(number, index), "这一列没有列名", number)

    def _row(self, number: int, line: list[Any]) -> Row:
        values: dict[str, Any] = {}
        cells = {column.field: guard.address(number, index) for index, column in self.columns.items()}
        unfit = set()
        for index, column in self.columns.items():
            raw = line[index - 1] if index <= len(line) else None
            cell = cells[column.field]
            try:
                values[column.field] = value_of(column, raw, computed=cell in self.survey.formulas)
            except CellError as error:
                self.problem(cell, f"{column.header}：{error}", number)
                values[column.field] = None
                unfit.add(column.field)
        row = Row(self.sheet.name, number, self._label(values), values, cells)
        if unfit.isdisjoint(self.sheet.key):
            self._unique(row)
        return row

    def _label(self, values: dict[str, Any]) -> str:
        fields = self.sheet.key or (self.sheet.columns[0].field,)
        return " ".join(_shown(values.get(field)) for field in fields).strip()

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
