"""Rows of mandates in the workbook 名册: how each began, was paused and went on, was given up and ended."""

from collections.abc import Awaitable
from datetime import date
from typing import Any, Final

from services.roster import repository
from services.roster.domain.deputyships import Deputyship, Suspension
from services.roster.domain.people import Person
from services.roster.errors import ImpossibleDate
from services.roster.handlers import deputyships, groups
from services.roster.repository import GROUPS
from services.roster.schemas.deputyships import (
    DeputyshipIn,
    DeputyshipPatch,
    EndIn,
    ResignIn,
    ResumeIn,
    SuspendIn,
)
from services.roster.schemas.groups import GroupPatch
from shared.errors import Problem
from shared.imports import checked, done, filled
from shared.names import bare
from shared.work import Work
from shared.workbook import Done, Row, RowProblem

_PAUSED: Final = ("suspended_on", "suspended_for", "resumed_on")
_PARTING: Final = ("ended_on", "ended_reason", "requested_on", "accepted_on", "accepted_by_session")


async def deputyship(work: Work, row: Row) -> Done:
    person = await named(work, row["person"], "person")
    if person is None:
        raise RowProblem("person", f"“人员”表中没有 {row['person']}")
    _check_pause(row)
    values = filled(row, "person", "group", *_PAUSED, *_PARTING, "elected_on", "changed_on")
    values |= await _group_id(work, row) | await _by_election_id(work, row)
    same = [d for d in await repository.deputyships_of(work, person.id, row["level"]) if _is(d, row)]
    before = same[0] if same else None
    after = await (
        _started(work, person, row, values) if before is None else _changed(work, before, row, values)
    )
    after = await _paused(work, after, row)
    after = await _end(work, await _resign(work, after, row), row)
    if after.status != "ended":
        await _lead(work, after)
    return done(before, after)


async def _started(work: Work, person: Person, row: Row, values: dict[str, Any]) -> Deputyship:
    """What is over is entered so at once, unless something happened before its end."""
    lasted = any(
        row[name] is not None for name in ("suspended_on", "requested_on", "accepted_on", "changed_on")
    )
    values |= {"person_id": person.id} | ({} if lasted else _ending(row))
    if row["changed_on"] is None:
        return await deputyships.start_deputyship(work, checked(DeputyshipIn, values))
    held: dict[str, Any] = {name: values.pop(name) for name in ("group_id", "roles") if name in values}
    begun = await deputyships.start_deputyship(work, checked(DeputyshipIn, values))
    return await _moved(work, begun, row, held)


async def _changed(work: Work, before: Deputyship, row: Row, values: dict[str, Any]) -> Deputyship:
    if before.status == "ended":
        return before
    patch = {name: value for name, value in values.items() if name not in ("level", "started_on")}
    return await _moved(work, before, row, patch)


async def _moved(work: Work, before: Deputyship, row: Row, patch: dict[str, Any]) -> Deputyship:
    """A change of group or role on the day the row says, or today."""
    on = row["changed_on"]
    if on is None:
        return await deputyships.change_deputyship(work, before, checked(DeputyshipPatch, patch))
    if on < row["started_on"]:
        raise RowProblem("changed_on", f"调整日期 {on} 早于任职日期 {row['started_on']}")
    body = checked(DeputyshipPatch, {**patch, "on": on})
    return await _taken("changed_on", deputyships.change_deputyship(work, before, body))


def _check_pause(row: Row) -> None:
    """What the cells of a suspension say must hang together, before anything is entered."""
    on, resumed, ended = row["suspended_on"], row["resumed_on"], row["ended_on"]
    if on is None:
        for field, what in (("suspended_for", "暂停原因"), ("resumed_on", "恢复日期")):
            if row[field] is not None:
                raise RowProblem(field, f"填写了{what}，须同时填写暂停日期")
        return
    if row["suspended_for"] is None:
        raise RowProblem("suspended_for", "填写了暂停日期，须写明暂停原因")
    if on < row["started_on"]:
        raise RowProblem("suspended_on", f"暂停日期 {on} 早于任职日期 {row['started_on']}")
    if resumed is not None and resumed < on:
        raise RowProblem("resumed_on", f"恢复日期 {resumed} 早于暂停日期 {on}")
    for field, what, day in (("suspended_on", "暂停", on), ("resumed_on", "恢复", resumed)):
        if ended is not None and day is not None and day > ended:
            raise RowProblem(field, f"{what}日期 {day} 晚于终止日期 {ended}")


