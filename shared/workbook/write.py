"""Writing of .xlsx workbooks: templates, exports and examples. The same rows always yield the same bytes."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from shared.workbook.model import MANY, MAX_ROWS, Column, Sheet

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Mapping[str, Iterable[Mapping[str, Any]]]
"""Rows by sheet name; a row maps fields to values as `read` returns them."""

_WRITTEN: Final = datetime(2020, 1, 1)  # noqa: DTZ001 – document property, the same in every file
_LIST_LIMIT: Final = 255
_WIDEST: Final = 48


def write(sheets: Sequence[Sheet], rows: Rows) -> bytes:
    """A workbook with these sheets in this order; without rows it is a template."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _WRITTEN})
    formats = {
        "header": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}),
        "required": book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "integer": book.add_format({"num_format": "0", "valign": "top", "align": "left"}),
    }
    for sheet in sheets:
        _sheet(book.add_worksheet(sheet.name), sheet, list(rows.get(sheet.name, ())), formats)
    book.close()
    return buffer.getvalue()


def _sheet(page: Any, sheet: Sheet, rows: list[Mapping[str, Any]], formats: Mapping[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        style = formats.get(column.kind, formats["text"])
        contents = [cell_value(column, row.get(column.field)) for row in rows]
        page.set_column(index, index, _width(column, contents), style)
        page.write_string(0, index, column.header, formats["required" if column.required else "header"])
        _help(page, index, column)
        for line, value in enumerate(contents, start=1):
            if isinstance(value, date):
                page.write_datetime(line, index, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
            elif isinstance(value, int):
                page.write_number(line, index, value, style)
            elif value:
                page.write_string(line, index, value, style)
    page.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)


def cell_value(column: Column, value: Any) -> str | int | date:
    """The content of a cell; "" for None, and for a choice that the column has no word for."""
    if value is None:
        return ""
    if column.kind in ("date", "integer", "number", "numbers") and isinstance(value, (date, int)):
        return value
    words = {code: word for word, code in reversed(tuple(column.choices.items()))}
    return _TEXTS[column.kind](words, value)


def _noted(words: Mapping[str, str], people: Iterable[tuple[str, str | None]]) -> str:
    return "、".join(f"{name}（{words.get(note, note)}）" if note else name for name, note in people)


def _people(words: Mapping[str, str], people: Iterable[str | tuple[str, str | None]]) -> str:
    return _noted(words, ((one, None) if isinstance(one, str) else one for one in people))


_TEXTS: Final[Mapping[str, Callable[[Mapping[str, str], Any], str]]] = {
    "text": lambda _, value: str(value),
    "flag": lambda _, value: "是" if value else "否",
    "integer": lambda _, value: str(value),
    "number": lambda _, value: str(value),
    "choice": lambda words, value: words.get(value, ""),
    "names": lambda words, value: "、".join(words.get(name, name) for name in value),
    "numbers": lambda _, value: "、".join(value),
    "lines": lambda _, value: "；\n".join(value),
    "noted": _noted,
    "people": lambda words, value: value if isinstance(value, str) else _people(words, value),
}


def _help(page: Any, index: int, column: Column) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    words = ["是", "否"] if column.kind == "flag" else list(column.choices)
    if words and column.kind not in (*MANY, "people") and len(",".join(words)) <= _LIST_LIMIT:
        rule = {"validate": "list", "source": words, "error_message": "请从下拉列表中选择"}
    if column.note:
        rule |= {"input_title": column.header[:32], "input_message": column.note[:_LIST_LIMIT]}
    if len(rule) > 1:
        page.data_validation(1, index, MAX_ROWS, index, rule)


def _width(column: Column, contents: list[str | int | date]) -> int:
    longest = max([_cells(column.header) + 4, *(_cells(str(value)) + 2 for value in contents)])
    return min(longest, _WIDEST)


def _cells(text: str) -> int:
    """Width of the longest line in half-width characters."""
    wide = unicodedata.east_asian_width
    return max(sum(2 if wide(character) in "WF" else 1 for character in line) for line in text.split("\n"))
