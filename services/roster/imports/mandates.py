"""Rows of the sheet 代表资格: start, groups and roles, suspension and end of each mandate."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any, Final

from services.roster import repository
from services.roster.domain.deputyships import Deputyship, Suspension
from services.roster.domain.people import Person
from services.roster.handlers import deputyships, groups
from services.roster.imports.endings import END_FIELDS, end, ending, resign
from services.roster.imports.lookups import named, recorded
from services.roster.imports.seats import Seats
from services.roster.imports.tenures import SHEET, Tenures, apply_tenures, read_tenures
from services.roster.repository import GROUPS
from services.roster.schemas.deputyships import (
    DeputyshipIn,
    DeputyshipPatch,
    ResumeIn,
    SuspendIn,
    VoidIn,
)
from services.roster.schemas.groups import GroupPatch
from shared.chinese.characters import key
from shared.chinese.names import short_id
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem, RowWaits, Workbook

_APART: Final = ("elected_on", "changed_on", "void_reason")
_SUSPENSION_FIELDS: Final = ("suspended_on", "suspended_for", "resumed_on")


MandateKey = tuple[str, Any, Any]
"""Key of a mandate in a row: person, level, first day."""


@dataclass
class MandateRows:
    """Import of one workbook's mandates. `before`: state before the import of those with rows of groups and roles."""

    book: Workbook
    before: dict[str, Deputyship | None] = field(default_factory=dict)

    @cached_property
    def seats(self) -> Seats:
        return Seats(self.book)

    @cached_property
    def rows(self) -> dict[MandateKey, list[Row]]:
        """Valid rows of groups and roles by mandate."""
        rows: dict[MandateKey, list[Row]] = {}
        for row in self.book.rows(SHEET):
            if self.book.sound(row):
                rows.setdefault(_key(row), []).append(row)
        return rows

    async def deputyship(self, work: Work, row: Row) -> Done:
        person = await named(work, row["person"], "person")
        if person is None:
            raise no_person(row)
        check_suspension(row)
        rows = self.rows.get(_key(row), [])
        before = await recorded(work, person, row)
        if row["void_reason"] is not None:
            return await _voided(work, before, row)
        if before is None:
            await self.seats.ask(work, person, row)
        try:
            tenures = await read_tenures(work, rows)
            after = await _entered(work, person, before, row, tenures)
            after = await _with_history(work, after, row, tenures)
        except RowProblem as problem:
            if problem.row is None or problem.row.sheet == row.sheet:
                raise
            raise RowWaits from None  # reported at that row, when its sheet is applied
        after = await end(work, await resign(work, after, row), row)
        await _lead(work, before, after)
        if rows:
            self.before[after.id] = before
        return done(before, after)

    async def tenures(self, work: Work, rows: Sequence[Row]) -> Done:
        """Result of the rows of groups and roles; they are applied here where the mandate itself has no row."""
        first = rows[0]
        tenures, person = await read_tenures(work, rows), await named(work, first["person"], "person")
        mandate = await recorded(work, person, first) if person is not None else None
        if mandate is None:
            refers = ("代表资格", first["person"], first["level"], first["started_on"])
            raise RowProblem("person", "没有这项代表资格", first, refers=refers)
        before, after = self.before.get(mandate.id, mandate), mandate
        for day in tenures.days(after):
            after = await apply_tenures(work, after, tenures, day)
        await _lead(work, before, after)
        if before is None:
            return "new"
        same = (before.group_history, before.role_history) == (after.group_history, after.role_history)
        return "unchanged" if same else "changed"


def no_person(row: Row) -> RowProblem:
    return RowProblem("person", f"“人员”表中没有 {row['person']}", refers=("人员", row["person"]))


def _key(row: Row) -> MandateKey:
    return key(row["person"] or ""), row["level"], row["started_on"]


async def _voided(work: Work, before: Deputyship | None, row: Row) -> Done:
    if before is None:
        raise RowProblem("void_reason", "系统中没有这项代表资格，不用作废，请删去这一行")
    if before.status == "voided":
        return "unchanged"
    return done(before, await deputyships.void_deputyship(work, before, VoidIn(reason=row["void_reason"])))


