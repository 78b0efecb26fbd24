"""Registering the town and putting it right."""

from pydantic import BaseModel

from services.roster import repository
from services.roster.domain.towns import Town
from services.roster.handlers.references import patched
from services.roster.repository import PUSHES, TOWNS
from services.roster.schemas.towns import TownIn
from shared.storage.work import Work


async def put_town(work: Work, body: TownIn) -> Town:
    """Register the town or change it; the same again changes nothing."""
    before = await work.get(TOWNS, work.town)
    if before is None:
        await _hold_pushes(work)
        packs = [one.pack for one in await repository.packs_pushed_above(work)]
        town = Town(id=work.town, town=work.town, rule_packs=packs, **body.model_dump())
        return work.create(TOWNS, town, "registered")
    town = Town.model_validate(before.model_dump() | body.model_dump())
    return before if town == before else work.change(TOWNS, town, "changed")


async def _hold_pushes(work: Work) -> None:
    """Before the packs are read: a push that comes in between has this work done again."""
    pushes = await repository.pushes(work)
    if pushes.version:
        work.lock(PUSHES, pushes)
    else:
        work.create(PUSHES, pushes, "awaited")


async def correct_town(work: Work, town: Town, patch: BaseModel) -> Town:
    return patched(work, TOWNS, town, patch)
