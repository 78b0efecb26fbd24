"""Import of a workbook into records: sheet by sheet, row by row, in one unit of work, all or nothing.

A service lists its sheets and, for each, a `Step` (one row at a time) or a `RowGroup` (all rows that share
some fields). Sheets are applied in the order of the steps, whatever their order in the workbook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel, ValidationError

from shared.errors import Invalid, Problem
from shared.storage.bulk import with_pauses
from shared.storage.work import Work
from shared.validation import field_errors
from shared.workbook.changes import changes
from shared.workbook.follow_ups import Faulty
from shared.workbook.model import Row, RowProblem, RowWaits, Trial, Unknown, Workbook
from shared.workbook.reports import (
    Complaint,
    Done,
    ImportReport,
    Note,
    Outcome,
    RowReport,
    SheetReport,
    at_field,
    from_cell,
)
from shared.workbook.survey import position
from shared.workbook.write import Rows

Check = Callable[[Work, Row], Awaitable[object]]
"""A part of what `apply` checks that needs few cells of the row. Errors as those of `apply`, and Unknown."""

_ROWS: Final = UUID("8d0bd9d6-6c1f-5a8e-9d0c-6a1f9c1f6f1e")


@dataclass(frozen=True)
class Step:
    """How each row of a sheet is applied. If `apply` raises RowProblem or any Problem, the row is wrong.

    `checks` then find what else is wrong with it, as far as that can be known. Where a row of a `first` step is wrong,
    the rows of the others are not applied, only checked.
    """

    sheet: str
    apply: Callable[[Work, Row], Awaitable[Done]]
    checks: Sequence[Check] = ()
    first: bool = False


@dataclass(frozen=True)
class RowGroup:
    """How rows of a sheet with equal fields `by` are applied together; they share one outcome.

    `checks` are for single rows, as those of a Step.
    """

    sheet: str
    by: tuple[str, ...]
    apply: Callable[[Work, Sequence[Row]], Awaitable[Done]]
    checks: Sequence[Check] = ()


def row_id(town: str, sheet: str, *key: object) -> str:
    """The id of a row's record, derived from its key (UUIDv5), so that a repeated import finds the record again.

    For sheets whose key is the office's own number, which the record does not store.
    """
    return str(uuid5(_ROWS, "\n".join((town, sheet, *map(str, key)))))


def valid(model: type[BaseModel], *without: str) -> Check:
    """The check that each filled cell is a valid value of the model's field of the same name."""

    async def check(_: Work, row: Row) -> None:
        names = model.model_fields.keys() - row.unfit - set(without)
        values = {name: row.values[name] for name in names & row.values.keys()}
        values = {name: value for name, value in values.items() if value not in (None, ())}
        try:
            model.model_validate(values)
        except ValidationError as error:
            faults = [f for f in field_errors("body", error) if set(f.loc.split(".")[1:2]) & values.keys()]
            if faults:
                raise Invalid(errors=faults) from None

    return check


async def import_rows(
    work: Work,
    read: Workbook,
    steps: Sequence[Step | RowGroup],
    *,
    dry_run: bool,
    export: Callable[[Work], Awaitable[Rows]] | None = None,
) -> ImportReport:
    """Apply all rows to the unit of work. If a row is wrong, or in a dry run, the work is left empty.

    `export`: the rows of what is recorded; a dry run compares those before and after.
    """
    reports: dict[str, SheetReport] = {}
    for problem in read.problems:
        if not problem.row:
            _sheet(reports, problem.sheet).problems.append(from_cell(problem))
    notes = _notes(read, reports)
    run = _Run(work, read)
    for step in steps:
        results = [
            result for rows in _grouped(step, read.rows(step.sheet)) for result in await run.apply(step, rows)
        ]
        run.faulty.settle(results)
        if isinstance(step, Step) and step.first:
            run.halted = any(result.done is None for result in results)
        await _report(reports, step.sheet, results, notes)
    report = ImportReport.from_sheets(list(reports.values()), dry_run=dry_run)
    compared = export if dry_run and report.totals.changed else None
    after = await compared(work) if compared else {}
    if not report.applied:
        work.discard()
    if compared:
        _compare(report, read, await compared(work), after)
    return report


def _compare(report: ImportReport, read: Workbook, before: Rows, after: Rows) -> None:
    for one in report.sheets:
        if one.name in read.sheets and any(row.outcome == "changed" for row in one.rows):
            rows = before.get(one.name, ()), after.get(one.name, ())
            one.changes = changes(read.sheets[one.name], *rows)


