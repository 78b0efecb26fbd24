"""Registering the town and putting it right."""

from pydantic import BaseModel

from services.roster.domain.towns import Town
from services.roster.handlers.references import patched
from services.roster.repository import TOWNS
from services.roster.schemas.towns import TownIn
from shared.work import Work


async def put_town(work: Work, body: TownIn) -> Town:
    """Register the town or change it; the same again changes nothing."""
    before = await work.get(TOWNS, work.town)
    town = Town(id=work.town, town=work.town, version=before.version if before else 0, **body.model_dump())
    if before is None:
        return work.create(TOWNS, town, "registered")
    return before if town == before else work.change(TOWNS, town, "changed")


async def correct_town(work: Work, town: Town, patch: BaseModel) -> Town:
    return patched(work, TOWNS, town, patch)