async def _entered(
    work: Work, person: Person, before: Deputyship | None, row: Row, tenures: Tenures
) -> Deputyship:
    values = filled(row, "person", "group", *_SUSPENSION_FIELDS, *END_FIELDS, *_APART)
    values |= await group_id(work, row) | await by_election_id(work, row)
    if tenures.items:
        for name, label in (("changed_on", "调整日期"), ("group", "小组"), ("roles", "职务")):
            if row[name] and (name == "changed_on" or not _agrees(tenures, name, values)):
                raise RowProblem(name, f"{label}与“{SHEET}”表所写的不一致")
        values |= tenures.on(row["started_on"])
    if before is None:
        return await _started(work, person, row, values, tenures)
    if tenures.items:
        values = {name: value for name, value in values.items() if name not in ("group_id", "roles")}
    return await _changed(work, before, row, values)


def _agrees(tenures: Tenures, name: str, values: dict[str, Any]) -> bool:
    """Whether the cell equals the state after the last row."""
    now = tenures.on(date.max)
    if name == "group":
        return "group_id" not in now or now["group_id"] == values["group_id"]
    return "roles" not in now or set(now["roles"]) == set(values["roles"])


async def _started(
    work: Work, person: Person, row: Row, values: dict[str, Any], tenures: Tenures
) -> Deputyship:
    """Start a mandate; one that has ended is entered with its end, unless the row has changes before it."""
    lasted = tenures.items or any(
        row[name] is not None for name in ("suspended_on", "requested_on", "accepted_on", "changed_on")
    )
    values |= {"person_id": person.id} | ({} if lasted else ending(row))
    if row["changed_on"] is None:
        return await deputyships.start_deputyship(work, checked(DeputyshipIn, values))
    later: dict[str, Any] = {name: values.pop(name) for name in ("group_id", "roles") if name in values}
    started = await deputyships.start_deputyship(work, checked(DeputyshipIn, values))
    return await _moved(work, started, row, later)


async def _changed(work: Work, before: Deputyship, row: Row, values: dict[str, Any]) -> Deputyship:
    """Of a mandate that has ended, only its number and first day are corrected."""
    same = {"level"}
    if values["started_on"] == before.started_on:
        same.add("started_on")
    if values.get("reference") in (before.id, short_id(before.id), before.reference):
        same.add("reference")
    patch = {name: value for name, value in values.items() if name not in same}
    if before.status == "ended":
        patch = {name: value for name, value in patch.items() if name in ("started_on", "reference")}
        return await deputyships.change_deputyship(work, before, checked(DeputyshipPatch, patch))
    return await _moved(work, before, row, patch)


async def _moved(work: Work, before: Deputyship, row: Row, patch: dict[str, Any]) -> Deputyship:
    """Change group or roles on the row's day, or today."""
    on = row["changed_on"]
    if on is None:
        return await deputyships.change_deputyship(work, before, checked(DeputyshipPatch, patch))
    if on < row["started_on"]:
        raise RowProblem("changed_on", f"调整日期 {on} 早于任职日期 {row['started_on']}")
    body = checked(DeputyshipPatch, {**patch, "on": on})
    return await _at_field("changed_on", deputyships.change_deputyship(work, before, body))


def check_suspension(row: Row) -> None:
    """The cells of a suspension must be consistent, before anything is entered."""
    on, resumed, ended = row["suspended_on"], row["resumed_on"], row["ended_on"]
    if on is None:
        for field, label in (("suspended_for", "暂停原因"), ("resumed_on", "恢复日期")):
            if row[field] is not None:
                raise RowProblem(field, f"填写了{label}，须同时填写暂停日期")
        return
    if row["suspended_for"] is None:
        raise RowProblem("suspended_for", "填写了暂停日期，须写明暂停原因")
    if on < row["started_on"]:
        raise RowProblem("suspended_on", f"暂停日期 {on} 早于任职日期 {row['started_on']}")
    if resumed is not None and resumed < on:
        raise RowProblem("resumed_on", f"恢复日期 {resumed} 早于暂停日期 {on}")
    for field, label, day in (("suspended_on", "暂停", on), ("resumed_on", "恢复", resumed)):
        if ended is not None and day is not None and day > ended:
            raise RowProblem(field, f"{label}日期 {day} 晚于终止日期 {ended}")


