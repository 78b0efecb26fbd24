"""The roster's HTTP door: parse, call one use case, answer."""

import structlog

from services.roster import handlers, imports, schemas
from services.roster.domain import Person
from services.roster.integrity import CHECKS
from services.roster.repository import CONSTITUENCIES, DEPUTYSHIPS, GROUPS, PEOPLE, STATIONS, TOWNS
from services.roster.schemas import masked
from shared.auth import Actor
from shared.feed import add_feeds
from shared.heads import add_heads
from shared.http import EVERYONE, Api, Call, Reply, patch_of
from shared.imports import add_imports
from shared.integrity import add_integrity
from shared.letters import add_dead_letters
from shared.rebuilding import add_rebuild
from shared.workbook import ImportReport

OFFICE = {"office"}

log = structlog.get_logger(__name__)

api = Api("roster")


def shown(person: Person, actor: Actor) -> Person:
    """Phone and ID number in full for the town's office only, and every such reading leaves a line in the log."""
    if not actor.has("office"):
        return masked(person)
    if person.phone or person.id_number:
        log.info("personal data read", person=person.id, reader=actor.sub)
    return person


@api.route("PUT", "/towns/{town}", roles=OFFICE, body=schemas.TownIn)
async def put_town(call: Call) -> Reply[schemas.TownOut]:
    """登记镇的基本情况和规则包，或者整份修改。"""
    before = await call.work.get(TOWNS, call.town)
    if before is not None:
        call.condition.check(before.version)
    town = await handlers.put_town(call.work, call.body)
    out = schemas.TownOut.model_validate(town.model_dump())
    return Reply(out, status=201 if before is None else 200, version=town.version)


@api.route("GET", "/towns/{town}", roles=EVERYONE)
async def get_town(call: Call) -> Reply[schemas.TownOut]:
    """镇的基本情况。"""
    town = await call.work.require(TOWNS, call.town)
    return Reply(schemas.TownOut.model_validate(town.model_dump()), version=town.version)


@api.route("PATCH", "/towns/{town}", roles=OFFICE, body=patch_of(schemas.TownIn))
async def patch_town(call: Call) -> Reply[schemas.TownOut]:
    """修改镇的基本情况中的几项。"""
    before = await call.work.require(TOWNS, call.town)
    call.condition.check(before.version)
    town = await handlers.correct_town(call.work, before, call.body)
    return Reply(schemas.TownOut.model_validate(town.model_dump()), version=town.version)


@api.route("GET", "/towns/{town}/deputies", roles=EVERYONE, query=schemas.AsOf)
async def deputies_on(call: Call) -> schemas.RosterOn:
    """某一天的代表名册（默认今天），按姓氏笔画排列，附散列值备查。"""
    return await handlers.roster_on(call.work, call.query.as_of or call.work.clock.today())


api.resource(
    "people",
    PEOPLE,
    body=schemas.PersonIn,
    create=handlers.register_person,
    change=handlers.correct_person,
    view=shown,
    filters=("name",),
    read=EVERYONE,
    write=OFFICE,
)
api.resource(
    "deputyships",
    DEPUTYSHIPS,
    body=schemas.DeputyshipIn,
    patch=schemas.DeputyshipPatch,
    create=handlers.start_deputyship,
    change=handlers.change_deputyship,
    filters=("person_id", "level", "status", "group_id"),
    read=EVERYONE,
    write=OFFICE,
)
api.command("deputyships", DEPUTYSHIPS, "end", schemas.EndIn, handlers.end_deputyship, write=OFFICE)
api.command(
    "deputyships", DEPUTYSHIPS, "suspend", schemas.SuspendIn, handlers.suspend_deputyship, write=OFFICE
)
api.command("deputyships", DEPUTYSHIPS, "resume", schemas.ResumeIn, handlers.resume_deputyship, write=OFFICE)
api.resource(
    "groups",
    GROUPS,
    body=schemas.GroupIn,
    patch=schemas.GroupPatch,
    create=handlers.form_group,
    change=handlers.change_group,
    filters=("number", "level"),
    read=EVERYONE,
    write=OFFICE,
)
api.resource(
    "stations",
    STATIONS,
    body=schemas.StationIn,
    create=handlers.open_station,
    change=handlers.change_station,
    filters=("name", "kind"),
    read=EVERYONE,
    write=OFFICE,
)
api.resource(
    "constituencies",
    CONSTITUENCIES,
    body=schemas.ConstituencyIn,
    create=handlers.draw_constituency,
    change=handlers.change_constituency,
    filters=("name",),
    read=EVERYONE,
    write=OFFICE,
)


async def _import(call: Call) -> ImportReport:
    return await imports.import_workbook(call.work, call.body.data, dry_run=call.query.dry_run)


add_imports(
    api,
    _import,
    roles=OFFICE,
    summary="导入名册工作簿（.xlsx）：逐行报告新增、修改、不变或有误；有一处错误就一行也不写入。",
)
add_feeds(api)
add_dead_letters(api)
add_heads(api)
add_rebuild(api)
add_integrity(api, CHECKS)
