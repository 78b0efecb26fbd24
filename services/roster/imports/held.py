"""Rows of what a mandate held: its groups and roles, each from a day to a day, all rows of one mandate together."""

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
class Spell:
    """One row; `group_id` or `role`. The last day is not part of it."""

    row: Row
    from_on: date
    to_on: date | None
    group_id: str | None = None
    role: str | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True)
class Held:
    """All that the workbook says of one mandate. Of what it has no rows for it says nothing."""

    spells: Sequence[Spell] = ()

    def on(self, day: date) -> dict[str, Any]:
        """As a request would have to bring it."""
        then = [one for one in self.spells if one.covers(day)]
        found: dict[str, Any] = {}
        if any(one.group_id for one in self.spells):
            found["group_id"] = next((one.group_id for one in then if one.group_id), None)
        if any(one.role for one in self.spells):
            found["roles"] = [one.role for one in then if one.role]
        return found

    def days(self, deputyship: Deputyship) -> list[date]:
        """Every day on which something began or ended, by the rows or on record, before the mandate ended."""
        if not self.spells:
            return []
        dated: list[Interval] = [*self.spells, *deputyship.group_history, *deputyship.role_history]
        bounds = [day for one in dated for day in (one.from_on, one.to_on) if day is not None]
        return sorted(day for day in set(bounds) if deputyship.ended_on is None or day < deputyship.ended_on)

    def at(self, day: date) -> Row:
        """The row that speaks of a day first."""
        return next((one.row for one in self.spells if day in (one.from_on, one.to_on)), self.spells[0].row)


async def read_held(work: Work, rows: Iterable[Row]) -> Held:
    """Errors: RowProblem where a row contradicts itself or another."""
    spells: list[Spell] = []
    for row in rows:
        spell = await _spell(work, row)
        for other in spells:
            if (
                spell.group_id
                and other.group_id
                and (spell.covers(other.from_on) or other.covers(spell.from_on))
            ):
                raise RowProblem("from_on", f"与第 {other.row.number} 行同一天编在两个小组", row)
        spells.append(spell)
    return Held(spells)


async def _spell(work: Work, row: Row) -> Spell:
    begun, over = row["from_on"], row["to_on"]
    if (row["group"] is None) == (row["role"] is None):
        raise RowProblem("group", "小组和职务一行填其中一项", row)
    if begun < row["started_on"]:
        raise RowProblem("from_on", f"起始日期 {begun} 早于任职日期 {row['started_on']}", row)
    if over is not None and over <= begun:
        raise RowProblem("to_on", f"结束日期 {over} 不晚于起始日期 {begun}", row)
    if row["role"] is not None:
        return Spell(row, begun, over, role=row["role"])
    group = await repository.group_numbered(work, row["group"])
    if group is None:
        raise RowProblem("group", f"没有第 {row['group']} 组", row)
    return Spell(row, begun, over, group_id=group.id)


async def stand(work: Work, deputyship: Deputyship, held: Held, day: date) -> Deputyship:
    """Group and roles from a day on as the rows say, unless they are; nothing is put in before what is on record."""
    wanted, patch = held.on(day), {}
    if "group_id" in wanted and wanted["group_id"] != group_on(deputyship, day):
        patch["group_id"] = wanted["group_id"]
    if "roles" in wanted and set(wanted["roles"]) != set(roles_on(deputyship, day)):
        patch["roles"] = wanted["roles"]
    if not patch:
        return deputyship
    recorded: list[Interval] = [*deputyship.group_history] if "group_id" in patch else []
    recorded += deputyship.role_history if "roles" in patch else []
    later = any(bound is not None and bound >= day for one in recorded for bound in (one.from_on, one.to_on))
    if deputyship.status == "ended" or later:
        raise RowProblem("from_on", _DIFFERS, held.at(day))
    try:
        body = checked(DeputyshipPatch, {**patch, "on": day})
        return await deputyships.change_deputyship(work, deputyship, body)
    except Problem as problem:
        message = problem.errors[0].message if problem.errors else str(problem)
        raise RowProblem("from_on", message, held.at(day)) from None