async def _paused(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """The suspension of the row's day: entered, or resumed. What is on record stays."""
    on, reason = row["suspended_on"], row["suspended_for"]
    if on is None:
        return deputyship
    known = next((one for one in deputyship.suspensions if one.from_on == on), None)
    if known is None:
        if deputyship.status == "ended":
            raise RowProblem("suspended_on", "代表资格已经终止，不能再登记暂停")
        deputyship = await _taken(
            "suspended_on", deputyships.suspend_deputyship(work, deputyship, SuspendIn(on=on, reason=reason))
        )
    elif known.reason != reason:
        raise RowProblem("suspended_for", f"系统中 {on} 起的暂停登记的是另一原因，不能改")
    return await _resumed(work, deputyship, known, row["resumed_on"])


async def _resumed(
    work: Work, deputyship: Deputyship, known: Suspension | None, day: date | None
) -> Deputyship:
    if day is None or (known is not None and known.to_on == day):
        return deputyship
    if known is not None and known.to_on is not None:
        raise RowProblem("resumed_on", f"系统中这次暂停已于 {known.to_on} 结束，不能改期")
    return await _taken("resumed_on", deputyships.resume_deputyship(work, deputyship, ResumeIn(on=day)))


async def _taken(field: str, step: Awaitable[Deputyship]) -> Deputyship:
    try:
        return await step
    except Problem as problem:
        message = problem.errors[0].message if problem.errors else str(problem)
        raise RowProblem(field, message) from None


async def _resign(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """Enter a request that is not on record yet."""
    day = row["requested_on"]
    if day is None or any(one.requested_on == day for one in deputyship.resignations):
        return deputyship
    if deputyship.status == "ended":
        raise RowProblem("requested_on", "代表资格已经终止，不能再登记提出辞职")
    return await deputyships.resign_deputyship(work, deputyship, ResignIn(requested_on=day))


async def _end(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """End what the row says is over. What is over already stays so: a workbook does not shorten history."""
    wanted = _ending(row)
    if deputyship.status == "ended":
        if (row["ended_on"], row["ended_reason"]) != (deputyship.ended_on, deputyship.ended_reason):
            raise RowProblem("ended_on", f"该代表资格已于 {deputyship.ended_on} 终止，不能改回或改期")
        return await _accept(work, deputyship, row)
    if not wanted:
        if row["accepted_on"] is not None and not _accepted(deputyship, row):
            raise RowProblem("accepted_on", "接受辞职的，须同时填写终止日期和终止原因")
        return deputyship
    body = checked(EndIn, {"reason": row["ended_reason"], "on": row["ended_on"], **_acceptance(row)})
    try:
        return await deputyships.end_deputyship(work, deputyship, body)
    except ImpossibleDate as problem:
        if problem.errors[0].loc != "body.on":
            raise
        raise RowProblem("ended_on", problem.detail) from None


async def _accept(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """Complete a resignation that ended a mandate without. What is on record stays."""
    if row["accepted_on"] is None or _accepted(deputyship, row):
        return deputyship
    return await deputyships.change_deputyship(work, deputyship, checked(DeputyshipPatch, _acceptance(row)))


def _accepted(deputyship: Deputyship, row: Row) -> bool:
    return any(
        (one.outcome, one.settled_on) == ("accepted", row["accepted_on"]) for one in deputyship.resignations
    )


def _acceptance(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("accepted_on", "accepted_by_session") if row[name] is not None}


async def _by_election_id(work: Work, row: Row) -> dict[str, Any]:
    if row["elected_on"] is None:
        return {}
    election = await repository.by_election_on(work, row["constituency"] or "", row["elected_on"])
    if election is None:
        raise RowProblem("elected_on", "“补选”中没有该选区这一天的投票")
    return {"by_election_id": election.id}


async def _lead(work: Work, deputyship: Deputyship) -> None:
    """组长 in the column of roles is the leader of the group as well."""
    if "group_leader" in deputyship.roles and deputyship.group_id is not None:
        group = await work.require(GROUPS, deputyship.group_id)
        since = max(term.from_on for term in deputyship.role_history if term.role == "group_leader")
        await groups.change_group(work, group, GroupPatch(leader_deputyship_id=deputyship.id, on=since))


async def named(work: Work, written: str, field: str) -> Person | None:
    name = bare(written)
    found = await repository.people_named(work, name)
    if len(found) > 1:
        raise RowProblem(field, f"名册中有 {len(found)} 人叫 {name}，请在姓名后加括号区分")
    return found[0] if found else None


async def _group_id(work: Work, row: Row) -> dict[str, Any]:
    if row["group"] is None:
        return {}
    group = await repository.group_numbered(work, row["group"])
    if group is None:
        raise RowProblem("group", f"没有第 {row['group']} 组")
    return {"group_id": group.id}


def _is(deputyship: Deputyship, row: Row) -> bool:
    return bool(deputyship.started_on == row["started_on"])


def _ending(row: Row) -> dict[str, Any]:
    day, reason = row["ended_on"], row["ended_reason"]
    if (day is None) != (reason is None):
        raise RowProblem(
            "ended_reason" if reason is None else "ended_on", "终止日期和终止原因须同时填写或同时空着"
        )
    return {} if day is None else {"status": "ended", "ended_on": day, "ended_reason": reason}
