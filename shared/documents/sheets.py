"""What a sheet to be filled in by hand or signed says; `tables` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.documents.marks import Subject

SIZE: Final = 10.5
"""Points of the type."""


@dataclass(frozen=True)
class Table:
    """`widths`: of the columns, as shares of the page; a cell's text is broken to its width. The head is on each
    page. `boxes`: of each row, what its cells are called when their ink is read; empty for cells that are not
    read. `lines`: as of a row."""

    headers: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    boxes: Sequence[Sequence[str]] = ()
    lines: int = 1


@dataclass(frozen=True)
class Row:
    """A row of a form, with room for at least so many `lines`; the last cell of several is written from its top.
    `boxes`: as of a table."""

    cells: Sequence[str]
    widths: Sequence[float]
    lines: int = 1
    boxes: Sequence[str] = ()


@dataclass(frozen=True)
class Form:
    """Rows joined to each other, each with cells of its own widths."""

    rows: Sequence[Row]


@dataclass(frozen=True)
class Numbers:
    """Blocks of numbers to be written and marked by digit, each a heading and its rows of (label, name); a block stays
    on one page. `headers`: of the three columns before the digits."""

    headers: Sequence[str]
    blocks: Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Sheet:
    """A letterhead with a rule below it, a title, lines above, tables one below the other, lines below, and what is
    signed, on the right; `size` is that of the lines. `marked`: what the marks on its pages say it is of."""

    title: str
    above: Sequence[str]
    tables: Sequence[Table | Form | Numbers]
    below: Sequence[str] = ()
    signed: Sequence[str] = ()
    letterhead: str = ""
    size: float = SIZE
    landscape: bool = False
    marked: Subject | None = None
