"""Use cases of terms of the congress."""

from dataclasses import replace
from datetime import date

from pydantic import BaseModel

from services.roster import repository
from services.roster.domain import terms
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.terms import Term
from services.roster.errors import ImpossibleDate
from services.roster.handlers.deputyships import end_deputyship
from services.roster.handlers.references import patched, registered_town
from services.roster.repository import PEOPLE, TERMS
from services.roster.schemas.deputyships import EndIn
from services.roster.schemas.terms import EndTermIn, TermIn
from shared.ids import new_id
from shared.storage.work import Work


class TermEnd(BaseModel):
    ended_on: date


async def open_term(work: Work, body: TermIn) -> Term:
    await registered_town(work)
    term = Term(id=new_id(), town=work.town, **body.model_dump())
    await _in_order(work, term)
    return work.create(TERMS, term, "opened")


async def change_term(work: Work, before: Term, patch: BaseModel) -> Term:
    after = patched(work, TERMS, before, patch)
    await _in_order(work, after)
    return after


async def end_term(work: Work, before: Term, body: EndTermIn) -> Term:
    """End a term and with it the mandates of its deputies that are not over (代表法 2025 Art. 2): all or none."""
    after = patched(work, TERMS, before, TermEnd(ended_on=body.on))
    await _in_order(work, after)
    for deputyship in await repository.all_deputyships(work):
        if terms.ends_with(deputyship, after):
            await _end(work, deputyship, body)
    return after


async def _end(work: Work, deputyship: Deputyship, body: EndTermIn) -> None:
    """Errors: ImpossibleDate naming the deputy."""
    try:
        await end_deputyship(work, deputyship, EndIn(reason="term_over", on=body.on))
    except ImpossibleDate as error:
        person = await work.require(PEOPLE, deputyship.person_id)
        faults = [replace(fault, message=f"{person.name}：{fault.message}") for fault in error.errors]
        raise ImpossibleDate(faults[0].message, errors=faults) from None


async def _in_order(work: Work, term: Term) -> None:
    others = await repository.all_terms(work)
    terms.check_order(term, [other for other in others if other.id != term.id])
