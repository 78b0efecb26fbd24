"""Models of a workbook: sheets with columns, rows with values, problems by cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from shared.errors import Kind, Problem

ColumnKind = Literal[
    "text", "integer", "number", "date", "choice", "flag", "names", "numbers", "lines", "noted", "people"
]
"""The kinds of columns and the values read from them; an empty cell is None, or () for `MANY`.

text     str, trimmed; a number or a date is refused, for it may already be damaged (18 digits, leading zeros)
integer  int ≥ 0
number   the number of a document or meeting: int ≥ 0, or str where it is more than digits (2020-3)
date     datetime.date, from a date cell, a serial number, or what `shared.days.read_day` reads
choice   the code of a word in `choices`
flag     bool, from 是/否
names    tuple[str, ...], split at 、 ， , ； ; and line ends; each through `choices` where there are any
numbers  tuple[str, ...], split like `names`; the cell may also hold one whole number
lines    tuple[str, ...], split at ； ; and line ends only, for sentences that hold commas
noted    tuple[tuple[str, str | None], ...]: names with a note in brackets, 王某（病假）, through `choices`
people   str, as pasted, for the service to read; written from that or a tuple like `names` or `noted`
"""

EPOCH_1904: Final = date(1904, 1, 1)
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 100
ABOVE: Final = 10
"""How many rows may stand above the first record: titles, and headers of one or more rows."""

MANY: Final = frozenset({"names", "numbers", "lines", "noted"})


@dataclass(frozen=True)
class Column:
    """A column. `choices`: accepted words → their codes; `former`: accepted words of earlier releases. `note` is the
    input message of its cells; what stands in those of a `private` one is never shown."""

    header: str
    field: str
    kind: ColumnKind = "text"
    required: bool = False
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    note: str = ""
    former: Mapping[str, str] = dataclasses.field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet. `key`: the fields that identify a row; two rows with the same key are a problem."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)


@dataclass
class Page:
    """A sheet as it stands in a file, its rows from the first. Sets hold references of cells, and numbers from 1.

    `formulas`: with a stored result, which stands in `cells`; `uncomputed`: without one; `errors`: such as #N/A;
    `merged`: areas; `too_far`: the first cell beyond the limits, or ""; `epoch`: the day from which its numbers count,
    where that is not Excel's usual one; `untitled`: the title is that of a file.
    """

    title: str
    cells: list[list[Any]] = dataclasses.field(default_factory=list)
    hidden: bool = False
    merged: list[str] = dataclasses.field(default_factory=list)
    formulas: set[str] = dataclasses.field(default_factory=set)
    uncomputed: set[str] = dataclasses.field(default_factory=set)
    errors: set[str] = dataclasses.field(default_factory=set)
    hidden_rows: set[int] = dataclasses.field(default_factory=set)
    hidden_columns: set[int] = dataclasses.field(default_factory=set)
    too_far: str = ""
    epoch: date | None = None
    untitled: bool = False


@dataclass(frozen=True)
class CellProblem:
    """A problem; `message` is Chinese. `cell` is "B7", or "" for the whole sheet; `row` is 0 without a single row.

    `column`: its header; `was`: what stands there, as Excel shows it; `becomes`: what is wanted.
    """

    sheet: str
    cell: str
    message: str
    row: int = 0
    column: str = ""
    was: str = ""
    becomes: str = ""
    field: str = ""


@dataclass(frozen=True)
class CellNote:
    """What was read as something else than it says, and accepted, or left out; `message` is Chinese. `row` is 0 for
    what belongs to no record."""

    sheet: str
    cell: str
    row: int
    was: str
    becomes: str
    message: str


@dataclass(frozen=True)
class Row:
    """A row. `number` is the row in Excel, from 1; `label` names the row in messages: the values of its key.

    `values`, `cells` (references) and `raws` (what stands there) are by field. A field whose column is not in the sheet
    is in none of them. `unfit`: fields whose cell could not be read; such a row is checked, and never applied.
    """

    sheet: str
    number: int
    label: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]
    raws: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    unfit: frozenset[str] = frozenset()

    def __getitem__(self, field: str) -> Any:
        """The value; None where the cell is empty or the column absent. For lists use `many`."""
        return self.values.get(field)

    def many(self, field: str) -> tuple[Any, ...]:
        return tuple(self.values.get(field) or ())

    def cell(self, *fields: str) -> str:
        """The reference of the first of these fields that is in the sheet; else of the first cell of the row."""
        named = (self.cells[field] for field in fields if field in self.cells)
        return next(named, next(iter(self.cells.values()), f"A{self.number}"))


class Unknown(Exception):
    """A check has asked for a cell that could not be read: whether the rest is right cannot be known from here on."""


class Trial(Row):
    """A row that is checked although some of its cells are unfit. What they hold is unknown, and never absent."""

    @classmethod
    def from_row(cls, row: Row, unfit: Iterable[str]) -> Trial:
        """`unfit`: fields, beside those of the row itself."""
        fields = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
        return cls(**{**fields, "unfit": row.unfit | frozenset(unfit)})

    def __getitem__(self, field: str) -> Any:
        """Errors: Unknown."""
        if field in self.unfit:
            raise Unknown(field)
        return super().__getitem__(field)

    def many(self, field: str) -> tuple[Any, ...]:
        return tuple(self[field] or ())


@dataclass
class Workbook:
    """The content of a workbook. `tables`: the rows of each known sheet that is present, even an empty one; `sheets`:
    these sheets by name."""

    tables: dict[str, list[Row]] = dataclasses.field(default_factory=dict)
    problems: list[CellProblem] = dataclasses.field(default_factory=list)
    notes: list[CellNote] = dataclasses.field(default_factory=list)
    sheets: dict[str, Sheet] = dataclasses.field(default_factory=dict)
    _wrong: dict[tuple[str, int], list[CellProblem]] = dataclasses.field(default_factory=dict, repr=False)
    _indexed: int = 0

    def rows(self, sheet: str) -> list[Row]:
        return self.tables.get(sheet, [])

    def wrong(self, row: Row) -> list[CellProblem]:
        if self._indexed != len(self.problems):
            self._wrong = {}
            for problem in self.problems:
                self._wrong.setdefault((problem.sheet, problem.row), []).append(problem)
            self._indexed = len(self.problems)
        return self._wrong.get((row.sheet, row.number), [])

    def sound(self, row: Row) -> bool:
        """Whether all cells of the row could be read."""
        return not row.unfit and not self.wrong(row)

    def __iter__(self) -> Iterator[Row]:
        return (row for rows in self.tables.values() for row in rows)


class RowProblem(Exception):
    """A row cannot be applied: the field and the reason. The import reports it as a problem of the cell.

    `row` is needed only where several rows are applied together. `refers`: what the cell refers to and was not found,
    as a sheet and the values of its key; if that row is in the workbook and wrong itself, this one is not to blame.
    A name alone is that of another workbook.
    """

    def __init__(
        self, field: str, message: str, row: Row | None = None, *, refers: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.row = row
        self.refers = refers


class RowWaits(Exception):
    """A row cannot be applied because another one is wrong, which is reported there."""


class Unreadable(Problem):
    """The file is no workbook, or damaged."""

    slug, title, kind = "workbook-unreadable", "无法读取工作簿", Kind.MALFORMED


class TooBig(Problem):
    """More rows, columns or bytes than a ledger has."""

    slug, title, kind = "workbook-too-large", "工作簿过大", Kind.TOO_LARGE


class WorkbookWrong(Problem):
    """Some rows are wrong, so none was applied; `errors` lists the cells."""

    slug, title, kind = "workbook-wrong", "工作簿内容有误，未写入任何内容", Kind.INVALID
