"""Conversion of an office's own ledger, by a profile that a person has confirmed, to the sheets that are imported."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from shared.workbook.cells import CellError, blank, plain, value_of
from shared.workbook.framing import left_out
from shared.workbook.headers import Vocabulary
from shared.workbook.model import Column, Page, Sheet
from shared.workbook.proposing import (
    BY_DAY,
    BY_NAME,
    BY_TITLE,
    NUMBERED,
    Into,
    Layout,
    records,
    title_number,
    titles_of,
    year_of,
)
from shared.workbook.survey import address

_LONGEST_NUMBER: Final = 10**9


@dataclass
class Converted:
    """Rows for one sheet: cells by header. `origins`: by row and header, the cell of the ledger that it comes from."""

    sheet: Sheet
    rows: list[dict[str, Any]] = field(default_factory=list)
    origins: list[dict[str, str]] = field(default_factory=list)

    @property
    def headers(self) -> list[str]:
        used = {header for row in self.rows for header in row}
        return [column.header for column in self.sheet.columns if column.header in used]


def convert(
    page: Page, layout: Layout, into: Into, sheet: Sheet, vocabulary: Vocabulary, *, named: str = ""
) -> Converted:
    """The records of a page as rows of a sheet, equal ones once. What cannot be understood is left as it stands, for
    the import to refuse."""
    indexes = {header: index for index, header in layout.headers.items()}
    columns = {column.header: vocabulary.taught(column) for column in sheet.columns}
    titles = titles_of(page, layout, named=named)
    result, counts = Converted(sheet), dict[str, int]()
    for number, line in records(page, layout):
        if left_out(line):
            continue
        sources = {ours: indexes[theirs] for ours, theirs in into.columns.items() if theirs in indexes}
        cells = {ours: line[index - 1] for ours, index in sources.items() if index <= len(line)}
        row = {ours: _cell(columns[ours], raw) for ours, raw in cells.items() if not blank(raw)}
        if not row:
            continue
        row |= {ours: value for ours, value in into.fixed.items() if ours not in row}
        _ruled(row, columns, titles, counts)
        if row not in result.rows:
            result.rows.append(row)
            result.origins.append({ours: address(number, index) for ours, index in sources.items()})
    return result


def _cell(column: Column, raw: Any) -> Any:
    """The cell as the column wants it: of a day or a month its year, of a number its text, names apart."""
    if column.kind == "integer" and "年" in column.header and _unread(column, raw):
        return year_of(raw) or raw
    if column.kind == "text" and isinstance(raw, float) and raw == int(raw) and abs(raw) < _LONGEST_NUMBER:
        return str(int(raw))
    if column.kind == "text" and isinstance(raw, date):
        return (raw.date() if isinstance(raw, datetime) else raw).isoformat()
    if column.kind == "names" and isinstance(raw, str) and not re.search(r"[、，,；;\n]", raw):
        return "、".join(raw.split())
    return raw


def _unread(column: Column, raw: Any) -> bool:
    try:
        value = value_of(column, raw)
    except CellError:
        return True
    return isinstance(value, int) and value > 9999


def _ruled(row: dict[str, Any], columns: Mapping[str, Column], titles: str, counts: dict[str, int]) -> None:
    """Put what the rules say in the place of their names."""
    day = _day(row, columns)
    for header, value in tuple(row.items()):
        if value == BY_DAY:
            row[header] = day.year if day else title_number(titles, "年") or value
        elif value == BY_TITLE:
            row[header] = title_number(titles, header.removesuffix("次").removesuffix("度")) or value
        elif value == BY_NAME:
            row[header] = _word_in(columns[header], row) or value
        elif value == NUMBERED:
            number = columns[header].kind in ("integer", "number")
            place = "" if number else (day.isoformat() if day else "台账")
            counts[place] = counts.get(place, 0) + 1
            row[header] = counts[place] if number else f"{place}-{counts[place]}"


def _day(row: Mapping[str, Any], columns: Mapping[str, Column]) -> date | None:
    for header, column in columns.items():
        if column.kind == "date" and header in row:
            try:
                day: date | None = value_of(column, row[header])
            except CellError:
                continue
            return day
    return None


def _word_in(column: Column, row: Mapping[str, Any]) -> str | None:
    """The word to choose that a text of the row holds; the longest of those written there."""
    codes = {**column.former, **column.choices}
    texts = [plain(value) for value in row.values() if isinstance(value, str)]
    found = [word for word in codes if any(plain(word) in text for text in texts)]
    return max(found, key=len, default=None)


def written(sheets: Sequence[Converted]) -> bytes:
    """A workbook of the sheets, as the import reads it."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.sheet.name)
        for index, header in enumerate(sheet.headers):
            page.write_string(0, index, header)
            for line, row in enumerate(sheet.rows, start=1):
                _write(page, line, index, row.get(header), day)
    book.close()
    return buffer.getvalue()


def _write(page: Any, line: int, index: int, value: Any, day: Any) -> None:
    if isinstance(value, bool):
        page.write_boolean(line, index, value)
    elif isinstance(value, int | float):
        page.write_number(line, index, value)
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 – Excel knows no zones
        page.write_datetime(line, index, moment, day)
    elif not blank(value):
        page.write_string(line, index, str(value))


def origin(sheets: Sequence[Converted], name: str, cell: str) -> str:
    """The cell of the ledger that a cell of the converted workbook comes from; "" where that is none."""
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", cell)
    for sheet in sheets:
        if match and sheet.sheet.name == name and 2 <= int(match[2]) < len(sheet.rows) + 2:
            column = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(match[1])))
            return sheet.origins[int(match[2]) - 2].get(sheet.headers[column - 1], "")
    return ""
