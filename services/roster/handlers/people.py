"""Registering people and putting right what is known of them."""

from pydantic import BaseModel

from services.roster.domain.people import Person
from services.roster.handlers.references import patched, registered_town
from services.roster.repository import PEOPLE
from services.roster.schemas.people import PersonIn
from shared import strokes
from shared.ids import new_id
from shared.work import Work


async def register_person(work: Work, body: PersonIn) -> Person:
    await registered_town(work)
    return work.create(PEOPLE, Person(id=new_id(), town=work.town, **body.model_dump()), "registered")


async def correct_person(work: Work, person: Person, patch: BaseModel) -> Person:
    return patched(work, PEOPLE, person, patch)


async def in_stroke_order(_: Work, found: list[Person]) -> list[Person]:
    return sorted(found, key=lambda one: (strokes.key(one.name), one.born_year or 0, one.id))
