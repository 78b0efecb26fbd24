"""Use cases of the town: register and correct."""

from typing import Final

from services.roster import repository
from services.roster.domain import towns
from services.roster.domain.towns import Town, check_congress
from services.roster.repository import PUSHES, TOWNS
from services.roster.schemas.towns import TownIn, TownPatch
from shared.storage.work import Work

_KEPT: Final = {"former_names", "abolished_on", "successor_codes", "predecessor_codes", "public"}
"""Left as they are by a request that does not send them."""


async def put_town(work: Work, body: TownIn) -> Town:
    """Register the town or replace its data. Idempotent."""
    before = await work.get(TOWNS, work.town)
    if before is None or body.name != before.name:
        check_congress(work.town, body.name)
    if before is None:
        await _lock_pushes(work)
        packs = [pushed.pack for pushed in await repository.packs_pushed_above(work)]
        town = Town(id=work.town, town=work.town, rule_packs=packs, **body.model_dump())
        towns.check(town)
        return work.create(TOWNS, town, "registered")
    town = Town.model_validate(before.model_dump() | body.model_dump(exclude=_KEPT - body.model_fields_set))
    towns.check(town)
    return before if town == before else work.change(TOWNS, town, "changed")


async def _lock_pushes(work: Work) -> None:
    """Lock the counter of pushes before packs are read: a concurrent push makes this transaction retry."""
    pushes = await repository.pushes(work)
    if pushes.version:
        work.lock(PUSHES, pushes)
    else:
        work.create(PUSHES, pushes, "awaited")


async def correct_town(work: Work, town: Town, patch: TownPatch) -> Town:
    """With `on`, new names hold from that day, and documents of days before print the old ones."""
    values = patch.model_dump(exclude_unset=True, exclude={"on"})
    after = Town.model_validate(town.model_dump() | values)
    if after.name != town.name:
        check_congress(work.town, after.name)
    if patch.on is not None:
        after = towns.renamed(town, after, on=patch.on)
    towns.check(after)
    return town if after == town else work.change(TOWNS, after, "changed")
