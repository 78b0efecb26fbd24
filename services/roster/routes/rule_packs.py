"""Routes of rule packs: the town's own, and those that a county sets for all its towns."""

from collections.abc import Awaitable, Callable
from functools import partial

from services.roster import repository
from services.roster.domain.rule_packs import RulePack
from services.roster.handlers import rule_packs
from services.roster.repository import TOWNS
from services.roster.routes.roles import OFFICE, WATCHERS
from services.roster.schemas.rule_packs import (
    OnDay,
    PacksOfArea,
    PushedPack,
    PushedPackIn,
    PushedTown,
    PushQuery,
    RulePacksIn,
    RulePacksOut,
    WithdrawIn,
)
from shared.errors import Problem
from shared.http import EVERYONE, Call, Reply, route
from shared.storage.work import Work


@route("GET", "/towns/{town}/rule_packs", roles=EVERYONE, tagged=True)
async def get_rule_packs(call: Call[OnDay]) -> Reply[RulePacksOut]:
    """本镇的规则包（自订的和上级下发的），以及某一天（默认今天）起作用的规则。"""
    town = await call.work.require(TOWNS, call.town)
    on = call.query.on or call.work.clock.today()
    return Reply(RulePacksOut.from_town(town, on), version=town.version)


@route("PUT", "/towns/{town}/rule_packs", roles=OFFICE, tagged=True)
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
    """向辖区内每个镇下发一个规则包：已登记的逐镇生效，以后登记的登记时即有；中断后重发即可，已有的镇不变。逐镇列出结果和改变的规则。"""
    pack = call.body.pack(call.path["id"], call.path["prefix"])
    if call.query.dry_run:
        return PushedPack(pack=pack, items=await _trial(call, pack))
    await call.store.execute(
        town=call.path["prefix"], actor=call.actor.sub, run=partial(rule_packs.keep_pushed, pack=pack)
    )
    return PushedPack(pack=pack, items=await _each_town(call, partial(rule_packs.push_pack, pack=pack)))


@route("POST", "/areas/{prefix}/rule_packs/{id}:withdraw", roles={"county"}, commits=False, guarded=False)
async def withdraw_rule_pack(call: Call[PushQuery, WithdrawIn]) -> PushedPack:
    """收回下发过的规则包，须写明原因：逐镇撤去，以后登记的镇不再有；中断后重发即可。只是不再适用的，改它的截止日期。"""
    prefix, id = call.path["prefix"], call.path["id"]
    keep = partial(rule_packs.keep_withdrawn, id=id, reason=call.body.reason)
    if call.query.dry_run:
        pack = await keep(call.store.reading(prefix, call.actor.sub))
        return PushedPack(pack=pack, items=await _trial(call, pack, withdraw=True))
    pack = await call.store.execute(town=prefix, actor=call.actor.sub, run=keep)
    return PushedPack(pack=pack, items=await _each_town(call, partial(rule_packs.take_back, pack=pack)))


async def _trial(call: Call, pack: RulePack, *, withdraw: bool = False) -> list[PushedTown]:
    towns = await repository.towns_below(call.work.reader, call.path["prefix"])
    return [await rule_packs.touched(call.work, town, pack, withdraw=withdraw) for town in towns]


async def _each_town(call: Call, run: Callable[[Work], Awaitable[PushedTown]]) -> list[PushedTown]:
    """What came of it at every town; the trouble of one does not keep it from the others."""
    outcomes = []
    for town in await repository.towns_below(call.work.reader, call.path["prefix"]):
        try:
            outcomes.append(await call.store.execute(town=town, actor=call.actor.sub, run=run))
        except Problem as problem:
            trouble = problem.detail or problem.title
            outcomes.append(PushedTown(town=town, version=0, changed=False, trouble=trouble))
    return outcomes
