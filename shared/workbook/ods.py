"""Reading of .ods, the OpenDocument spreadsheet of LibreOffice and WPS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from xml.parsers import expat

from shared.workbook.guard import content_of, open_archive
from shared.workbook.model import ABOVE, MAX_COLUMNS, MAX_ROWS, Page, TooBig, Unreadable
from shared.workbook.survey import MAX_ELEMENTS, address

_MIMETYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_SKIPPED: Final = ("office:annotation", "draw:frame", "table:shapes")
_HIDDEN: Final = ("collapse", "filter")


def is_ods(data: bytes) -> bool:
    """By the first member of the archive, which names the type and is not compressed."""
    return _MIMETYPE in data[:200]


def read_ods(data: bytes) -> list[Page]:
    """Errors: Unreadable, TooBig."""
    archive, names = open_archive(data)
    if any(name.startswith("basic/") and name.count("/") > 1 for name in names):
        raise Unreadable("工作簿含有宏，请另存为“Excel 工作簿（.xlsx）”后再导入")
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = walk.enter, walk.leave
    parser.CharacterDataHandler = walk.text
    try:
        parser.Parse(content_of(archive, names.get("content.xml", "content.xml")), True)  # noqa: FBT003
    except (expat.ExpatError, LookupError, ValueError, IndexError) as error:
        raise Unreadable("文件已损坏，无法读取") from error
    return walk.pages


@dataclass
class _Cell:
    """A cell being read. `value`: by its attributes; None where it is its text."""

    attributes: dict[str, str]
    paragraphs: list[str] = field(default_factory=list)

    @property
    def value(self) -> Any:
        kind = self.attributes.get("office:value-type", "")
        if kind in ("float", "currency", "percentage"):
            return float(self.attributes.get("office:value", "nan"))
        if kind == "date":
            with suppress(ValueError):
                return datetime.fromisoformat(self.attributes.get("office:date-value", "")[:19])
        if kind == "boolean":
            return self.attributes.get("office:boolean-value") == "true"
        return "\n".join(self.paragraphs)


class _Walk:
    """The expat handlers and their state: row and column are those of the last cell, counted from 1."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.undisplayed: set[str] = set()
        self.style = ""
        self.seen = self.row = self.repeated_row = self.column = self.skipping = 0
        self.cell: _Cell | None = None
        self.line: list[Any] = []

    def enter(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        if self.seen > MAX_ELEMENTS:
            raise TooBig("工作表内容过多，未予读取")
        if tag in _SKIPPED:
            self.skipping += 1
        elif not self.skipping:
            self._starts.get(tag, self._within)(tag, attributes)

    @property
    def _starts(self) -> Mapping[str, Callable[[str, dict[str, str]], None]]:
        return {
            "style:style": self._style,
            "style:table-properties": self._style,
            "table:table": self._table,
            "table:table-column": self._column,
            "table:table-row": self._start_row,
            "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._start_cell,
        }

    def _style(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "style:style":
            self.style = attributes.get("style:name", "")
        elif attributes.get("table:display") == "false":
            self.undisplayed.add(self.style)

    def _table(self, _: str, attributes: dict[str, str]) -> None:
        hidden = attributes.get("table:style-name", "") in self.undisplayed
        self.pages.append(Page(attributes.get("table:name", ""), hidden=hidden))
        self.row = self.column = 0

    def _start_row(self, _: str, attributes: dict[str, str]) -> None:
        self.repeated_row, self.line = _times(attributes, "table:number-rows-repeated"), []
        if attributes.get("table:visibility") in _HIDDEN and self.repeated_row < MAX_ROWS:
            self.pages[-1].hidden_rows.update(range(self.row + 1, self.row + 1 + self.repeated_row))

    def _start_cell(self, _: str, attributes: dict[str, str]) -> None:
        self.cell = _Cell(attributes)

    def _within(self, tag: str, attributes: dict[str, str]) -> None:
        if self.cell is None:
            return
        if tag == "text:p":
            self.cell.paragraphs.append("")
        elif tag == "text:s":
            self.text(" " * min(_times(attributes, "text:c"), 100))
        elif tag in ("text:tab", "text:line-break"):
            self.text("\t" if tag == "text:tab" else "\n")

    def _column(self, _: str, attributes: dict[str, str]) -> None:
        repeated = _times(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility") in _HIDDEN and self.column + repeated <= MAX_COLUMNS:
            self.pages[-1].hidden_columns.update(range(self.column + 1, self.column + 1 + repeated))
        self.column += repeated

    def text(self, data: str) -> None:
        if self.cell is not None and self.cell.paragraphs and not self.skipping:
            self.cell.paragraphs[-1] += data

    def leave(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.skipping -= 1
        elif self.skipping:
            return
        elif tag in ("table:table-cell", "table:covered-table-cell") and self.cell is not None:
            self._cell(self.cell)
            self.cell = None
        elif tag == "table:table-row":
            self._row()

    def _cell(self, cell: _Cell) -> None:
        repeated = _times(cell.attributes, "table:number-columns-repeated")
        page, value, place = self.pages[-1], cell.value, address(self.row + 1, len(self.line) + 1)
        right = _times(cell.attributes, "table:number-columns-spanned")
        down = _times(cell.attributes, "table:number-rows-spanned")
        if (right > 1 or down > 1) and len(self.line) + right <= MAX_COLUMNS:
            page.merged.append(f"{place}:{address(self.row + down, len(self.line) + right)}")
        if cell.attributes.get("calcext:value-type") == "error":
            page.errors.add(place)
        elif "table:formula" in cell.attributes:
            known = "office:value-type" in cell.attributes
            (page.formulas if known else page.uncomputed).add(place)
        if value == "" and repeated > MAX_COLUMNS:
            repeated = 1  # the rest of an empty row
        if len(self.line) + repeated > 2 * MAX_COLUMNS and value != "":
            page.too_far = page.too_far or address(self.row + 1, MAX_COLUMNS + 1)
            return
        self.line += [value] * min(repeated, 2 * MAX_COLUMNS)

    def _row(self) -> None:
        page = self.pages[-1]
        while self.line and self.line[-1] == "":
            self.line.pop()
        if self.line:
            last = self.row + self.repeated_row
            if last > MAX_ROWS + ABOVE or len(self.line) > MAX_COLUMNS:
                row = max(self.row, MAX_ROWS + ABOVE) if last > MAX_ROWS + ABOVE else self.row
                page.too_far = page.too_far or address(row + 1, len(self.line))
            else:
                page.cells += [[] for _ in range(self.row - len(page.cells))]
                page.cells += [list(self.line) for _ in range(self.repeated_row)]
        self.row += self.repeated_row


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, 1)))
