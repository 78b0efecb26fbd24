"""Common parts of the import of all sheets: names to ids, cells to request bodies, results of parts."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from services.activities.domain.attendance import Attendance
from services.activities.domain.cases import Case
from services.activities.domain.leave import Leave
from services.activities.domain.roll import Roll
from services.activities.domain.sheet_words import GROUP_NUMBER as GROUP
from services.activities.domain.sheet_words import whole
from services.activities.domain.signed import read_sheet
from services.activities.imports.lookups import HeldRecord
from services.activities.names import Directory, NameUnresolved
from services.activities.sheets.suggestions import CASE
from shared.chinese.characters import key
from shared.endpoints.imports import checked
from shared.errors import FieldError, Invalid
from shared.storage.work import Record, Work
from shared.workbook import Done, Row, RowProblem, Workbook

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)
T = TypeVar("T")

ROSTER: Final = ("名册",)
"""The workbook that names refer to."""
NAMED: Final = {"refers": ROSTER[0]}
SHEET_OF_ATTENDANCE = ("present", "on_leave", "absent")


@dataclass(frozen=True)
class Sheets:
    """A workbook, and the directory by which its names are resolved."""

    book: Workbook
    directory: Directory

    def bound(
        self, apply: Callable[["Sheets", Work, Sequence[Row]], Awaitable[Done]]
    ) -> Callable[[Work, Sequence[Row]], Awaitable[Done]]:
        return partial(apply, self)

    def sound(self, sheet: str, **key: Any) -> list[Row]:
        """The valid rows of a sheet with this key."""
        return [
            row
            for row in self.book.rows(sheet)
            if all(row[name] == value for name, value in key.items()) and self.book.sound(row)
        ]

    def deputyship(self, row: Row, field: str, day: date, *, groups: Collection[str] = ()) -> str | None:
        written = row[field]
        return None if written is None else self._deputyship_id(field, written, day, groups, row)

    def deputyships(self, row: Row, field: str, day: date) -> tuple[str, ...]:
        return tuple(self._deputyship_id(field, written, day) for written in row.many(field))

    def group_id(self, row: Row) -> str | None:
        return None if row["group"] is None else self._group_id(row, row["group"])

    def group_ids(self, row: Row) -> tuple[str, ...]:
        """Of a cell with several groups: numbers as in 1、2, or 第一组、第二小组."""
        matches = [(written, GROUP.fullmatch(written)) for written in row.many("group")]
        unread = next((written for written, match in matches if match is None), None)
        if unread is not None:
            raise RowProblem("group", f"“{unread}”不是组号；几个小组联合开展的写成“1、2”", row)
        return tuple(self._group_id(row, whole(match[1])) for _, match in matches if match is not None)

    def _group_id(self, row: Row, number: int) -> str:
        group = self.directory.groups.get(number)
        if group is None:
            raise RowProblem("group", f"名册中没有第 {number} 组", row, refers=ROSTER)
        return group.id

    def station_id(self, row: Row) -> str | None:
        if row["station"] is None:
            return None
        station = self.directory.stations.get(key(row["station"]))
        if station is None:
            raise RowProblem("station", f"名册中没有名为“{row['station']}”的活动阵地", row, refers=ROSTER)
        return station.id

    def attendance(self, row: Row, roll: Roll, *, before: HeldRecord | None = None) -> dict[str, Attendance]:
        """Attendance as a field of a request; empty where all three cells are empty (not recorded).

        Recorded approvals of leave are kept, as they have rows of their own. Errors: Invalid with every doubt.
        """
        written = {part: row[part] for part in SHEET_OF_ATTENDANCE if part not in row.unfit and row[part]}
        if not written:
            return {}
        attendance, doubts = read_sheet(roll, written, others_present=False)
        if doubts:
            raise Invalid(errors=[FieldError(doubt.part, doubt.in_full, NAMED) for doubt in doubts])
        recorded = {leave.deputyship_id: leave for leave in before.attendance.on_leave} if before else {}
        on_leave = tuple(
            Leave(
                **{
                    **dict(recorded.get(leave.deputyship_id, ())),
                    **leave.model_dump(include={"deputyship_id", "reason"}),
                }
            )
            for leave in attendance.on_leave
        )
        return {"attendance": attendance.model_copy(update={"on_leave": on_leave})}

    def _deputyship_id(
        self, field: str, written: str, day: date, groups: Collection[str] = (), row: Row | None = None
    ) -> str:
        look = partial(self.directory.deputyship, groups=groups)
        return self._resolved(field, look, written, day, row=row)

    @staticmethod
    def _resolved(field: str, look: Callable[..., T], *words: object, row: Row | None = None) -> T:
        try:
            return look(*words)
        except NameUnresolved as problem:
            raise RowProblem(field, str(problem), row, refers=ROSTER) from None


def case_of(row: Row, before: Case | None) -> dict[str, Case]:
    """Case material as a field of a request; empty cells leave recorded values unchanged."""
    cells = {column.field: row[column.field] for column in CASE if row[column.field] is not None}
    told = {name.removeprefix("case_"): value for name, value in cells.items()}
    if not told:
        return {}
    try:
        return {"case": checked(Case, {**(before.model_dump() if before else {}), **told})}
    except Invalid as problem:
        field = f"case_{problem.errors[0].loc.rpartition('.')[2]}"
        at = field if field in row.cells else "case_in_report"
        raise RowProblem(at, problem.errors[0].message, row) from None


def part_done(before: Mapping[Any, M], key: object, after: M) -> Done:
    """Result of the row of one part of a record, e.g. one resolution of a session."""
    if key not in before:
        return "new"
    return "unchanged" if before[key] == after else "changed"
