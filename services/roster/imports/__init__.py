"""The roster's Excel door: what each row of the office's workbook 名册 does. Columns stand in `sheets.py`."""

from typing import Any

from services.roster import repository
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import Person
from services.roster.errors import ImpossibleDate
from services.roster.handlers import deputyships, groups, office, people, places, terms, towns
from services.roster.imports.votes import by_election
from services.roster.repository import GROUPS, TOWNS
from services.roster.schemas.deputyships import DeputyshipIn, DeputyshipPatch, EndIn, ResignIn
from services.roster.schemas.groups import GroupIn, GroupPatch
from services.roster.schemas.office import OfficeIn
from services.roster.schemas.people import PersonIn
from services.roster.schemas.places import ConstituencyIn, StationIn
from services.roster.schemas.terms import TermIn
from services.roster.schemas.towns import TownIn
from services.roster.sheets import SHEETS
from shared.http import patch_of
from shared.imports import checked, done, filled
from shared.names import bare
from shared.work import Work
from shared.workbook import Done, ImportReport, Row, RowProblem, Sheaf, Step, import_rows, read

PersonPatch = patch_of(PersonIn)
StationPatch = patch_of(StationIn)
ConstituencyPatch = patch_of(ConstituencyIn)
TownPatch = patch_of(TownIn)
TermPatch = patch_of(TermIn)
OfficePatch = patch_of(OfficeIn)
_PARTING = ("ended_on", "ended_reason", "requested_on", "accepted_on", "accepted_by_session")


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


async def _term(work: Work, row: Row) -> Done:
    before = await repository.term_numbered(work, row["congress_number"])
    if before is None:
        await terms.open_term(work, checked(TermIn, filled(row)))
        return "new"
    return done(before, await terms.change_term(work, before, checked(TermPatch, filled(row))))


async def _office(work: Work, row: Row) -> Done:
    before = await repository.office_of(work, row["year"])
    if before is None:
        await office.record_office(work, checked(OfficeIn, filled(row)))
        return "new"
    return done(before, await office.change_office(work, before, checked(OfficePatch, filled(row))))


async def _deputyship(work: Work, row: Row) -> Done:
    person = await _named(work, row["person"], "person")
    if person is None:
        raise RowProblem("person", f"“人员”表中没有 {row['person']}")
    values = filled(row, "person", "group", "roles", *_PARTING, "elected_on")
    values |= {"roles": list(row.many("roles")), "group_id": await _group_id(work, row)}
    values |= await _by_election_id(work, row)
    same = [d for d in await repository.deputyships_of(work, person.id, row["level"]) if _is(d, row)]
    if not same:
        resigns = row["requested_on"] is not None or row["accepted_on"] is not None
        values |= {"person_id": person.id} | ({} if resigns else _ending(row))
        after = await deputyships.start_deputyship(work, checked(DeputyshipIn, values))
        await _lead(work, after)
        if resigns:
            await _end(work, await _resign(work, after, row), row)
        return "new"
    before = same[0]
    after = before
    if before.status != "ended":
        patch = {name: value for name, value in values.items() if name not in ("level", "started_on")}
        after = await deputyships.change_deputyship(work, before, checked(DeputyshipPatch, patch))
        await _lead(work, after)
    after = await _resign(work, after, row)
    return done(before, await _end(work, after, row))


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


STEPS: tuple[Step | Sheaf, ...] = (
    Step("镇情况", _town),
    Step("活动阵地", _station),
    Step("选区", _constituency),
    Step("届次", _term),
    Step("机构和经费", _office),
    Step("代表小组", _group),
    Step("人员", _person),
    Sheaf("补选", ("constituency", "held_on"), by_election),
    Step("代表资格", _deputyship),
)
