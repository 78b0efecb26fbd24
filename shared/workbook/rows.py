"""Reading of a page's records: the value of each cell, or the problem with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from shared.workbook.cells import (
    EPOCH,
    CellError,
    YearMissing,
    blank,
    ordinal,
    plain,
    short,
    shown,
    value_of,
    wanted,
)
from shared.workbook.framing import Framing
from shared.workbook.headers import Vocabulary
from shared.workbook.model import MANY, Column, Page, Row, Sheet, Workbook
from shared.workbook.survey import address

MAX_LABEL: Final = 100
_WRITTEN_OUT: Final = 10_000_000
"""From here on a number is a day written out, 20200609, and not a count of days."""


class RowReader(Framing):
    """Reads a page's records into the workbook."""

    def __init__(self, page: Page, sheet: Sheet, workbook: Workbook, vocabulary: Vocabulary) -> None:
        super().__init__(page, sheet, workbook, vocabulary)
        self.keys: dict[tuple[Any, ...], int] = {}
        self.year: int | None = None
        self._synonyms: set[tuple[str, str]] = set()

    def read(self) -> None:
        rows = self.workbook.tables.setdefault(self.sheet.name, [])
        records = self.records()
        self.year = self._only_year(line for _, line in records)
        rows.extend(self._row(number, line) for number, line in records)

    def _row(self, number: int, line: list[Any]) -> Row:
        values: dict[str, Any] = {}
        cells = {column.field: address(number, index) for index, column in self.columns.items()}
        raws: dict[str, Any] = {}
        unfit = set()
        for index, column in self.columns.items():
            raws[column.field] = raw = line[index - 1] if index <= len(line) else None
            cell = cells[column.field]
            try:
                values[column.field] = None if cell in self.merged else self._value(column, raw, number, cell)
            except CellError as error:
                self.problem(
                    cell,
                    f"{column.header}：{error}",
                    number,
                    column=column.header,
                    was=self.shown(column, raw),
                    becomes=wanted(column),
                    field=column.field,
                )
            if cell in self.merged or column.field not in values:
                values[column.field] = () if column.kind in MANY else None
                unfit.add(column.field)
        label = self._label(values)
        row = Row(self.sheet.name, number, label, values, cells, raws, frozenset(unfit))
        if unfit.isdisjoint(self.sheet.key):
            self._unique(row)
        return row

    @staticmethod
    def shown(column: Column, raw: Any) -> str:
        return "（不显示）" if column.private and not blank(raw) else shown(raw)

    def _value(self, column: Column, raw: Any, number: int, cell: str) -> Any:
        if cell in self.page.errors:
            raise CellError("单元格是公式的错误值，请改正公式，或者改为直接填写")
        if cell in self.page.uncomputed:
            raise CellError(
                "单元格是公式，文件中没有它的结果，请用 Excel 打开、保存后再导入，或者改为直接填写"
            )
        since = self.page.epoch
        if column.kind == "date" and isinstance(raw, float) and since and raw < _WRITTEN_OUT:
            raise CellError("工作簿从 1904 年起计日，看不出这个数字是哪一天，请把单元格格式设为“日期”")
        try:
            value = value_of(column, raw, epoch=since or EPOCH)
        except YearMissing:
            if self.year is None:
                raise
            value = value_of(column, raw, year=self.year)
            why = f"没有写年份，本表的日期都在 {self.year} 年，"
            self._tell_reading(column, raw, number, cell, value.isoformat(), why)
        if isinstance(value, int) and isinstance(raw, str) and ordinal(column, raw) == value:
            self._tell_reading(column, raw, number, cell, str(value))
        if column.kind == "choice" and isinstance(raw, str):
            self._tell_synonym(column, raw, number, cell, value)
        return value

    def _tell_synonym(self, column: Column, raw: str, number: int, cell: str, code: Any) -> None:
        """Tell each word that stands for a choice and is not its own, once per column."""
        word = plain(raw)
        choice = next((choice for choice, of in column.choices.items() if of == code), word)
        if plain(choice) != word and (column.field, word) not in self._synonyms:
            self._synonyms.add((column.field, word))
            self._tell_reading(column, raw, number, cell, f"“{choice}”")

    def _tell_reading(
        self, column: Column, raw: Any, number: int, cell: str, becomes: str, why: str = ""
    ) -> None:
        was = short(str(raw))
        self.note(cell, was, becomes, f"{column.header}：“{was}”{why}读作 {becomes}", number)

    def _only_year(self, lines: Iterable[list[Any]]) -> int | None:
        """The ledger's year: the one year of all full dates in the sheet; None where there are none, or several."""
        years = set()
        days = [index for index, column in self.columns.items() if column.kind == "date"]
        for line in lines:
            for index in days:
                if index <= len(line) and not blank(line[index - 1]):
                    with suppress(CellError):
                        years.add(value_of(self.columns[index], line[index - 1]).year)
        return years.pop() if len(years) == 1 else None

    def _label(self, values: Mapping[str, Any]) -> str:
        fields = self.sheet.key or (self.sheet.columns[0].field,)
        words = (_as_text(self.sheet.column(field), values.get(field)) for field in fields)
        return short(" ".join(words), MAX_LABEL)

    def _unique(self, row: Row) -> None:
        if not self.sheet.key:
            return
        first = self.keys.setdefault(tuple(row[field] for field in self.sheet.key), row.number)
        if first != row.number:
            field = next((field for field in self.sheet.key if field in row.cells), "")
            column = self.sheet.column(field) if field else None
            self.problem(
                row.cells.get(field, ""),
                f"与第 {first} 行重复：{row.label}",
                row.number,
                column=column.header if column else "",
                was=self.shown(column, row.raws[field]) if column else "",
                becomes="每条记录只写一行",
                field=field,
            )


def _as_text(column: Column, value: Any) -> str:
    """A value as people write it: of a choice the word, not its code."""
    if value is None:
        return ""
    for word, code in column.choices.items():
        if code == value:
            return word
    return value.isoformat() if isinstance(value, date) else str(value)
