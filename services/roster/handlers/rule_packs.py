"""Use cases of rule packs: the town's own, and those its county pushes."""

from collections.abc import Sequence

from services.roster import repository
from services.roster.domain.rule_packs import (
    PushedPack,
    RulePack,
    changed_rules,
    check_packs,
    replaced,
    with_pack,
    without_pack,
)
from services.roster.domain.towns import Town
from services.roster.repository import PUSHED_PACKS, PUSHES, TOWNS
from services.roster.schemas.rule_packs import PackOfArea, PacksOfArea, PushedTown
from shared.storage.work import Work


async def put_packs(work: Work, town: Town, packs: Sequence[RulePack]) -> Town:
    """Replace the town's own packs; those the county pushed stay. Idempotent."""
    check_packs(packs)
    return _with_packs(work, town, replaced(town.rule_packs, packs, pushed_by=None))


async def keep_pushed(work: Work, pack: RulePack) -> RulePack:
    """Store a pushed pack under the area (`work.town`), for towns that are registered later.

    Existing towns are listed after this is committed.
    """
    id = f"{work.town}/{pack.id}"
    before = await work.get(PUSHED_PACKS, id)
    if before is None:
        work.create(PUSHED_PACKS, PushedPack(id=id, town=work.town, pack=pack), "pushed")
    elif before.pack == pack and not before.withdrawn:
        return pack
    else:
        work.change(PUSHED_PACKS, before.model_copy(update={"pack": pack, "withdrawn": ""}), "pushed")
    await _count(work)
    return pack


async def keep_withdrawn(work: Work, id: str, reason: str) -> RulePack:
    """Note under the area that a pack is taken back: towns registered later do not get it. Errors: NotFound."""
    kept = await work.require(PUSHED_PACKS, f"{work.town}/{id}")
    if not kept.withdrawn:
        work.change(PUSHED_PACKS, kept.model_copy(update={"withdrawn": reason}), "withdrawn")
        await _count(work)
    return kept.pack


async def _count(work: Work) -> None:
    pushes = await repository.pushes(work)
    if pushes.version:
        work.change(PUSHES, pushes, "pushed")
    else:
        work.create(PUSHES, pushes, "pushed")


async def push_pack(work: Work, pack: RulePack) -> PushedTown:
    """Add the pack to one town, unless it has it already."""
    before = await work.require(TOWNS, work.town)
    return _become(work, before, _pushed(before, pack), pack)


async def take_back(work: Work, pack: RulePack) -> PushedTown:
    """Remove a pack that the area pushed from one town."""
    before = await work.require(TOWNS, work.town)
    return _become(work, before, _taken(before, pack), pack)


async def touched(work: Work, town: str, pack: RulePack, *, withdraw: bool = False) -> PushedTown:
    """What a push or a withdrawal would do to one town; nothing is changed."""
    before = await _other(work, town).require(TOWNS, town)
    packs = _taken(before, pack) if withdraw else _pushed(before, pack)
    return _outcome(work, before, before.model_copy(update={"rule_packs": packs}), pack)


def _pushed(town: Town, pack: RulePack) -> list[RulePack]:
    return town.rule_packs if pack in town.rule_packs else with_pack(town.rule_packs, pack)


def _taken(town: Town, pack: RulePack) -> list[RulePack]:
    return without_pack(town.rule_packs, pack.pushed_by, pack.id)


def _become(work: Work, before: Town, packs: list[RulePack], pack: RulePack) -> PushedTown:
    return _outcome(work, before, _with_packs(work, before, packs), pack)


def _outcome(work: Work, before: Town, after: Town, pack: RulePack) -> PushedTown:
    """What changes in the town, on the first day from today on which the pack holds."""
    day = max(pack.effective_from, work.clock.today())
    return PushedTown(
        town=after.id,
        version=after.version,
        changed=after.rule_packs != before.rule_packs,
        rules=changed_rules(before.rules, before.rule_packs, after.rule_packs, day),
    )


async def packs_of_area(work: Work, area: str) -> PacksOfArea:
    """The packs pushed to an area, by id, and who has each as it was pushed."""
    pushed = sorted(await _other(work, area).find(PUSHED_PACKS, {}), key=lambda kept: kept.pack.id)
    codes = await repository.towns_below(work.reader, area)
    towns = [await _other(work, code).require(TOWNS, code) for code in codes]
    items = [
        PackOfArea(
            pack=kept.pack,
            towns=[town.id for town in towns if kept.pack in town.rule_packs],
            withdrawn=kept.withdrawn,
        )
        for kept in pushed
    ]
    return PacksOfArea(items=items, towns=codes)


def _other(work: Work, area: str) -> Work:
    """A work of another town or area, for reading."""
    return Work(area, work.actor, work.clock, work.reader)


def _with_packs(work: Work, town: Town, packs: list[RulePack]) -> Town:
    after = town.model_copy(update={"rule_packs": packs})
    return town if after == town else work.change(TOWNS, after, "changed")