async def _with_history(work: Work, deputyship: Deputyship, row: Row, tenures: Tenures) -> Deputyship:
    """Apply groups, roles and the suspension of the row in the order of their days."""
    steps: list[tuple[date, Callable[[Deputyship], Awaitable[Deputyship]]]] = [
        (day, partial(_with_tenures, work, tenures, day)) for day in tenures.days(deputyship)
    ]
    for name, step in (("suspended_on", _suspended), ("resumed_on", _resumed)):
        if row[name] is not None:
            steps.append((row[name], partial(step, work, row)))
    for _, take in sorted(steps, key=lambda dated: dated[0]):
        deputyship = await take(deputyship)
    return deputyship


async def _with_tenures(work: Work, tenures: Tenures, day: date, deputyship: Deputyship) -> Deputyship:
    return await apply_tenures(work, deputyship, tenures, day)


async def _suspended(work: Work, row: Row, deputyship: Deputyship) -> Deputyship:
    """Suspend, unless recorded. Errors: RowProblem where the record has another reason."""
    on, reason = row["suspended_on"], row["suspended_for"]
    recorded = _suspension(deputyship, on)
    if recorded is None:
        if deputyship.status == "ended":
            raise RowProblem("suspended_on", "代表资格已经终止，不能再登记暂停")
        body = SuspendIn(on=on, reason=reason)
        return await _at_field("suspended_on", deputyships.suspend_deputyship(work, deputyship, body))
    if recorded.reason != reason:
        raise RowProblem("suspended_for", f"系统中 {on} 起的暂停登记的是另一原因，不能改")
    return deputyship


async def _resumed(work: Work, row: Row, deputyship: Deputyship) -> Deputyship:
    day, recorded = row["resumed_on"], _suspension(deputyship, row["suspended_on"])
    if recorded is None or recorded.to_on == day:
        return deputyship
    if recorded.to_on is not None:
        raise RowProblem("resumed_on", f"系统中这次暂停已于 {recorded.to_on} 结束，不能改期")
    return await _at_field("resumed_on", deputyships.resume_deputyship(work, deputyship, ResumeIn(on=day)))


def _suspension(deputyship: Deputyship, on: date) -> Suspension | None:
    return next((suspension for suspension in deputyship.suspensions if suspension.from_on == on), None)


async def _at_field(field: str, step: Awaitable[Deputyship]) -> Deputyship:
    try:
        return await step
    except Problem as problem:
        message = problem.errors[0].message if problem.errors else str(problem)
        raise RowProblem(field, message) from None


async def by_election_id(work: Work, row: Row) -> dict[str, Any]:
    if row["elected_on"] is None:
        return {}
    election = await repository.by_election_on(work, row["constituency"] or "", row["elected_on"])
    if election is None:
        refers = ("补选", row["constituency"], row["elected_on"])
        raise RowProblem("elected_on", "“补选”中没有该选区这一天的投票", refers=refers)
    return {"by_election_id": election.id}


async def _lead(work: Work, before: Deputyship | None, after: Deputyship) -> None:
    """Make the holder of a new role 组长 the group's leader; of an old one, only where the group has no leader."""
    if "group_leader" not in after.roles or after.group_id is None:
        return
    group = await work.require(GROUPS, after.group_id)
    led = before is not None and (before.group_id, "group_leader" in before.roles) == (after.group_id, True)
    if group.leader_deputyship_id is None or not led:
        since = max(term.from_on for term in after.role_history if term.role == "group_leader")
        await groups.change_group(work, group, GroupPatch(leader_deputyship_id=after.id, on=since))


async def group_id(work: Work, row: Row) -> dict[str, Any]:
    if row["group"] is None:
        return {}
    group = await repository.group_numbered(work, row["group"])
    if group is None:
        raise RowProblem("group", f"没有第 {row['group']} 组", refers=("代表小组", row["group"]))
    return {"group_id": group.id}
