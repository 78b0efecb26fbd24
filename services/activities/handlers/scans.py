"""Queries of photographed sheets: what is proposed from the boxes that were read."""

import base64
from collections.abc import Mapping, Sequence
from typing import Final

from services.activities.domain import scanned
from services.activities.domain.marks import Marked
from services.activities.domain.roll import Line
from services.activities.schemas import DoubtfulBox, DoubtfulLine, SheetPage, SheetsRead
from shared.documents.layout import Layout
from shared.documents.scan.worker import Mark, Page

SHEETS: Final = ("sign_in", "register")


def proposal(
    roll: Sequence[Line], roster_sequence: int, layouts: Sequence[Layout], pages: Sequence[Page]
) -> SheetsRead:
    """`pages` of a file that was read against `layouts`: of the sign-in sheet, and perhaps of the register."""
    signed, register = (_marks(pages, sheet) for sheet in range(2))
    rows = scanned.rows(roll, signed)
    there = {page.page for page in pages if page.sheet == 0 and not page.problem}
    return SheetsRead(
        pages=tuple(SheetPage.of(page, None if page.sheet is None else SHEETS[page.sheet]) for page in pages),
        marked=tuple(
            Marked(deputyship_id=row.line.deputyship_id, state=row.state) for row in rows if not row.doubtful
        ),
        doubts=tuple(_doubt(row, signed) for row in rows if row.doubtful),
        missing=tuple(n for n in layouts[0].read_pages if n not in there),
        voters_count=scanned.counted(register, scanned.VOTER),
        opinions_count=scanned.counted(register, scanned.OPINION),
        unsure_count=sum(mark.doubtful for mark in register.values()),
        register_doubts=tuple(_of_register(name, mark) for name, mark in register.items() if mark.doubtful),
        roster_sequence=roster_sequence,
    )


def _marks(pages: Sequence[Page], sheet: int) -> dict[str, Mark]:
    """Of the pages of one sheet; of a page that is there twice the later one, which was read beside the earlier one."""
    return {name: mark for page in pages if page.sheet == sheet for name, mark in page.marks.items()}


def _of_register(name: str, mark: Mark) -> DoubtfulBox:
    line, _, column = name.rpartition("/")
    label = f"第 {line} 行{scanned.COLUMNS[column]}"
    return DoubtfulBox(column=column, label=label, picture=base64.b64encode(mark.picture).decode())


def _doubt(row: scanned.Row, marks: Mapping[str, Mark]) -> DoubtfulLine:
    boxes = (
        DoubtfulBox(
            column=column,
            label=scanned.COLUMNS[column],
            picture=base64.b64encode(
                marks[scanned.box_name(row.line.deputyship_id, column)].picture
            ).decode(),
        )
        for column in row.boxes
    )
    return DoubtfulLine(
        deputyship_id=row.line.deputyship_id,
        number=row.line.number,
        name=row.line.name,
        state=row.state,
        boxes=tuple(boxes),
        contradicts=row.contradicts,
    )
