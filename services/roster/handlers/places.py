"""Use cases of stations and constituencies."""

from pydantic import BaseModel

from services.roster.domain.dated import check_period
from services.roster.domain.places import Constituency, Station
from services.roster.handlers.references import patched, registered_town
from services.roster.repository import CONSTITUENCIES, STATIONS
from services.roster.schemas.places import ConstituencyIn, StationIn
from shared.chinese.initials import initials
from shared.ids import new_id
from shared.storage.work import Work


def words(station: Station) -> tuple[str | None, ...]:
    """By which a list of stations is searched: the name, its initials, the address, and what it serves."""
    return station.name, initials(station.name), station.address, *station.serves


async def open_station(work: Work, body: StationIn) -> Station:
    await registered_town(work)
    check_period(body.opened_on, body.closed_on, loc="body.closed_on")
    return work.create(STATIONS, Station(id=new_id(), town=work.town, **body.model_dump()), "opened")


async def change_station(work: Work, before: Station, patch: BaseModel) -> Station:
    after = patched(work, STATIONS, before, patch)
    check_period(after.opened_on, after.closed_on, loc="body.closed_on")
    return after


async def draw_constituency(work: Work, body: ConstituencyIn) -> Constituency:
    await registered_town(work)
    constituency = Constituency(id=new_id(), town=work.town, **body.model_dump())
    return work.create(CONSTITUENCIES, constituency, "drawn")


async def change_constituency(work: Work, constituency: Constituency, patch: BaseModel) -> Constituency:
    return patched(work, CONSTITUENCIES, constituency, patch)
