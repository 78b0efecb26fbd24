"""The roster's use cases: one function each; what it writes and announces goes through its unit of work."""

import hashlib
from datetime import date

from pydantic import BaseModel

from services.roster import domain, repository, schemas
from services.roster.domain import Constituency, Deputyship, Group, Person, Station, Town
from services.roster.errors import DeputyshipExists, TownUnknown
from services.roster.events_in import ClosingRequested
from services.roster.repository import CONSTITUENCIES, DEPUTYSHIPS, GROUPS, PEOPLE, STATIONS, TOWNS
from shared import strokes
from shared.envelope import Event, canonical
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.work import Collection, R, Work


async def put_town(work: Work, body: schemas.TownIn) -> Town:
    """Register the town or change it; the same again changes nothing."""
    before = await work.get(TOWNS, work.town)
    town = Town(id=work.town, town=work.town, version=before.version if before else 0, **body.model_dump())
    if before is None:
        return work.create(TOWNS, town, "registered")
    return before if town == before else work.change(TOWNS, town, "changed")


async def correct_town(work: Work, town: Town, patch: BaseModel) -> Town:
    return _patched(work, TOWNS, town, patch)


async def register_person(work: Work, body: schemas.PersonIn) -> Person:
    await _town(work)
    return work.create(PEOPLE, Person(id=new_id(), town=work.town, **body.model_dump()), "registered")


async def correct_person(work: Work, person: Person, patch: BaseModel) -> Person:
    return _patched(work, PEOPLE, person, patch)


async def start_deputyship(work: Work, body: schemas.DeputyshipIn) -> Deputyship:
    town = await _town(work)
    await _must_exist(work, PEOPLE, body.person_id, "body.person_id", "人员")
    await _must_exist(work, GROUPS, body.group_id, "body.group_id", "代表小组")
    domain.check_entry(body.status, body.started_on, body.ended_on, body.ended_reason)
    fields = body.model_dump(exclude={"status", "ended_on", "ended_reason"})
    fields["congress_number"] = body.congress_number or town.congress_number
    deputyship = domain.start(Deputyship(id=new_id(), town=work.town, **fields))
    if body.ended_on is not None and body.ended_reason is not None:
        deputyship = domain.end(deputyship, reason=body.ended_reason, on=body.ended_on)
    await _no_overlap(work, deputyship)
    return work.create(DEPUTYSHIPS, deputyship, "started")


async def change_deputyship(work: Work, before: Deputyship, patch: schemas.DeputyshipPatch) -> Deputyship:
    """A first group or role that is not dated holds from the beginning; later changes from today."""
    sent, today = patch.model_fields_set, work.clock.today()
    after = before.model_copy(
        update={
            name: getattr(patch, name) for name in sent & {"congress_number", "constituency", "from_unit"}
        }
    )
    if "started_by" in sent:
        after = after.model_copy(update={"started_by": patch.started_by})
    if "started_on" in sent and patch.started_on != before.started_on:
        after = domain.redate(after, started_on=patch.started_on)
        await _no_overlap(work, after)
    if "group_id" in sent:
        await _must_exist(work, GROUPS, patch.group_id, "body.group_id", "代表小组")
        on = today if before.group_history else after.started_on
        after = domain.move(after, group_id=patch.group_id, on=patch.on or on)
    if "roles" in sent:
        on = today if before.role_history else after.started_on
        after = domain.appoint(after, roles=patch.roles, on=patch.on or on)
    return before if after == before else work.change(DEPUTYSHIPS, after, "changed")


async def end_deputyship(work: Work, deputyship: Deputyship, body: schemas.EndIn) -> Deputyship:
    return work.change(DEPUTYSHIPS, domain.end(deputyship, reason=body.reason, on=body.on), "ended")


async def suspend_deputyship(work: Work, deputyship: Deputyship, body: schemas.SuspendIn) -> Deputyship:
    return work.change(DEPUTYSHIPS, domain.suspend(deputyship, reason=body.reason, on=body.on), "suspended")


async def resume_deputyship(work: Work, deputyship: Deputyship, body: schemas.ResumeIn) -> Deputyship:
    return work.change(DEPUTYSHIPS, domain.resume(deputyship, on=body.on), "resumed")


async def form_group(work: Work, body: schemas.GroupIn) -> Group:
    await _town(work)
    await _must_exist(work, STATIONS, body.station_id, "body.station_id", "站点")
    await _must_exist(work, DEPUTYSHIPS, body.leader_deputyship_id, "body.leader_deputyship_id", "代表资格")
    domain.check_period(body.formed_on, body.dissolved_on, loc="body.dissolved_on")
    group = Group(id=new_id(), town=work.town, **body.model_dump(exclude={"leader_deputyship_id"}))
    group = domain.lead(group, deputyship_id=body.leader_deputyship_id, on=body.formed_on)
    return work.create(GROUPS, group, "formed")


