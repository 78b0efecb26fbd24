"""Every paragraph of a document with the role it has there."""

from collections.abc import Iterator

from services.reports.document.gbt9704 import prescribed
from services.reports.document.gbt9704.parts import Annex, Parts
from services.reports.document.gbt9704.prescribed import Role
from services.reports.document.gbt9704.reading import Paragraph, Table

Placed = tuple[Paragraph, Role]


def placed(parts: Parts) -> Iterator[Placed]:
    """Paragraphs outside tables, then those of cells and footers; none is left out."""
    yield from _front(parts)
    for paragraph in parts.main:
        yield paragraph, _of_text(paragraph)
    yield from ((note, prescribed.NOTE) for note in parts.notes)
    for line, role in ((parts.signature, prescribed.SIGNATURE), (parts.date, prescribed.DATE)):
        if line is not None:
            yield line, role
    last = parts.document.paragraphs[-1:]
    for annex in parts.annexes:
        yield from _annex(annex, last)
    yield from ((blank, prescribed.BLANK_LINE) for blank in parts.blanks)
    for table in parts.document.tables:
        yield from _cells(table)
    for footers in parts.document.footers:
        yield from ((footer, prescribed.FOOTER) for kind in footers.values() for footer in kind)


def _front(parts: Parts) -> Iterator[Placed]:
    for paragraph, role in (
        (parts.mark, prescribed.MARK),
        (parts.number, prescribed.NUMBER),
        (parts.title, prescribed.TITLE),
        *((line, prescribed.SUBTITLE) for line in parts.subtitle),
        (parts.addressee, prescribed.ADDRESSEE),
    ):
        if paragraph is not None:
            yield paragraph, role


def _of_text(paragraph: Paragraph) -> Role:
    if paragraph.level is not None:
        return prescribed.HEADINGS.get(paragraph.level, prescribed.BODY)
    return prescribed.BODY


def _annex(annex: Annex, last: tuple[Paragraph, ...]) -> Iterator[Placed]:
    yield annex.label, prescribed.LABEL
    if annex.heading is not None:
        yield annex.heading, prescribed.HEADLINE
    for paragraph in annex.rest:
        if paragraph.drawn:
            yield paragraph, prescribed.PICTURE
        elif paragraph in last and not paragraph.text.strip():
            yield paragraph, prescribed.END
        elif paragraph.text.startswith("注："):
            yield paragraph, prescribed.TABLE_NOTE
        else:
            yield paragraph, prescribed.BODY if paragraph.text.endswith("。") else prescribed.CAPTION


def _cells(table: Table) -> Iterator[Placed]:
    for row in table.rows:
        across = len(row.cells) == 1 and "gridSpan" in row.cells[0].properties  # names the rows below it
        role = prescribed.HEAD if row.head or across else prescribed.CELL
        yield from ((paragraph, role) for cell in row.cells for paragraph in cell.paragraphs)
