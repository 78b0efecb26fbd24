"""Common parts of the import of all sheets: names to ids, cells to request bodies, results of parts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel

from services.activities.domain.attendance import Attendance
from services.activities.domain.leave import Leave
from services.activities.imports.lookups import HeldRecord
from services.activities.names import Directory, NameUnresolved, is_collective
from shared.storage.work import Record, Work
from shared.workbook import Done, Row, RowProblem, Workbook, plain

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)
T = TypeVar("T")

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
            if all(row[name] == value for name, value in key.items()) and not self.book.wrong(row)
        ]

    def deputyship(self, row: Row, field: str, day: date, *, group_id: str | None = None) -> str | None:
        written = row[field]
        return None if written is None else self._deputyship_id(field, written, day, group_id, row)

    def deputyships(self, row: Row, field: str, day: date) -> tuple[str, ...]:
        return tuple(self._deputyship_id(field, written, day) for written in row.many(field))

    def group_id(self, row: Row) -> str | None:
        if row["group"] is None:
            return None
        group = self.directory.groups.get(row["group"])
        if group is None:
            raise RowProblem("group", f"名册中没有第 {row['group']} 组", row)
        return group.id

    def station_id(self, row: Row) -> str | None:
        if row["station"] is None:
            return None
        station = self.directory.stations.get(plain(row["station"]))
        if station is None:
            raise RowProblem("station", f"名册中没有名为“{row['station']}”的活动阵地", row)
        return station.id

    def attendance(
        self,
        row: Row,
        day: date,
        *,
        everyone: Sequence[str] | None,
        group_id: str | None = None,
        before: HeldRecord | None = None,
    ) -> dict[str, Attendance]:
        """Attendance as a field of a request; empty where all three cells are empty (not recorded).

        Recorded approvals of leave are kept, as they have rows of their own.
        """
        if not any(row.many(field) for field in SHEET_OF_ATTENDANCE):
            return {}
        recorded = {leave.deputyship_id: leave for leave in before.attendance.on_leave} if before else {}
        away_for = [
            (self._deputyship_id("on_leave", name, day, group_id), why) for name, why in row.many("on_leave")
        ]
        on_leave = tuple(
            Leave(**{**dict(recorded.get(id, ())), "deputyship_id": id, "reason": why})
            for id, why in away_for
        )
        absent = tuple(self._deputyship_id("absent", name, day, group_id) for name in row.many("absent"))
        named = [name for name in row.many("present") if not is_collective(name)]
        present = [self._deputyship_id("present", name, day, group_id) for name in named]
        away = self.directory.mandates([*(leave.deputyship_id for leave in on_leave), *absent])
        for word in row.many("present"):
            if is_collective(word):
                members = self._resolved("present", self.directory.collective, word, day, everyone)
                present += [member for member in members if member not in away and member not in present]
        return {"attendance": Attendance(present=tuple(present), on_leave=on_leave, absent=absent)}

    def _deputyship_id(
        self, field: str, written: str, day: date, group_id: str | None = None, row: Row | None = None
    ) -> str:
        look = partial(self.directory.deputyship, group_id=group_id)
        return self._resolved(field, look, written, day, row=row)

    @staticmethod
    def _resolved(field: str, look: Callable[..., T], *words: object, row: Row | None = None) -> T:
        try:
            return look(*words)
        except NameUnresolved as problem:
            raise RowProblem(field, str(problem), row) from None


def part_done(before: Mapping[Any, M], key: object, after: M) -> Done:
    """Result of the row of one part of a record, e.g. one resolution of a session."""
    if key not in before:
        return "new"
    return "unchanged" if before[key] == after else "changed"