async def change_group(work: Work, before: Group, patch: schemas.GroupPatch) -> Group:
    sent = patch.model_fields_set - {"on", "leader_deputyship_id"}
    await _must_exist(work, STATIONS, patch.station_id, "body.station_id", "站点")
    await _must_exist(work, DEPUTYSHIPS, patch.leader_deputyship_id, "body.leader_deputyship_id", "代表资格")
    after = Group.model_validate(before.model_dump() | {name: getattr(patch, name) for name in sent})
    domain.check_period(after.formed_on, after.dissolved_on, loc="body.dissolved_on")
    if "leader_deputyship_id" in patch.model_fields_set:
        on = work.clock.today() if before.leader_history else before.formed_on
        after = domain.lead(after, deputyship_id=patch.leader_deputyship_id, on=patch.on or on)
    return before if after == before else work.change(GROUPS, after, "changed")


async def open_station(work: Work, body: schemas.StationIn) -> Station:
    await _town(work)
    domain.check_period(body.opened_on, body.closed_on, loc="body.closed_on")
    return work.create(STATIONS, Station(id=new_id(), town=work.town, **body.model_dump()), "opened")


async def change_station(work: Work, before: Station, patch: BaseModel) -> Station:
    after = _patched(work, STATIONS, before, patch)
    domain.check_period(after.opened_on, after.closed_on, loc="body.closed_on")
    return after


async def draw_constituency(work: Work, body: schemas.ConstituencyIn) -> Constituency:
    await _town(work)
    constituency = Constituency(id=new_id(), town=work.town, **body.model_dump())
    return work.create(CONSTITUENCIES, constituency, "drawn")


async def change_constituency(work: Work, constituency: Constituency, patch: BaseModel) -> Constituency:
    return _patched(work, CONSTITUENCIES, constituency, patch)


async def roster_on(work: Work, day: date) -> schemas.RosterOn:
    """Every deputyship not over on `day`, in stroke order of names, then level; with a hash others can cite."""
    await _town(work)
    people = {person.id: person for person in await repository.all_people(work)}
    rows = [
        _row(deputyship, people[deputyship.person_id], status, day)
        for deputyship in await repository.all_deputyships(work)
        if (status := domain.status_on(deputyship, day)) in ("serving", "suspended")
    ]
    levels = ("city", "province", "county", "town")
    rows.sort(key=lambda row: (strokes.key(row.name), levels.index(row.level), row.constituency or ""))
    content = {
        "town": work.town,
        "as_of": day.isoformat(),
        "items": [row.model_dump(mode="json") for row in rows],
    }
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return schemas.RosterOn(town=work.town, as_of=day, items=rows, hash=digest)


async def seal_year(work: Work, request: ClosingRequested, _: Event) -> None:
    """State how far this service's records reach, for the closing that was asked for."""
    work.seal(closing_id=request.id, year=request.year, as_of=request.as_of, collections=repository.ALL)


def _row(deputyship: Deputyship, person: Person, status: domain.Status, day: date) -> schemas.DeputyRow:
    group = next((m.group_id for m in deputyship.group_history if domain.covers(m, day)), None)
    roles = [term.role for term in deputyship.role_history if domain.covers(term, day)]
    return schemas.DeputyRow(
        deputyship_id=deputyship.id,
        person_id=person.id,
        name=person.name,
        gender=person.gender,
        level=deputyship.level,
        status=status,
        constituency=deputyship.constituency,
        group_id=group,
        roles=roles,
    )


async def _town(work: Work) -> Town:
    town = await work.get(TOWNS, work.town)
    if town is None:
        raise TownUnknown(f"请先登记镇 {work.town} 的基本情况")
    return town


async def _must_exist(work: Work, collection: Collection[R], id: str | None, loc: str, what: str) -> None:
    if id is not None and await work.get(collection, id) is None:
        raise Invalid(f"{what}不存在：{id}", errors=[FieldError(loc, f"{what}不存在")])


async def _no_overlap(work: Work, new: Deputyship) -> None:
    others = await repository.deputyships_of(work, new.person_id, new.level)
    other = domain.overlapping(new, others)
    if other is not None:
        raise DeputyshipExists(f"与 {other.started_on} 开始的同级代表资格时间重叠")


def _patched(work: Work, collection: Collection[R], before: R, patch: BaseModel) -> R:
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    after = collection.model.model_validate(before.model_dump() | sent)
    return before if after == before else work.change(collection, after, "changed")
