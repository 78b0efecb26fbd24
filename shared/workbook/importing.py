"""Import of a workbook into records: sheet by sheet, row by row, in one unit of work, all or nothing.

A service lists its sheets and, for each, a `Step` (one row at a time) or a `RowGroup` (all rows that share
some fields). Sheets are applied in the order of the steps, whatever their order in the workbook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal, get_args
from uuid import UUID, uuid5

from pydantic import BaseModel

from shared.errors import FieldError, Problem
from shared.storage.work import Work
from shared.workbook.cells import discreet
from shared.workbook.model import CellProblem, Row, RowProblem, Workbook

Done = Literal["new", "changed", "unchanged"]
Outcome = Literal["new", "changed", "unchanged", "wrong"]
ERRORS_SHOWN: Final = 1000
_ROWS: Final = UUID("8d0bd9d6-6c1f-5a8e-9d0c-6a1f9c1f6f1e")


class Complaint(BaseModel):
    """A problem in a report. `cell` is "B7", the first of the row for the whole row, or "" for the whole sheet."""

    cell: str
    message: str


class Note(BaseModel):
    """What a cell says and what it was read as, where that takes more than the cell."""

    cell: str
    was: str
    becomes: str
    message: str


class RowReport(BaseModel):
    row: int
    outcome: Outcome
    key: str
    problems: list[Complaint] = []
    notes: list[Note] = []


class SheetReport(BaseModel):
    """The report on a sheet. `problems`: those that belong to no row, such as an unknown column."""

    name: str
    problems: list[Complaint] = []
    rows: list[RowReport] = []


class Totals(BaseModel):
    """Rows by outcome; problems outside rows count as wrong."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0


class ImportReport(BaseModel):
    """The result of an import. `applied`: whether the records were written; never in a dry run."""

    sheets: list[SheetReport]
    totals: Totals
    dry_run: bool
    applied: bool

    def errors(self) -> list[FieldError]:
        """The problems as field errors, at most ERRORS_SHOWN; `loc` is `代表资格.B7`."""
        errors = (
            FieldError(".".join(filter(None, (sheet.name, complaint.cell))), complaint.message)
            for sheet in self.sheets
            for complaint in (*sheet.problems, *(c for row in sheet.rows for c in row.problems))
        )
        return list(islice(errors, ERRORS_SHOWN))


@dataclass(frozen=True)
class Step:
    """How each row of a sheet is applied. If `apply` raises RowProblem or any Problem, the row is wrong."""

    sheet: str
    apply: Callable[[Work, Row], Awaitable[Done]]


@dataclass(frozen=True)
class RowGroup:
    """How rows of a sheet with equal fields `by` are applied together; they share one outcome."""

    sheet: str
    by: tuple[str, ...]
    apply: Callable[[Work, Sequence[Row]], Awaitable[Done]]


def row_id(town: str, sheet: str, *key: object) -> str:
    """The id of a row's record, derived from its key (UUIDv5), so that a repeated import finds the record again.

    For sheets whose key is the office's own number, which the record does not store.
    """
    return str(uuid5(_ROWS, "\n".join((town, sheet, *map(str, key)))))


async def import_rows(
    work: Work, read: Workbook, steps: Sequence[Step | RowGroup], *, dry_run: bool
) -> ImportReport:
    """Apply all rows to the unit of work. If a row is wrong, or in a dry run, the work is left empty."""
    reports: dict[str, SheetReport] = {}
    notes = _notes(read)
    for problem in read.problems:
        if not problem.row:
            _sheet(reports, problem.sheet).problems.append(_complaint(problem))
    for step in steps:
        for rows in _grouped(step, read.rows(step.sheet)):
            await asyncio.sleep(0)  # other requests go on between rows
            outcome, problems = await _apply(work, read, step, rows)
            report = _sheet(reports, step.sheet).rows
            report.extend(
                RowReport(
                    row=row.number,
                    outcome=outcome,
                    key=row.label,
                    problems=problems[row.number],
                    notes=notes.get((row.sheet, row.number), []),
                )
                for row in rows
            )
    totals = _totals(list(reports.values()))
    if dry_run or totals.wrong:
        _discard(work)
    for sheet in reports.values():
        sheet.rows.sort(key=lambda row: row.row)
    return ImportReport(
        sheets=list(reports.values()), totals=totals, dry_run=dry_run, applied=not (dry_run or totals.wrong)
    )


def _grouped(step: Step | RowGroup, rows: list[Row]) -> list[list[Row]]:
    if isinstance(step, Step):
        return [[row] for row in rows]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[field] for field in step.by), []).append(row)
    return list(groups.values())


async def _apply(
    work: Work, read: Workbook, step: Step | RowGroup, rows: list[Row]
) -> tuple[Outcome, dict[int, list[Complaint]]]:
    problems = {row.number: [_complaint(problem) for problem in read.wrong(row)] for row in rows}
    if any(problems.values()):
        return "wrong", problems
    try:
        done = await (step.apply(work, rows[0]) if isinstance(step, Step) else step.apply(work, rows))
    except RowProblem as problem:
        at = problem.row or rows[0]
        problems[at.number].append(Complaint(cell=at.cell(problem.field), message=discreet(problem.message)))
    except Problem as problem:
        problems[rows[0].number].extend(_complaints(problem, rows[0]))
    else:
        return done, problems
    return "wrong", problems


def _complaints(problem: Problem, row: Row) -> list[Complaint]:
    """A Problem as complaints at the cells of the fields that it names."""
    text = problem.detail or problem.title
    if not problem.errors:
        return [Complaint(cell=row.cell(), message=discreet(text))]
    return [
        Complaint(cell=row.cell(*error.loc.split(".")), message=discreet(error.message or text))
        for error in problem.errors
    ]


def _complaint(problem: CellProblem) -> Complaint:
    return Complaint(cell=problem.cell, message=discreet(problem.message))


def _notes(read: Workbook) -> dict[tuple[str, int], list[Note]]:
    notes: dict[tuple[str, int], list[Note]] = {}
    for note in read.notes:
        told = Note(cell=note.cell, was=note.was, becomes=note.becomes, message=note.message)
        notes.setdefault((note.sheet, note.row), []).append(told)
    return notes


def _sheet(reports: dict[str, SheetReport], name: str) -> SheetReport:
    return reports.setdefault(name, SheetReport(name=name))


def _totals(sheets: Sequence[SheetReport]) -> Totals:
    outcomes = [row.outcome for sheet in sheets for row in sheet.rows]
    counts = {outcome: outcomes.count(outcome) for outcome in get_args(Outcome)}
    counts["wrong"] += sum(len(sheet.problems) for sheet in sheets)
    return Totals(**counts)


def _discard(work: Work) -> None:
    """Remove all writes and events from the unit of work."""
    work.writes.clear()
    work.facts.clear()
