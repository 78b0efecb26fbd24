"""Use cases of the office's staff and funds in a year."""

from pydantic import BaseModel

from services.roster.domain import office
from services.roster.domain.office import OfficeYear
from services.roster.handlers.references import patched, registered_town
from services.roster.repository import OFFICE_YEARS
from services.roster.schemas.office import OfficeIn
from shared.ids import new_id
from shared.storage.work import Work


async def record_office(work: Work, body: OfficeIn) -> OfficeYear:
    await registered_town(work)
    year = OfficeYear(id=new_id(), town=work.town, **body.model_dump())
    office.check(year)
    return work.create(OFFICE_YEARS, year, "recorded")


async def change_office(work: Work, before: OfficeYear, patch: BaseModel) -> OfficeYear:
    after = patched(work, OFFICE_YEARS, before, patch)
    office.check(after)
    return after
