"""Routes of rule packs: the town's own, and those that a county sets for all its towns."""

from functools import partial

from services.roster import repository
from services.roster.handlers import rule_packs
from services.roster.repository import TOWNS
from services.roster.routes.roles import OFFICE, WATCHERS
from services.roster.schemas.rule_packs import (
    OnDay,
    PacksOfArea,
    PushedPack,
    PushedPackIn,
    PushQuery,
    RulePacksIn,
    RulePacksOut,
)
from shared.http import EVERYONE, Call, Reply, route


@route("GET", "/towns/{town}/rule_packs", roles=EVERYONE)
async def get_rule_packs(call: Call[OnDay]) -> Reply[RulePacksOut]:
    """本镇的规则包（自订的和上级下发的），以及某一天（默认今天）起作用的规则。"""
    town = await call.work.require(TOWNS, call.town)
    on = call.query.on or call.work.clock.today()
    return Reply(RulePacksOut.from_town(town, on), version=town.version)


@route("PUT", "/towns/{town}/rule_packs", roles=OFFICE)
async def put_rule_packs(call: Call[None, RulePacksIn]) -> Reply[RulePacksOut]:
    """整份更换本镇自订的规则包；上级下发的不动。"""
    before = await call.work.require(TOWNS, call.town)
    call.condition.check(before.version)
    town = await rule_packs.put_packs(call.work, before, call.body.packs())
    return Reply(RulePacksOut.from_town(town, call.work.clock.today()), version=town.version)


@route("GET", "/areas/{prefix}/rule_packs", roles=WATCHERS)
async def list_pushed_packs(call: Call) -> PacksOfArea:
    """下发过的规则包，以及哪些镇现在有它。"""
    return await rule_packs.packs_of_area(call.work, call.path["prefix"])


@route("PUT", "/areas/{prefix}/rule_packs/{id}", roles={"county"}, commits=False, guarded=False)
async def push_rule_pack(call: Call[PushQuery, PushedPackIn]) -> PushedPack:
    """向辖区内每个镇下发一个规则包：已登记的逐镇生效，以后登记的登记时即有；中断后重发即可，已有的镇不变。"""
    prefix, pack, items = call.path["prefix"], call.body.pack(call.path["id"], call.path["prefix"]), []
    if call.query.dry_run:
        towns = await repository.towns_below(call.work.reader, prefix)
        return PushedPack(
            pack=pack, items=[await rule_packs.touched(call.work, town, pack) for town in towns]
        )
    await call.store.execute(
        town=prefix, actor=call.actor.sub, run=partial(rule_packs.keep_pushed, pack=pack)
    )
    for town in await repository.towns_below(call.work.reader, prefix):
        run = partial(rule_packs.push_pack, pack=pack)
        items.append(await call.store.execute(town=town, actor=call.actor.sub, run=run))
    return PushedPack(pack=pack, items=items)
