"""Renderers of duty files: Word in the form of GB/T 9704-2012, and HTML. Pure functions."""

from collections.abc import Iterator
from datetime import date

from services.reports.document import grids, html, layout, package, styles, wml
from services.reports.document.cells import Cell, cell_text
from services.reports.document.files.booklet import REFERENCE, Booklet
from services.reports.document.files.deputy import deputy_booklet
from services.reports.document.files.group import group_booklet
from services.reports.document.numbering import label
from services.reports.domain.statements import StatedDutyFile, StatedGroupFile

_NAME_HERE, _DAY_HERE = "＿＿＿＿＿＿＿＿＿＿", "日期：＿＿＿＿年＿＿月＿＿日"
CONFIRMED = "确认"
_KEPT = "<w:keepNext/>"


def booklet(file: StatedDutyFile | StatedGroupFile) -> Booklet:
    return deputy_booklet(file) if isinstance(file, StatedDutyFile) else group_booklet(file)


def render_file_docx(file: StatedDutyFile | StatedGroupFile) -> bytes:
    """Word document; equal files give equal bytes."""
    content = booklet(file)
    body = "".join(_body(content))
    return package.pack(body, title=content.title, author=content.issuer, day=date(content.year, 12, 31))


def _body(content: Booklet) -> Iterator[str]:
    yield wml.paragraph(styles.TITLE, wml.run("\n".join(layout.title_lines(content.title))))
    yield wml.paragraph(styles.BODY, wml.run(REFERENCE))
    for number, part in enumerate(content.parts, 1):
        yield wml.paragraph("Heading1", wml.run(label(1, number) + part.heading))
        kept = _KEPT if part.grids else ""
        yield from (wml.paragraph(styles.BODY, wml.run(note), kept) for note in part.notes)
        yield from (grids.table(grid, _text) for grid in part.grids)
    yield wml.paragraph("Heading1", wml.run(label(1, len(content.parts) + 1) + CONFIRMED))
    yield from (wml.paragraph(styles.BODY, wml.run(line), _KEPT) for line in content.statements)
    for line in _signature(content):
        yield wml.paragraph(styles.SIGNATURE, wml.run(line))
    yield wml.paragraph(styles.END, "")


def _signature(content: Booklet) -> tuple[str, str]:
    return f"{content.signer}：{_NAME_HERE}", _DAY_HERE


def _text(cell: Cell) -> str:
    return wml.run(cell_text(cell))


def render_file_html(file: StatedDutyFile | StatedGroupFile) -> str:
    """HTML page without scripts, with the print margins of an official document."""
    content = booklet(file)
    return html.template("file.html.jinja").render(
        booklet=content,
        title_lines=layout.title_lines(content.title),
        parts=[(label(1, number), part) for number, part in enumerate(content.parts, 1)],
        reference=REFERENCE,
        figures={},
        confirmed=label(1, len(content.parts) + 1) + CONFIRMED,
        signature=_signature(content),
    )
