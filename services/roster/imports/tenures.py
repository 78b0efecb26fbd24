"""Rows of the sheet 编组和任职: groups and roles of a mandate with their days, all rows of one mandate together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.roster import repository
from services.roster.domain.dated import Interval
from services.roster.domain.deputyships import Deputyship, group_on, roles_on
from services.roster.handlers import deputyships
from services.roster.schemas.deputyships import DeputyshipPatch
from shared.endpoints.imports import checked
from shared.errors import Problem
from shared.storage.work import Work
from shared.workbook import Row, RowProblem

SHEET: Final = "编组和任职"
_DIFFERS: Final = "系统中登记的起止日期与本表不同，须在系统中更正；写了就要把历次都写全"


@dataclass(frozen=True)
class Tenure:
    """One row: a group or a role from `from_on` until before `to_on`."""

    row: Row
    from_on: date
    to_on: date | None
    group_id: str | None = None
    role: str | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True)
class Tenures:
    """All rows of one mandate. Where there are no rows of groups, or of roles, nothing is known of them."""

    items: Sequence[Tenure] = ()

    def on(self, day: date) -> dict[str, Any]:
        """`group_id` and `roles` on a day, as in the body of a request."""
        covering = [tenure for tenure in self.items if tenure.covers(day)]
        values: dict[str, Any] = {}
        if any(tenure.group_id for tenure in self.items):
            values["group_id"] = next((tenure.group_id for tenure in covering if tenure.group_id), None)
        if any(tenure.role for tenure in self.items):
            values["roles"] = [tenure.role for tenure in covering if tenure.role]
        return values

    def days(self, deputyship: Deputyship) -> list[date]:
        """Days before the mandate's end on which a group or role begins or ends, by the rows or on record."""
        if not self.items:
            return []
        dated: list[Interval] = [*self.items, *deputyship.group_history, *deputyship.role_history]
        bounds = [day for interval in dated for day in (interval.from_on, interval.to_on) if day is not None]
        return sorted(day for day in set(bounds) if deputyship.ended_on is None or day < deputyship.ended_on)

    def at(self, day: date) -> Row:
        """The first row that begins or ends on a day; else the first row."""
        return next(
            (tenure.row for tenure in self.items if day in (tenure.from_on, tenure.to_on)), self.items[0].row
        )


async def read_tenures(work: Work, rows: Iterable[Row]) -> Tenures:
    """Errors: RowProblem where a row contradicts itself or another."""
    tenures: list[Tenure] = []
    for row in rows:
        read = await tenure(work, row)
        for other in tenures:
            if (
                read.group_id
                and other.group_id
                and (read.covers(other.from_on) or other.covers(read.from_on))
            ):
                raise RowProblem("from_on", f"与第 {other.row.number} 行同一天编在两个小组", row)
        tenures.append(read)
    return Tenures(tenures)


async def tenure(work: Work, row: Row) -> Tenure:
    start, over = row["from_on"], row["to_on"]
    if (row["group"] is None) == (row["role"] is None):
        raise RowProblem("group", "小组和职务一行填其中一项", row)
    if start < row["started_on"]:
        raise RowProblem("from_on", f"起始日期 {start} 早于任职日期 {row['started_on']}", row)
    if over is not None and over <= start:
        raise RowProblem("to_on", f"结束日期 {over} 不晚于起始日期 {start}", row)
    if row["role"] is not None:
        return Tenure(row, start, over, role=row["role"])
    group = await repository.group_numbered(work, row["group"])
    if group is None:
        raise RowProblem("group", f"没有第 {row['group']} 组", row, refers=("代表小组", row["group"]))
    return Tenure(row, start, over, group_id=group.id)


async def apply_tenures(work: Work, deputyship: Deputyship, tenures: Tenures, day: date) -> Deputyship:
    """Change group and roles from a day on to those of the rows. Errors: RowProblem where the record has later ones."""
    values, patch = tenures.on(day), {}
    if "group_id" in values and values["group_id"] != group_on(deputyship, day):
        patch["group_id"] = values["group_id"]
    if "roles" in values and set(values["roles"]) != set(roles_on(deputyship, day)):
        patch["roles"] = values["roles"]
    if not patch:
        return deputyship
    recorded: list[Interval] = [*deputyship.group_history] if "group_id" in patch else []
    recorded += deputyship.role_history if "roles" in patch else []
    later = any(
        bound is not None and bound >= day
        for interval in recorded
        for bound in (interval.from_on, interval.to_on)
    )
    if deputyship.status == "ended" or later:
        raise RowProblem("from_on", _DIFFERS, tenures.at(day))
    try:
        body = checked(DeputyshipPatch, {**patch, "on": day})
        return await deputyships.change_deputyship(work, deputyship, body)
    except Problem as problem:
        message = problem.errors[0].message if problem.errors else str(problem)
        raise RowProblem("from_on", message, tenures.at(day)) from None
