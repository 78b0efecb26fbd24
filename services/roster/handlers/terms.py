"""Use cases of terms of the congress."""

from pydantic import BaseModel

from services.roster import repository
from services.roster.domain import terms
from services.roster.domain.terms import Term
from services.roster.handlers.references import patched, registered_town
from services.roster.repository import TERMS
from services.roster.schemas.terms import TermIn
from shared.ids import new_id
from shared.storage.work import Work


async def open_term(work: Work, body: TermIn) -> Term:
    await registered_town(work)
    term = Term(id=new_id(), town=work.town, **body.model_dump())
    await _in_order(work, term)
    return work.create(TERMS, term, "opened")


async def change_term(work: Work, before: Term, patch: BaseModel) -> Term:
    after = patched(work, TERMS, before, patch)
    await _in_order(work, after)
    return after


async def _in_order(work: Work, term: Term) -> None:
    others = await repository.all_terms(work)
    terms.check_order(term, [other for other in others if other.id != term.id])
