"""The roster's Excel door: what each row of the office's workbook 名册 does. Columns stand in `sheets.py`."""

from typing import Any

from services.roster import repository
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import Person
from services.roster.errors import ImpossibleDate
from services.roster.handlers import deputyships, groups, people, places, towns
from services.roster.repository import GROUPS, TOWNS
from services.roster.schemas.deputyships import DeputyshipIn, DeputyshipPatch, EndIn
from services.roster.schemas.groups import GroupIn, GroupPatch
from services.roster.schemas.people import PersonIn
from services.roster.schemas.places import ConstituencyIn, StationIn
from services.roster.schemas.towns import TownIn
from services.roster.sheets import SHEETS
from shared.http import patch_of
from shared.imports import checked, done, filled
from shared.names import bare
from shared.work import Work
from shared.workbook import Done, ImportReport, Row, RowProblem, Step, import_rows, read

PersonPatch = patch_of(PersonIn)
StationPatch = patch_of(StationIn)
ConstituencyPatch = patch_of(ConstituencyIn)
TownPatch = patch_of(TownIn)


async def import_workbook(work: Work, data: bytes, *, dry_run: bool) -> ImportReport:
    return await import_rows(work, read(data, SHEETS), STEPS, dry_run=dry_run)


async def _town(work: Work, row: Row) -> Done:
    if row["code"] != work.town:
        raise RowProblem("code", f"这是 {row['code']} 的名册，不是 {work.town} 的")
    values = filled(row, "code")
    before = await work.get(TOWNS, work.town)
    if before is None:
        await towns.put_town(work, checked(TownIn, values))
        return "new"
    return done(before, await towns.correct_town(work, before, checked(TownPatch, values)))


async def _station(work: Work, row: Row) -> Done:
    before = await repository.station_named(work, row["name"])
    values = filled(row) | {"serves": list(row.many("serves"))}
    if (day := values.get("reception_day", "")).isdecimal():
        values["reception_day"] = int(day)
    if before is None:
        await places.open_station(work, checked(StationIn, values))
        return "new"
    return done(before, await places.change_station(work, before, checked(StationPatch, values)))


async def _constituency(work: Work, row: Row) -> Done:
    before = await repository.constituency_named(work, row["name"])
    values = filled(row) | {"villages": list(row.many("villages"))}
    if before is None:
        await places.draw_constituency(work, checked(ConstituencyIn, values))
        return "new"
    patch = checked(ConstituencyPatch, values)
    return done(before, await places.change_constituency(work, before, patch))


async def _group(work: Work, row: Row) -> Done:
    values = filled(row, "station") | {"rules": list(row.many("rules"))}
    if row["station"] is not None:
        station = await repository.station_named(work, row["station"])
        if station is None:
            raise RowProblem("station", f"没有名为“{row['station']}”的活动阵地")
        values["station_id"] = station.id
    before = await repository.group_numbered(work, row["number"])
    if before is None:
        await groups.form_group(work, checked(GroupIn, values))
        return "new"
    return done(before, await groups.change_group(work, before, checked(GroupPatch, values)))


async def _person(work: Work, row: Row) -> Done:
    before = await _named(work, row["name"], "name")
    if before is None:
        await people.register_person(work, checked(PersonIn, filled(row)))
        return "new"
    return done(before, await people.correct_person(work, before, checked(PersonPatch, filled(row))))


async def _deputyship(work: Work, row: Row) -> Done:
    person = await _named(work, row["person"], "person")
    if person is None:
        raise RowProblem("person", f"“人员”表中没有 {row['person']}")
    values = filled(row, "person", "group", "roles", "ended_on", "ended_reason")
    values |= {"roles": list(row.many("roles")), "group_id": await _group_id(work, row)}
    same = [d for d in await repository.deputyships_of(work, person.id, row["level"]) if _is(d, row)]
    if not same:
        values |= _ending(row)
        after = await deputyships.start_deputyship(
            work, checked(DeputyshipIn, values | {"person_id": person.id})
        )
        await _lead(work, after)
        return "new"
    before = same[0]
    after = before
    if before.status != "ended":
        patch = {name: value for name, value in values.items() if name not in ("level", "started_on")}
        after = await deputyships.change_deputyship(work, before, checked(DeputyshipPatch, patch))
        await _lead(work, after)
    return done(before, await _end(work, after, row))


async def _end(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """End what the row says is over. What is over already stays so: a workbook does not shorten history."""
    wanted = _ending(row)
    if deputyship.status == "ended":
        if (row["ended_on"], row["ended_reason"]) != (deputyship.ended_on, deputyship.ended_reason):
            raise RowProblem("ended_on", f"该代表资格已于 {deputyship.ended_on} 终止，不能改回或改期")
        return deputyship
    if not wanted:
        return deputyship
    body = EndIn(reason=row["ended_reason"], on=row["ended_on"])
    try:
        return await deputyships.end_deputyship(work, deputyship, body)
    except ImpossibleDate as problem:
        raise RowProblem("ended_on", problem.detail) from None


async def _lead(work: Work, deputyship: Deputyship) -> None:
    """组长 in the column of roles is the leader of the group as well."""
    if "group_leader" in deputyship.roles and deputyship.group_id is not None:
        group = await work.require(GROUPS, deputyship.group_id)
        since = max(term.from_on for term in deputyship.role_history if term.role == "group_leader")
        await groups.change_group(work, group, GroupPatch(leader_deputyship_id=deputyship.id, on=since))


async def _named(work: Work, written: str, field: str) -> Person | None:
    name = bare(written)
    found = await repository.people_named(work, name)
    if len(found) > 1:
        raise RowProblem(field, f"名册中有 {len(found)} 人叫 {name}，请在姓名后加括号区分")
    return found[0] if found else None


async def _group_id(work: Work, row: Row) -> str | None:
    if row["group"] is None:
        return None
    group = await repository.group_numbered(work, row["group"])
    if group is None:
        raise RowProblem("group", f"没有第 {row['group']} 组")
    return group.id


def _is(deputyship: Deputyship, row: Row) -> bool:
    return bool(deputyship.started_on == row["started_on"])


def _ending(row: Row) -> dict[str, Any]:
    day, reason = row["ended_on"], row["ended_reason"]
    if (day is None) != (reason is None):
        raise RowProblem(
            "ended_reason" if reason is None else "ended_on", "终止日期和终止原因须同时填写或同时空着"
        )
    return {} if day is None else {"status": "ended", "ended_on": day, "ended_reason": reason}


STEPS = (
    Step("镇情况", _town),
    Step("活动阵地", _station),
    Step("选区", _constituency),
    Step("代表小组", _group),
    Step("人员", _person),
    Step("代表资格", _deputyship),
)
