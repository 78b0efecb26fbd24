"""Use cases of rule packs: the town's own, and those its county pushes."""

from collections.abc import Sequence

from services.roster import repository
from services.roster.domain.rule_packs import PushedPack, RulePack, check_packs, replaced, with_pack
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
    elif before.pack == pack:
        return pack
    else:
        work.change(PUSHED_PACKS, before.model_copy(update={"pack": pack}), "pushed")
    pushes = await repository.pushes(work)
    if pushes.version:
        work.change(PUSHES, pushes, "pushed")
    else:
        work.create(PUSHES, pushes, "pushed")
    return pack


async def push_pack(work: Work, pack: RulePack) -> PushedTown:
    """Add the pack to one town, unless it has it already."""
    before = await work.require(TOWNS, work.town)
    if pack in before.rule_packs:
        return PushedTown(town=before.id, version=before.version, changed=False)
    after = _with_packs(work, before, with_pack(before.rule_packs, pack))
    return PushedTown(town=after.id, version=after.version, changed=True)


async def touched(work: Work, town: str, pack: RulePack) -> PushedTown:
    """What a push would do to one town; nothing is changed."""
    before = await _other(work, town).require(TOWNS, town)
    return PushedTown(town=town, version=before.version, changed=pack not in before.rule_packs)


async def packs_of_area(work: Work, area: str) -> PacksOfArea:
    """The packs pushed to an area, by id, and who has each as it was pushed."""
    pushed = sorted(await _other(work, area).find(PUSHED_PACKS, {}), key=lambda kept: kept.pack.id)
    codes = await repository.towns_below(work.reader, area)
    towns = [await _other(work, code).require(TOWNS, code) for code in codes]
    items = [
        PackOfArea(pack=kept.pack, towns=[town.id for town in towns if kept.pack in town.rule_packs])
        for kept in pushed
    ]
    return PacksOfArea(items=items, towns=codes)


def _other(work: Work, area: str) -> Work:
    """A work of another town or area, for reading."""
    return Work(area, work.actor, work.clock, work.reader)


def _with_packs(work: Work, town: Town, packs: list[RulePack]) -> Town:
    after = town.model_copy(update={"rule_packs": packs})
    return town if after == town else work.change(TOWNS, after, "changed")
