"""Query of the congress's composition on a day, from the current records."""

from datetime import date

from services.roster import repository
from services.roster.domain.composition import Makeup
from services.roster.handlers.references import registered_town
from services.roster.repository import CONSTITUENCIES, GROUPS
from services.roster.schemas.composition import Composition
from shared.storage.work import Work


async def composition_on(work: Work, day: date) -> Composition:
    makeup = Makeup(
        town=await registered_town(work),
        day=day,
        deputyships=await repository.all_deputyships(work),
        people={person.id: person for person in await repository.all_people(work)},
        groups=await work.find(GROUPS),
        constituencies=await work.find(CONSTITUENCIES),
        terms=await repository.all_terms(work),
    )
    return Composition.from_makeup(makeup)
