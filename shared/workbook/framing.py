"""What stands on a page: which rows are records, and what is told of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from shared.workbook.cells import blank, plain, short, shown
from shared.workbook.headers import Headers, Vocabulary, find_headers, is_remark
from shared.workbook.model import MAX_COLUMNS, MAX_ROWS, CellNote, CellProblem, Page, Sheet, Workbook
from shared.workbook.survey import address, area, position

_TOTAL: Final = re.compile(
    r"(本页|全[镇乡县区市年]|以上|本年)?(合计|小计|总计|共计|累计)([:：（(0-9].*)?", re.DOTALL
)
_REMARK: Final = re.compile(
    r"(备注|说明|注|附注|填[表报](说明|人|单位|日期)|制表人?|审核人?|负责人|联系人)([:：].*|[0-9]*)",
    re.DOTALL,
)


def left_out(line: Iterable[Any]) -> bool:
    """Whether a line of a ledger is blank, a total or a remark below the records."""
    first = next((plain(str(value)) for value in line if not blank(value)), "")
    return not first or bool(_TOTAL.fullmatch(first) or _REMARK.fullmatch(first))


class Framing:
    """A page read as a sheet. Problems and notes go to the workbook; `merged` are cells that merged areas cover."""

    def __init__(self, page: Page, sheet: Sheet, workbook: Workbook, vocabulary: Vocabulary) -> None:
        self.page = page
        self.sheet = sheet
        self.workbook = workbook
        self.headers: Headers = find_headers(page, sheet, vocabulary)
        self.columns = {index: vocabulary.taught(column) for index, column in self.headers.columns.items()}
        self.merged: set[str] = set()

    def records(self) -> list[tuple[int, list[Any]]]:
        """(number, cells) of the rows that are records; none where the sheet cannot be read."""
        top = self.headers.row
        far = self.page.too_far
        if not far and len(self.page.cells) > top + MAX_ROWS:
            far = address(top + MAX_ROWS + 1, 1)
        if far:
            self.problem(far, f"内容超出范围：每张表最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列")
            return []
        if not self._headers():
            return []
        lines = enumerate(self.page.cells[top:], start=top + 1)
        records = [(number, line) for number, line in lines if self._is_record(number, line)]
        self._nameless(records)
        self._tell_hidden(number for number, _ in records)
        self._tell_computed()
        self._tell_merged({number for number, _ in records})
        return records

    def problem(self, cell: str, message: str, row: int = 0, **more: str) -> None:
        self.workbook.problems.append(CellProblem(self.sheet.name, cell, message, row, **more))

    def note(self, cell: str, was: str, becomes: str, message: str, row: int = 0) -> None:
        self.workbook.notes.append(CellNote(self.sheet.name, cell, row, was, becomes, message))

    def _headers(self) -> bool:
        """Report what is odd about the headers; return whether every required column is present."""
        row, headers = self.headers.row, self.headers
        for index, text in headers.others.items():
            self._other(address(row, index), text)
        for index, column in headers.twice.items():
            self.problem(
                address(row, index),
                f"“{column.header}”列出现了两次",
                column=column.header,
                was=column.header,
                becomes="只留一列",
            )
        for index, text in headers.renamed.items():
            header = headers.columns[index].header
            self.note(address(row, index), short(text), header, f"“{short(text)}”一列读作“{header}”")
        missing = [c.header for c in self.sheet.columns if c.required and c.field not in headers.fields]
        if missing:
            self.problem("", f"缺少必需的列：{'、'.join(missing)}", becomes="、".join(missing))
        elif row > 1:
            self.note("A1", "", "没有读取", f"第 {row} 行是列名，上面的 {row - 1} 行没有读取")
        return not missing

    def _other(self, cell: str, text: str) -> None:
        """Report a header that names no column."""
        was = short(text)
        if is_remark(text):
            self.note(cell, was, "没有读取", f"“{was}”一列没有读取")
            return
        rest = "、".join(c.header for c in self.sheet.columns if c.field not in self.headers.fields)
        becomes = f"可以有的列：{rest}" if rest else "删除这一列"
        self.problem(cell, f"不认识的列“{was}”，请改正或删除", column=was, was=was, becomes=becomes)

    def _is_record(self, number: int, line: list[Any]) -> bool:
        """Whether a line is a record; totals, remarks and repeated headers are told."""
        if number in self._unreadable:
            return True
        if all(blank(value) for value in line):
            return False
        others = {i for i, text in self.headers.others.items() if is_remark(text)}
        if all(blank(value) for index, value in enumerate(line, start=1) if index not in others):
            self._tell_remark(number, line)
            return False
        first = plain(next(str(value) for value in line if not blank(value)))
        again = self._repeats_headers(line)
        if again or _TOTAL.fullmatch(first) or (not self._is_whole(line) and _REMARK.fullmatch(first)):
            what = "重复的列名" if again else f"“{short(first)}”"
            self.note(address(number, 1), short(first), "没有读取", f"第 {number} 行是{what}，没有读取")
            return False
        return True

    def _tell_remark(self, number: int, line: list[Any]) -> None:
        """Tell a line that has words in columns left out alone; numbers there are those of an empty form."""
        texts = ((i, v) for i, v in enumerate(line, start=1) if isinstance(v, str) and not blank(v))
        index, text = next(((i, v) for i, v in texts if not plain(v).isdigit()), (0, ""))
        if text:
            message = f"第 {number} 行只有“{short(text)}”，没有读取"
            self.note(address(number, index), short(text), "没有读取", message)

    def _repeats_headers(self, line: list[Any]) -> bool:
        headers = self.page.cells[self.headers.row - 1]
        both = [
            (plain(str(line[index - 1])), plain(str(headers[index - 1])))
            for index in self.columns
            if index <= min(len(line), len(headers))
        ]
        return bool(both) and all(here == there for here, there in both)

    def _is_whole(self, line: list[Any]) -> bool:
        """Whether every required cell is filled."""
        required = [index for index, column in self.columns.items() if column.required]
        return all(index <= len(line) and not blank(line[index - 1]) for index in required)

    @cached_property
    def _unreadable(self) -> set[int]:
        """Rows with cells that hold a formula without a result, or an error."""
        columns = {position(cell) for cell in self.page.uncomputed | self.page.errors}
        return {row for row, column in columns if column in self.columns and row > self.headers.row}

    def _nameless(self, records: list[tuple[int, list[Any]]]) -> None:
        """Report each column that has content but no header, at its first cell with content."""
        named = {*self.columns, *self.headers.others, *self.headers.twice}
        for number, line in records:
            for index, value in enumerate(line, start=1):
                if index not in named and not blank(value):
                    named.add(index)
                    self.problem(
                        address(number, index),
                        "这一列没有列名",
                        number,
                        was=shown(value),
                        becomes="写明列名，或者删除这一列",
                    )

    def _tell_hidden(self, numbers: Iterable[int]) -> None:
        rows = sorted(self.page.hidden_rows.intersection(numbers))
        if rows:
            listed = "、".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")
            self.note(
                f"A{rows[0]}", "", "照样读取", f"第 {listed} 行（共 {len(rows)} 行）是隐藏的，已照样读取"
            )
        for index in sorted(self.page.hidden_columns & self.columns.keys()):
            header = self.columns[index].header
            cell = address(self.headers.row, index)
            self.note(cell, header, "照样读取", f"“{header}”一列是隐藏的，已照样读取")

    def _tell_computed(self) -> None:
        columns = [position(cell)[1] for cell in self.page.formulas if position(cell)[0] > self.headers.row]
        for index in sorted(set(columns) & self.columns.keys()):
            header, count = self.columns[index].header, columns.count(index)
            message = f"“{header}”一列有 {count} 格是公式，按 Excel 存下的结果读取"
            self.note(address(self.headers.row, index), header, "公式的结果", message)

    def _tell_merged(self, numbers: set[int]) -> None:
        """Report merged cells among the records; where they end is not guessed."""
        for merged in self.page.merged:
            top, left, bottom, right = area(merged)
            rows = [row for row in range(max(top, self.headers.row + 1), bottom + 1) if row in numbers]
            columns = [index for index in range(left, right + 1) if index in self.columns]
            if not rows or not columns:
                continue
            self.merged |= {address(row, index) for row in rows for index in columns}
            line = self.page.cells[top - 1]
            value = shown(line[left - 1]) if left <= len(line) else ""
            self.problem(
                address(rows[0], columns[0]),
                f"{merged} 是合并单元格，请取消合并，每格单独填写",
                rows[0],
                column=self.columns[columns[0]].header,
                was=value,
                becomes=f"每格都填“{value}”，或者各填各的",
            )
