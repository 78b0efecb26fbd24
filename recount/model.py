"""What a Word file shows: paragraphs, tables and pictures, with content controls and bookmarks of numerals."""

import re
from dataclasses import dataclass, field
from typing import Final

from recount.drawings import Picture

BODY: Final = "正文"
HEADING: Final = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|附件\d*$")
PAGED: Final = ("页眉", "页脚")
"""Stories that stand on every page."""


@dataclass(frozen=True)
class Control:
    """A content control. `alias` is the title displayed by Word."""

    number: int
    tag: str
    alias: str


@dataclass(frozen=True)
class Piece:
    """Text of one run, with the innermost control around it and the bookmarks of numerals."""

    text: str
    control: Control | None
    bookmarks: tuple[str, ...]


@dataclass
class Paragraph:
    """`place`: location in Chinese; `column`: heading of the column, empty outside tables; `story`: which part."""

    place: str
    column: str
    story: str = BODY
    pieces: list[Piece] = field(default_factory=list)
    emptied: list[Control] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass
class Table:
    """`rows`: paragraphs by row and cell."""

    place: str
    rows: list[list[list[Paragraph]]] = field(default_factory=list)


@dataclass(frozen=True)
class Strange:
    """Something Word shows that cannot be read."""

    place: str
    what: str


@dataclass
class Document:
    """`blocks`: the body in order; `beside`: headers, footers, notes, comments, text boxes; `pages`: of these, the
    headers and footers that a section refers to; `paragraphs`: all."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    beside: list[Paragraph] = field(default_factory=list)
    pages: list[Paragraph] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    strange: list[Strange] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    proof: str | None = None
