"""The report on an import: outcome of each row, problems and notes by cell."""

from __future__ import annotations

from itertools import islice
from typing import Final, Literal

from pydantic import BaseModel

from shared.errors import FieldError
from shared.workbook.cells import discreet, shown, wanted
from shared.workbook.model import CellProblem, Row, Sheet

Done = Literal["new", "changed", "unchanged"]
Outcome = Literal["new", "changed", "unchanged", "wrong", "waiting"]
ERRORS_SHOWN: Final = 10_000


class Complaint(BaseModel):
    """A problem in a report. `cell` is "B7", the first of the row for the whole row, or "" for the whole sheet.

    `column`: its header; `was`: what stands there, as Excel shows it; `becomes`: what is wanted; `refers`: the workbook
    in which what the cell names was not found, where that is another one.
    """

    cell: str
    message: str
    column: str = ""
    was: str = ""
    becomes: str = ""
    refers: str = ""


class Note(BaseModel):
    """What a cell says and what it was read as, where that takes more than the cell."""

    cell: str
    was: str
    becomes: str
    message: str


class ChangedCell(BaseModel):
    """A recorded value that a row changes. `key` names the record, as the row does; `column`: its header."""

    key: str
    column: str
    was: str
    becomes: str


class RowReport(BaseModel):
    """`waiting`: nothing is wrong with the row itself, but with one that it refers to or is read together with."""

    row: int
    outcome: Outcome
    key: str
    problems: list[Complaint] = []
    notes: list[Note] = []


class SheetReport(BaseModel):
    """The report on a sheet. `problems` and `notes`: those that belong to no record, such as an unknown column.

    `changes`: what would be recorded instead of what; of a dry run only.
    """

    name: str
    problems: list[Complaint] = []
    notes: list[Note] = []
    rows: list[RowReport] = []
    changes: list[ChangedCell] = []


class Totals(BaseModel):
    """Rows by outcome, without those that wait; problems outside rows count as wrong."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0


class ImportReport(BaseModel):
    """The result of an import. `applied`: whether the records were written; never in a dry run. `problems`: how many,
    a row may have several; `waiting`: how many rows wait for others."""

    sheets: list[SheetReport]
    totals: Totals
    dry_run: bool
    applied: bool
    problems: int = 0
    waiting: int = 0

    @classmethod
    def from_sheets(cls, sheets: list[SheetReport], *, dry_run: bool) -> ImportReport:
        outcomes: list[str] = [row.outcome for sheet in sheets for row in sheet.rows]
        counts = {outcome: outcomes.count(outcome) for outcome in Totals.model_fields}
        outside = sum(len(sheet.problems) for sheet in sheets)
        counts["wrong"] += outside
        waiting = outcomes.count("waiting")
        return cls(
            sheets=sheets,
            totals=Totals(**counts),
            dry_run=dry_run,
            applied=not (dry_run or counts["wrong"] or waiting),
            problems=outside + sum(len(row.problems) for sheet in sheets for row in sheet.rows),
            waiting=waiting,
        )

    def errors(self) -> list[FieldError]:
        """The problems as field errors, at most ERRORS_SHOWN; `loc` is `代表资格.B7`."""
        errors = (
            FieldError(
                ".".join(filter(None, (sheet.name, complaint.cell))),
                complaint.message,
                {"sheet": sheet.name, **complaint.model_dump(exclude={"message", "refers"})},
            )
            for sheet in self.sheets
            for complaint in (*sheet.problems, *(c for row in sheet.rows for c in row.problems))
        )
        return list(islice(errors, ERRORS_SHOWN))

    def summary(self) -> str:
        """How many problems there are, and in how many rows."""
        rows = sum(row.outcome == "wrong" for sheet in self.sheets for row in sheet.rows)
        listed = f"（下面列出前 {ERRORS_SHOWN} 处）" if self.problems > ERRORS_SHOWN else ""
        places = f"，在 {rows} 行" if rows and rows != self.problems else ""
        waiting = f"，另有 {self.waiting} 行要等这些改好才能核对" if self.waiting else ""
        return f"有 {self.problems} 处错误{listed}{places}{waiting}，未写入任何内容"


def from_cell(problem: CellProblem) -> Complaint:
    return Complaint(
        cell=problem.cell,
        message=discreet(problem.message),
        column=problem.column,
        was=problem.was,
        becomes=problem.becomes,
    )


def at_field(sheet: Sheet | None, row: Row, field: str, message: str, *, refers: str = "") -> Complaint:
    """A complaint at a field of a row, or at the row where its sheet has no such column."""
    cell, message = row.cell(field), discreet(message)
    if sheet is None or field not in row.cells:
        return Complaint(cell=cell, message=message, refers=refers)
    column = sheet.column(field)
    was = "（不显示）" if column.private else shown(row.raws.get(field))
    return Complaint(
        cell=cell,
        message=message,
        column=column.header,
        was=was,
        becomes=f"“{refers}”中登记了的" if refers else wanted(column),
        refers=refers,
    )
