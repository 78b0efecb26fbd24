"""Drawing of sheets: tables and forms over as many A4 pages as they need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.documents import marks, numbers
from shared.documents.faces import Face
from shared.documents.layout import Layout, Plan, Rect
from shared.documents.pdf import HEIGHT, MM, WIDTH, Document, Page, lines_of
from shared.documents.sheets import SIZE, Form, Numbers, Row, Sheet, Table

MARGIN: Final = 15 * MM
ROW: Final = 9.5 * MM
PADDING: Final = 1.5 * MM
TITLE: Final = 16.0
LETTERHEAD: Final = 22.0
LEADING: Final = 1.4
FOOT: Final = 9.0
HEADING: Final = 6.5 * MM
SMALL: Final = 6.5
"""Of the digits beside their boxes."""
BEFORE: Final = (25.0, 18.0, 14.0)
"""Millimetres of a heading, a label and a written number, before the boxes of its digits."""
FEWEST: Final = 3
"""Lines of a row that is broken over pages, at least, before the first break."""


def sheets_pdf(face: Face, title: str, sheets: Sequence[Sheet]) -> bytes:
    document = Document(face, title)
    for sheet in sheets:
        _Drawing(document, face, sheet).draw()
    return document.encode()


def layout_of(face: Face, sheet: Sheet) -> Layout:
    """Where the boxes of a marked sheet are: what `sheets_pdf` prints of it."""
    drawing = _Drawing(Document(face, sheet.title), face, sheet)
    drawing.draw()
    return drawing.layout


@dataclass
class _Drawing:
    """The pages of one sheet; `top` is how far the last one is filled, from the top."""

    document: Document
    face: Face
    sheet: Sheet
    pages: list[Page] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    top: float = MARGIN

    def draw(self) -> None:
        self._turn()
        if self.sheet.letterhead:
            self._centred(self.sheet.letterhead, LETTERHEAD)
            self.page.box(MARGIN, self.height - self.top - PADDING, self.across, 0)
            self.top += 3 * PADDING
        if self.sheet.marked is None:
            self._centred(self.sheet.title, TITLE)
            for text in self.sheet.above:
                self._text(text)
        else:
            self._head()
        for table in self.sheet.tables:
            self._put(table)
        self._end()
        codes = self.layout.codes
        for number, page in enumerate(self.pages, 1):
            if codes:
                marks.draw(page, codes[number - 1], self.width, self.height)
            if len(self.pages) > 1:
                words = f"第 {number} 页，共 {len(self.pages)} 页"
                page.text((self.width - self._wide(words, FOOT)) / 2, MARGIN / 2, FOOT, words)
            self.document.close(page)

    def _put(self, table: Table | Form | Numbers) -> None:
        match table:
            case Form():
                self._form(table)
            case Numbers():
                self._numbers(table)
            case Table():
                self._table(table)

    def _head(self) -> None:
        """Of a marked sheet: each line on one, however long, so that what it says does not move the boxes."""
        for size, text in (
            (TITLE, self.sheet.title),
            *((self.sheet.size, text) for text in self.sheet.above),
        ):
            fitting = min(size, self.across / max(self._wide(text, 1), 1))
            left = (self.width - self._wide(text, fitting)) / 2 if size == TITLE else MARGIN
            self.page.text(left, self.height - self.top - size, round(fitting, 2), text)
            self.top += size * LEADING

    @property
    def layout(self) -> Layout:
        return Layout(self.sheet.marked, self.width / MM, self.height / MM, tuple(self.plans))

    @property
    def page(self) -> Page:
        return self.pages[-1]

    @property
    def width(self) -> float:
        return HEIGHT if self.sheet.landscape else WIDTH

    @property
    def height(self) -> float:
        return WIDTH if self.sheet.landscape else HEIGHT

    @property
    def across(self) -> float:
        return self.width - 2 * MARGIN

    @property
    def left(self) -> float:
        """Height that is left of the page."""
        return self.height - MARGIN - self.top

    def _table(self, table: Table) -> None:
        head = Row(table.headers, table.widths)
        self.top += PADDING
        self._row(head)
        for number, cells in enumerate(table.rows):
            boxes = table.boxes[number] if table.boxes else ()
            self._row(Row(cells, table.widths, table.lines, boxes), head)
        self.top += 2 * PADDING

    def _form(self, form: Form) -> None:
        self.top += PADDING
        for row in form.rows:
            self._row(row)
        self.top += 2 * PADDING

    def _numbers(self, table: Numbers) -> None:
        self.top += PADDING
        self._digits_head(table)
        for heading, rows in table.blocks:
            if self.left < len(rows) * numbers.ROW * MM:
                self._turn()
                self._digits_head(table)
            self._block(heading, rows)
        self.top += 2 * PADDING

    def _digits_head(self, table: Numbers) -> None:
        begin, left = MARGIN + sum(BEFORE) * MM, MARGIN
        for text, width in zip(
            (*table.headers, ""), (*BEFORE, (self.across - begin + MARGIN) / MM), strict=True
        ):
            self._cell(left, self.top, width * MM, HEADING, [text])
            left += width * MM
        for place, start in numbers.places(begin / MM):
            base = self.height - self.top - HEADING + PADDING
            self.page.text((start + numbers.DIGIT) * MM, base, SIZE, place)
        self.top += HEADING

    def _block(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        """The rules around a block are the page's straightest; rows have none where their boxes are."""
        height, row = len(rows) * numbers.ROW * MM, numbers.ROW * MM
        wide, label, written = (width * MM for width in BEFORE)
        begin = MARGIN + wide + label + written
        self._cell(MARGIN, self.top, wide, height, lines_of(self.face, heading, SIZE, wide - 2 * PADDING))
        self._cell(begin, self.top, self.across - begin + MARGIN, height, [])
        for n, (word, name) in enumerate(rows):
            top = self.top + n * row
            size = min(SIZE, (label - 2 * PADDING) / max(self._wide(word, 1), 1))
            self._cell(MARGIN + wide, top, label, row, [word], round(size, 2))
            self._cell(MARGIN + wide + label, top, written, row, [])
            for box, digit, rect in numbers.digits(name, begin / MM, top / MM):
                self._digit(box, digit, rect)
            left = (MARGIN + wide + label) / MM
            self.plans[-1].numbers[name] = Rect(
                left, top / MM, (self.width - MARGIN) / MM - left, numbers.ROW
            )
        self.plans[-1].cells.append(Rect(MARGIN / MM, self.top / MM, wide / MM, height / MM))
        self.plans[-1].cells.append(
            Rect(begin / MM, self.top / MM, (self.width - MARGIN - begin) / MM, height / MM)
        )
        self.top += height

    def _digit(self, name: str, digit: str, rect: Rect) -> None:
        left, bottom = rect.left * MM, self.height - (rect.top + rect.height) * MM
        self.page.digit(left, bottom, rect.width * MM, rect.height * MM)
        self.page.text(left - numbers.DIGIT * MM * 0.9, bottom + MM, SMALL, digit)
        self.plans[-1].boxes[name] = rect

    def _cell(
        self, left: float, top: float, width: float, height: float, lines: Sequence[str], size: float = SIZE
    ) -> None:
        self.page.box(left, self.height - top - height, width, height)
        base = self.height - top - (height - len(lines) * size * LEADING) / 2 - size * 1.1
        for n, line in enumerate(lines):
            self.page.text(left + PADDING, base - n * size * LEADING, size, line)

    def _row(self, row: Row, head: Row | None = None) -> None:
        """A row goes to the next page where it does not fit; one higher than a page is broken."""
        cells, least = self._broken(row), _least(row)
        whole = self.height - 2 * MARGIN - (_height(self._broken(head)) if head is not None else 0)
        while self.left < (needed := max(least, _height(cells))):
            fitting = int((self.left - 2 * PADDING) / (SIZE * LEADING))
            if needed > whole and fitting >= FEWEST:
                least = ROW
                self._draw_row(row, [lines[:fitting] for lines in cells], self.left)
                cells = [lines[fitting:] for lines in cells]
            self._turn()
            if head is not None:
                self._row(head)
        self._draw_row(row, cells, needed)

    def _broken(self, row: Row) -> list[list[str]]:
        """The lines of each cell."""
        return [lines_of(self.face, text, SIZE, width - 2 * PADDING) for text, width in self._divided(row)]

    def _draw_row(self, row: Row, cells: Sequence[Sequence[str]], height: float) -> None:
        left = MARGIN
        for number, ((_, width), lines) in enumerate(zip(self._divided(row), cells, strict=True), 1):
            self.page.box(left, self.height - self.top - height, width, height)
            box = row.boxes[number - 1] if row.boxes else ""
            self.plans[-1].add(box, Rect(left / MM, self.top / MM, width / MM, height / MM))
            from_top = row.lines > 1 and number == len(cells)
            space = PADDING if from_top else (height - len(lines) * SIZE * LEADING) / 2
            base = self.height - self.top - space - SIZE
            for n, line in enumerate(lines):
                self.page.text(left + PADDING, base - n * SIZE * LEADING, SIZE, line)
            left += width
        self.top += height

    def _divided(self, row: Row) -> Iterator[tuple[str, float]]:
        for text, share in zip(row.cells, row.widths, strict=True):
            yield text, self.across * share / sum(row.widths)

    def _end(self) -> None:
        size, sheet = self.sheet.size, self.sheet
        if self.left < (len(sheet.below) + len(sheet.signed)) * size * LEADING + ROW:
            self._turn()
        for text in sheet.below:
            self._text(text)
        for text in sheet.signed:
            self._line(self.width - MARGIN - self._wide(text, size) - ROW, size, text)

    def _centred(self, text: str, size: float) -> None:
        for line in lines_of(self.face, text, size, self.across):
            self._line((self.width - self._wide(line, size)) / 2, size, line)

    def _text(self, text: str) -> None:
        for line in lines_of(self.face, text, self.sheet.size, self.across):
            if self.left < self.sheet.size * LEADING:
                self._turn()
            self._line(MARGIN, self.sheet.size, line)

    def _line(self, left: float, size: float, line: str) -> None:
        self.page.text(left, self.height - self.top - size, size, line)
        self.top += size * LEADING

    def _wide(self, text: str, size: float) -> float:
        return sum(self.face.width(character) for character in text) * size

    def _turn(self) -> None:
        self.pages.append(self.document.add(landscape=self.sheet.landscape))
        self.plans.append(Plan())
        self.top = marks.HEAD * MM if self.sheet.marked is not None else MARGIN


def _least(row: Row) -> float:
    return max(ROW, row.lines * SIZE * LEADING + 2 * PADDING)


def _height(cells: Sequence[Sequence[str]]) -> float:
    return max(ROW, max(map(len, cells)) * SIZE * LEADING + 2 * PADDING)
