"""The roster's HTTP door: parse, call one use case, answer."""

from functools import partial

from services.roster import exports, imports, repository
from services.roster.handlers import (
    deputyships,
    groups,
    places,
    roster,
    rule_packs,
    towns,
)
from services.roster.integrity import CHECKS
from services.roster.repository import (
    CONSTITUENCIES,
    DEPUTYSHIPS,
    GROUPS,
    STATIONS,
    TOWNS,
)
from services.roster.routes import congress, people
from services.roster.routes.door import OFFICE, api
from services.roster.schemas.deputyships import (
    DeputyshipIn,
    DeputyshipPatch,
    EndIn,
    ResignIn,
    ResumeIn,
    SuspendIn,
)
from services.roster.schemas.groups import GroupIn, GroupPatch
from services.roster.schemas.places import ConstituencyIn, StationIn
from services.roster.schemas.roster import AsOf, RosterOn
from services.roster.schemas.rule_packs import (
    OnDay,
    PushedPack,
    PushedPackIn,
    PushedTown,
    RulePacksIn,
    RulePacksOut,
)
from services.roster.schemas.towns import TownIn, TownOut
from services.roster.sheets import SHEETS
from shared.endpoints.dead_letters import add_dead_letters
from shared.endpoints.exports import add_exports
from shared.endpoints.feed import add_feeds
from shared.endpoints.heads import add_heads
from shared.endpoints.imports import add_imports
from shared.endpoints.integrity import add_integrity
from shared.endpoints.rebuild import add_rebuild
from shared.http import EVERYONE, Call, Order, Reply, add_command, add_resource, patch_of
from shared.workbook import ImportReport, Rows

__all__ = ["api", "congress", "people"]


@api.route("PUT", "/towns/{town}", roles=OFFICE, body=TownIn)
async def put_town(call: Call) -> Reply[TownOut]:
    """登记镇的基本情况和规则包，或者整份修改。"""
    before = await call.work.get(TOWNS, call.town)
    if before is not None:
        call.condition.check(before.version)
    town = await towns.put_town(call.work, call.body)
    out = TownOut.model_validate(town.model_dump())
    return Reply(out, status=201 if before is None else 200, version=town.version)


@api.route("GET", "/towns/{town}", roles=EVERYONE)
async def get_town(call: Call) -> Reply[TownOut]:
    """镇的基本情况。"""
    town = await call.work.require(TOWNS, call.town)
    return Reply(TownOut.model_validate(town.model_dump()), version=town.version)


@api.route("PATCH", "/towns/{town}", roles=OFFICE, body=patch_of(TownIn))
async def patch_town(call: Call) -> Reply[TownOut]:
    """修改镇的基本情况中的几项。"""
    before = await call.work.require(TOWNS, call.town)
    call.condition.check(before.version)
    town = await towns.correct_town(call.work, before, call.body)
    return Reply(TownOut.model_validate(town.model_dump()), version=town.version)


@api.route("GET", "/towns/{town}/rule_packs", roles=EVERYONE, query=OnDay)
async def get_rule_packs(call: Call) -> Reply[RulePacksOut]:
    """本镇的规则包（自订的和上级下发的），以及某一天（默认今天）起作用的规则。"""
    town = await call.work.require(TOWNS, call.town)
    on = call.query.on or call.work.clock.today()
    return Reply(RulePacksOut.of(town, on), version=town.version)


@api.route("PUT", "/towns/{town}/rule_packs", roles=OFFICE, body=RulePacksIn)
async def put_rule_packs(call: Call) -> Reply[RulePacksOut]:
    """整份更换本镇自订的规则包；上级下发的不动。"""
    before = await call.work.require(TOWNS, call.town)
    call.condition.check(before.version)
    town = await rule_packs.put_packs(call.work, before, call.body.packs())
    return Reply(RulePacksOut.of(town, call.work.clock.today()), version=town.version)


@api.route(
    "PUT",
    "/areas/{prefix}/rule_packs/{id}",
    roles={"county"},
    body=PushedPackIn,
    commits=False,
    guarded=False,
)
async def push_rule_pack(call: Call) -> PushedPack:
    """向辖区内每个镇下发一个规则包：已登记的逐镇生效，以后登记的登记时即有；中断后重发即可，已有的镇不变。"""
    prefix, pack, items = call.path["prefix"], call.body.pack(call.path["id"], call.path["prefix"]), []
    await call.store.execute(
        town=prefix, actor=call.actor.sub, run=partial(rule_packs.keep_pushed, pack=pack)
    )
    for town in await repository.towns_below(call.work.reader, prefix):
        run = partial(rule_packs.push_pack, pack=pack)
        outcome = await call.store.execute(town=town, actor=call.actor.sub, run=run)
        assert isinstance(outcome, PushedTown)  # no key was given under which an answer could be stored
        items.append(outcome)
    return PushedPack(pack=pack, items=items)


@api.route("GET", "/towns/{town}/deputies", roles=EVERYONE, query=AsOf)
async def deputies_on(call: Call) -> RosterOn:
    """某一天的代表名册（默认今天），按姓氏笔画排列，附散列值备查。"""
    return await roster.roster_on(call.work, call.query.as_of or call.work.clock.today())


add_resource(
    api,
    "deputyships",
    DEPUTYSHIPS,
    body=DeputyshipIn,
    patch=DeputyshipPatch,
    create=deputyships.start_deputyship,
    change=deputyships.change_deputyship,
    equals=("person_id", "level", "status", "group_id"),
    order=Order("strokes", deputyships.in_stroke_order),
    read=EVERYONE,
    write=OFFICE,
)
add_command(api, "deputyships", DEPUTYSHIPS, "resign", ResignIn, deputyships.resign_deputyship, write=OFFICE)
add_command(api, "deputyships", DEPUTYSHIPS, "end", EndIn, deputyships.end_deputyship, write=OFFICE)
add_command(
    api, "deputyships", DEPUTYSHIPS, "suspend", SuspendIn, deputyships.suspend_deputyship, write=OFFICE
)
add_command(api, "deputyships", DEPUTYSHIPS, "resume", ResumeIn, deputyships.resume_deputyship, write=OFFICE)
add_resource(
    api,
    "groups",
    GROUPS,
    body=GroupIn,
    patch=GroupPatch,
    create=groups.form_group,
    change=groups.change_group,
    equals=("number", "level"),
    read=EVERYONE,
    write=OFFICE,
)
add_resource(
    api,
    "stations",
    STATIONS,
    body=StationIn,
    create=places.open_station,
    change=places.change_station,
    equals=("name", "kind"),
    read=EVERYONE,
    write=OFFICE,
)
add_resource(
    api,
    "constituencies",
    CONSTITUENCIES,
    body=ConstituencyIn,
    create=places.draw_constituency,
    change=places.change_constituency,
    equals=("name",),
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


async def _export(call: Call) -> Rows:
    return await exports.rows(call.work)


add_exports(
    api,
    _export,
    sheets=SHEETS,
    filename="名册.xlsx",
    roles=OFFICE,
    summary="导出名册工作簿（.xlsx），表和栏目与导入的相同，含手机号和身份证号；再导入不改变任何记录。",
)
add_feeds(api)
add_dead_letters(api)
add_heads(api)
add_rebuild(api)
add_integrity(api, CHECKS)
