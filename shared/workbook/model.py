"""Models of a workbook: sheets with columns, rows with values, problems by cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

MANY: Final = frozenset({"names", "numbers", "lines", "noted"})


@dataclass(frozen=True)
class Column:
    """A column. `choices`: accepted words → their codes; `former`: accepted words of earlier releases. `note` is the
    input message of its cells."""

    header: str
    field: str
    kind: ColumnKind = "text"
    required: bool = False
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    note: str = ""
    former: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A sheet. `key`: the fields that identify a row; two rows with the same key are a problem."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)


@dataclass(frozen=True)
class CellProblem:
    """A problem; `message` is Chinese. `cell` is "B7", or "" for the whole sheet; `row` is 0 without a single row."""

    sheet: str
    cell: str
    message: str
    row: int = 0


@dataclass(frozen=True)
class CellNote:
    """What was read as something else than it says, and accepted; `message` is Chinese."""

    sheet: str
    cell: str
    row: int
    was: str
    becomes: str
    message: str


@dataclass(frozen=True)
class Row:
    """A row. `number` is the row in Excel, from 1; `label` names the row in messages: the values of its key.

    `values` and `cells` (references) are by field. A field whose column is not in the sheet is in neither.
    """

    sheet: str
    number: int
    label: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> Any:
        """The value; None where the cell is empty or the column absent. For lists use `many`."""
        return self.values.get(field)

    def many(self, field: str) -> tuple[Any, ...]:
        return tuple(self.values.get(field) or ())

    def cell(self, *fields: str) -> str:
        """The reference of the first of these fields that is in the sheet; else of the first cell of the row."""
        named = (self.cells[field] for field in fields if field in self.cells)
        return next(named, next(iter(self.cells.values()), f"A{self.number}"))


@dataclass
class Workbook:
    """The content of a workbook. `tables`: the rows of each known sheet that is present, even an empty one."""

    tables: dict[str, list[Row]] = dataclasses.field(default_factory=dict)
    problems: list[CellProblem] = dataclasses.field(default_factory=list)
    notes: list[CellNote] = dataclasses.field(default_factory=list)

    def rows(self, sheet: str) -> list[Row]:
        return self.tables.get(sheet, [])

    def wrong(self, row: Row) -> list[CellProblem]:
        return [p for p in self.problems if p.sheet == row.sheet and p.row == row.number]

    def __iter__(self) -> Iterator[Row]:
        return (row for rows in self.tables.values() for row in rows)


class RowProblem(Exception):
    """A row cannot be applied: the field and the reason. The import reports it as a problem of the cell.

    `row` is needed only where several rows are applied together.
    """

    def __init__(self, field: str, message: str, row: Row | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.row = row


class Unreadable(Problem):
    slug, title, kind = "workbook-unreadable", "无法读取工作簿", Kind.MALFORMED


class TooBig(Problem):
    slug, title, kind = "workbook-too-large", "工作簿过大", Kind.TOO_LARGE


class WorkbookWrong(Problem):
    """Some rows are wrong, so none was applied; `errors` lists the cells."""

    slug, title, kind = "workbook-wrong", "工作簿内容有误，未写入任何内容", Kind.INVALID
