"""Queries of the congress's composition on a day, and of seats held twice."""

from datetime import date

from services.roster import repository
from services.roster.domain.composition import Makeup
from services.roster.domain.seats import DoubledSeat, doubled
from services.roster.handlers.references import registered_town
from services.roster.repository import CONSTITUENCIES, GROUPS
from services.roster.schemas.composition import Composition
from shared.storage.work import Work


async def composition_on(work: Work, day: date) -> Composition:
    return Composition.from_makeup(await _makeup(work, day))


async def doubled_seats(work: Work) -> list[DoubledSeat]:
    """Seats with more deputies than there are, on any day."""
    return doubled(await _makeup(work, work.clock.today()))


async def _makeup(work: Work, day: date) -> Makeup:
    return Makeup(
        town=await registered_town(work),
        day=day,
        deputyships=await repository.all_deputyships(work),
        people={person.id: person for person in await repository.all_people(work)},
        groups=await work.find(GROUPS),
        constituencies=await work.find(CONSTITUENCIES),
        terms=await repository.all_terms(work),
    )
