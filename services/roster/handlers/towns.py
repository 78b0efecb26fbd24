"""Use cases of the town: register and correct."""

from pydantic import BaseModel

from services.roster import repository
from services.roster.domain.towns import Town, check_congress
from services.roster.handlers.references import patched
from services.roster.repository import PUSHES, TOWNS
from services.roster.schemas.towns import TownIn
from shared.storage.work import Work


async def put_town(work: Work, body: TownIn) -> Town:
    """Register the town or replace its data. Idempotent."""
    before = await work.get(TOWNS, work.town)
    if before is None or body.name != before.name:
        check_congress(work.town, body.name)
    if before is None:
        await _lock_pushes(work)
        packs = [pushed.pack for pushed in await repository.packs_pushed_above(work)]
        town = Town(id=work.town, town=work.town, rule_packs=packs, **body.model_dump())
        return work.create(TOWNS, town, "registered")
    town = Town.model_validate(before.model_dump() | body.model_dump())
    return before if town == before else work.change(TOWNS, town, "changed")


async def _lock_pushes(work: Work) -> None:
    """Lock the counter of pushes before packs are read: a concurrent push makes this transaction retry."""
    pushes = await repository.pushes(work)
    if pushes.version:
        work.lock(PUSHES, pushes)
    else:
        work.create(PUSHES, pushes, "awaited")


async def correct_town(work: Work, town: Town, patch: BaseModel) -> Town:
    after = patched(work, TOWNS, town, patch)
    if after.name != town.name:
        check_congress(work.town, after.name)
    return after
