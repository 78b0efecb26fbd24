"""Sheets to be filled in by hand: a table over as many A4 pages as it needs, its head on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.documents.faces import Face
from shared.documents.pdf import HEIGHT, MM, WIDTH, Document, Page, lines_of

MARGIN: Final = 15 * MM
ROW: Final = 9.5 * MM
PADDING: Final = 1.5 * MM
SIZE: Final = 10.5
TITLE: Final = 16.0
LEADING: Final = 1.4
_ACROSS: Final = WIDTH - 2 * MARGIN


@dataclass(frozen=True)
class Table:
    """`widths`: of the columns, as shares of the page; a cell's text is broken to its width."""

    headers: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """A title, lines above, tables one below the other, of which the last may go on over pages, and lines below."""

    title: str
    above: Sequence[str]
    tables: Sequence[Table]
    below: Sequence[str] = ()


def sheets_pdf(face: Face, title: str, sheets: Sequence[Sheet]) -> bytes:
    document = Document(face, title)
    for sheet in sheets:
        _Drawing(document, face, sheet).draw()
    return document.encode()


class _Drawing:
    """The pages of one sheet; `top` is how far the page is filled, from the top."""

    def __init__(self, document: Document, face: Face, sheet: Sheet) -> None:
        self.document, self.face, self.sheet = document, face, sheet
        self.page: Page = document.add()
        self.top = MARGIN

    def draw(self) -> None:
        for line in lines_of(self.face, self.sheet.title, TITLE, _ACROSS):
            width = sum(self.face.width(character) for character in line) * TITLE
            self._line((WIDTH - width) / 2, TITLE, line)
        for text in self.sheet.above:
            self._text(text)
        for table in self.sheet.tables:
            self._table(table)
        if self._left() < len(self.sheet.below) * SIZE * LEADING + ROW:
            self._turn()
        for text in self.sheet.below:
            self._text(text)
        self.document.close(self.page)

    def _table(self, table: Table) -> None:
        self.top += PADDING
        self._row(table, table.headers)
        for row in table.rows:
            height = self._height(table, row)
            if self._left() < height:
                self._turn()
                self._row(table, table.headers)
            self._row(table, row)
        self.top += 2 * PADDING

    def _row(self, table: Table, cells: Sequence[str]) -> None:
        height, left = self._height(table, cells), MARGIN
        for width, text in zip(self._widths(table), cells, strict=True):
            self.page.box(left, HEIGHT - self.top - height, width, height)
            lines = lines_of(self.face, text, SIZE, width - 2 * PADDING)
            base = HEIGHT - self.top - (height - len(lines) * SIZE * LEADING) / 2 - SIZE
            for number, line in enumerate(lines):
                self.page.text(left + PADDING, base - number * SIZE * LEADING, SIZE, line)
            left += width
        self.top += height

    def _height(self, table: Table, cells: Sequence[str]) -> float:
        most = max(
            len(lines_of(self.face, text, SIZE, width - 2 * PADDING))
            for width, text in zip(self._widths(table), cells, strict=True)
        )
        return max(ROW, most * SIZE * LEADING + 2 * PADDING)

    @staticmethod
    def _widths(table: Table) -> list[float]:
        return [_ACROSS * share / sum(table.widths) for share in table.widths]

    def _text(self, text: str) -> None:
        for line in lines_of(self.face, text, SIZE, _ACROSS):
            self._line(MARGIN, SIZE, line)

    def _line(self, left: float, size: float, line: str) -> None:
        self.page.text(left, HEIGHT - self.top - size, size, line)
        self.top += size * LEADING

    def _left(self) -> float:
        return HEIGHT - MARGIN - self.top

    def _turn(self) -> None:
        self.document.close(self.page)
        self.page, self.top = self.document.add(), MARGIN
