"""Use cases of by-elections: entered when planned, completed with their counts."""

from pydantic import BaseModel

from services.roster.domain import by_elections
from services.roster.domain.by_elections import ByElection
from services.roster.handlers.references import must_exist, patched, registered_town
from services.roster.repository import BY_ELECTIONS, PEOPLE
from services.roster.schemas.by_elections import ByElectionIn
from shared.ids import new_id
from shared.storage.planned import check_day
from shared.storage.work import Work


async def enter_by_election(work: Work, body: ByElectionIn) -> ByElection:
    town = await registered_town(work)
    election = ByElection(id=new_id(), town=work.town, **body.model_dump())
    if election.congress_number is None:
        election = election.model_copy(update={"congress_number": town.congress_number})
    await _check(work, election)
    return work.create(BY_ELECTIONS, election, "held")


async def change_by_election(work: Work, before: ByElection, patch: BaseModel) -> ByElection:
    after = patched(work, BY_ELECTIONS, before, patch)
    await _check(work, after)
    return after


async def _check(work: Work, election: ByElection) -> None:
    check_day(work, election.held_on, "body.held_on")
    for place, candidate in enumerate(election.candidates):
        await must_exist(work, PEOPLE, candidate.person_id, f"body.candidates.{place}.person_id", "人员")
    by_elections.check(election)