@dataclass
class Result:
    """What became of a row. `done` is None where it was not applied; `unresolved` are problems with what the row refers
    to, which count unless that is a row which is wrong itself."""

    row: Row
    done: Done | None = None
    complaints: dict[str, Complaint] = field(default_factory=dict)
    unresolved: dict[str, tuple[tuple[Any, ...], Complaint]] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        return self.done or ("wrong" if self.complaints else "waiting")


@dataclass
class _Run:
    work: Work
    read: Workbook
    faulty: Faulty = field(init=False)
    halted: bool = False

    def __post_init__(self) -> None:
        self.faulty = Faulty(self.read)

    async def apply(self, step: Step | RowGroup, rows: list[Row]) -> list[Result]:
        await asyncio.sleep(0)  # other requests go on between rows
        results = {row.number: self._read_result(row) for row in rows}
        if not self.halted and all(self.read.sound(row) for row in rows):
            try:
                done = await (
                    step.apply(self.work, rows[0]) if isinstance(step, Step) else step.apply(self.work, rows)
                )
            except RowWaits:
                pass
            except (RowProblem, Problem) as problem:
                self._record(results, rows[0], problem)
            else:
                for result in results.values():
                    result.done = done
                return list(results.values())
        for row in rows:
            await self._check(step, results, row)
        return list(results.values())

    async def _check(self, step: Step | RowGroup, results: dict[int, Result], row: Row) -> None:
        """Find what else is wrong with a row that is not applied."""
        for check in step.checks:
            result = results[row.number]
            named = {name for name in row.cells if row.cells[name] in result.complaints}
            trial = Trial.from_row(row, {*named, *result.unresolved})
            try:
                await check(self.work, trial)
            except (Unknown, RowWaits):
                continue
            except (RowProblem, Problem) as problem:
                self._record(results, trial, problem)

    def _read_result(self, row: Row) -> Result:
        found = self.read.wrong(row)
        return Result(row, complaints={problem.cell: from_cell(problem) for problem in found})

    def _record(self, results: dict[int, Result], row: Row, problem: RowProblem | Problem) -> None:
        """Keep a problem at its cell, unless that is known to be wrong already."""
        if isinstance(problem, RowProblem):
            at = problem.row or row
            sheet, elsewhere = self.read.sheets.get(at.sheet), problem.refers[1:] == ()
            refers = str(problem.refers[0]) if problem.refers and elsewhere else ""
            complaint = at_field(sheet, at, problem.field, problem.message, refers=refers)
            result = results.get(at.number, results[row.number])
            if problem.refers and not elsewhere:
                result.unresolved.setdefault(problem.field, (problem.refers, complaint))
            elif problem.field not in result.row.unfit:
                result.complaints.setdefault(complaint.cell, complaint)
            return
        for complaint in self._complaints(problem, row):
            results[row.number].complaints.setdefault(complaint.cell, complaint)

    def _complaints(self, problem: Problem, row: Row) -> Iterator[Complaint]:
        """A Problem as complaints at the cells of the fields that it names."""
        text, sheet = problem.detail or problem.title, self.read.sheets.get(row.sheet)
        for error in problem.errors:
            named = next((part for part in error.loc.split(".") if part in row.cells), "")
            if named not in row.unfit:
                yield at_field(sheet, row, named, error.message or text, refers=error.more.get("refers", ""))
        if not problem.errors:
            yield at_field(sheet, row, "", text)


def _grouped(step: Step | RowGroup, rows: list[Row]) -> list[list[Row]]:
    if isinstance(step, Step):
        return [[row] for row in rows]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in step.by), []).append(row)
    return list(groups.values())


async def _report(
    reports: dict[str, SheetReport],
    sheet: str,
    results: Iterable[Result],
    notes: dict[tuple[str, int], list[Note]],
) -> None:
    rows = [
        RowReport(
            row=result.row.number,
            outcome=result.outcome,
            key=result.row.label,
            problems=sorted(result.complaints.values(), key=lambda one: position(one.cell)),
            notes=notes.get((sheet, result.row.number), []),
        )
        async for result in with_pauses(results)
    ]
    if rows:
        _sheet(reports, sheet).rows.extend(sorted(rows, key=lambda row: row.row))


def _notes(read: Workbook, reports: dict[str, SheetReport]) -> dict[tuple[str, int], list[Note]]:
    """The notes by sheet and row; those of no record are put into the sheet's report."""
    notes: dict[tuple[str, int], list[Note]] = {}
    for note in read.notes:
        kept = Note(cell=note.cell, was=note.was, becomes=note.becomes, message=note.message)
        if note.row:
            notes.setdefault((note.sheet, note.row), []).append(kept)
        else:
            _sheet(reports, note.sheet).notes.append(kept)
    return notes


def _sheet(reports: dict[str, SheetReport], name: str) -> SheetReport:
    return reports.setdefault(name, SheetReport(name=name))
