"""Marks of a page to be read from a photograph: a square in each corner, and a code that says which page it is."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import segno

from shared.documents.pdf import MM, Page

SIDE: Final = 8.0
EDGE: Final = 5.0
"""Millimetres of a corner mark, and between it and the edges of the page: offices' printers reach this far."""
CODE: Final = 18.0
HEAD: Final = 25.0
"""Millimetres of the QR code, and from the top of the page to what stands below it."""
RIGHT: Final = 16.0
"""Millimetres between the QR code and the right edge: beside the corner mark."""
PATTERNS: Final = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
)
"""Markers 0 to 3 of the ArUco dictionary DICT_4X4_50, 1 is white: top left, top right, bottom right, bottom left."""
_WRITTEN: Final = re.compile(r"LZ1:([A-Z]{1,4}):([0-9]{1,12}):([0-9A-F]{12}):([0-9]{1,3}):([0-9A-F]{12})")


def short_digest(text: str, length: int = 12) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length].upper()


@dataclass(frozen=True)
class Subject:
    """What a sheet is of: its `kind`, a code of an area, and whatever the sheet was printed for as a digest."""

    kind: str
    area: str
    about: str

    @classmethod
    def of(cls, kind: str, area: str, *about: str) -> Self:
        return cls(kind, area, short_digest("\n".join(about)))


@dataclass(frozen=True)
class PageCode:
    """The text of the QR code. `edition`: a digest of where the boxes are and whose they are."""

    subject: Subject
    page: int
    edition: str

    def __str__(self) -> str:
        subject = self.subject
        return f"LZ1:{subject.kind}:{subject.area}:{subject.about}:{self.page}:{self.edition}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None where the text is none of ours."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return None
        return cls(Subject(found[1], found[2], found[3]), int(found[4]), found[5])


def corners(width: float, height: float) -> Sequence[tuple[float, float]]:
    """The top left corner of each mark, in millimetres from the top left of the page, in the order of `PATTERNS`."""
    far, low = width - EDGE - SIDE, height - EDGE - SIDE
    return ((EDGE, EDGE), (far, EDGE), (far, low), (EDGE, low))


def draw(page: Page, code: PageCode, width: float, height: float) -> None:
    """`width`, `height`: of the page in points."""
    for pattern, (left, top) in zip(PATTERNS, corners(width / MM, height / MM), strict=True):
        rows = [[1] * 6, *([1, *(1 - int(bit) for bit in row), 1] for row in pattern), [1] * 6]
        page.matrix(left * MM, height - (top + SIDE) * MM, SIDE * MM, rows)
    modules = [list(row) for row in segno.make_qr(str(code), error="m").matrix]
    page.matrix(width - (RIGHT + CODE) * MM, height - (EDGE + CODE) * MM, CODE * MM, modules)
