"""Routes of the congress's office: its staff and its budget by year."""

from services.roster.handlers import office
from services.roster.repository import OFFICE_YEARS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.office import OfficeIn
from shared.http import EVERYONE, resource

records = resource(
    "office",
    OFFICE_YEARS,
    body=OfficeIn,
    create=office.record_office,
    change=office.change_office,
    equals=("year",),
    read=EVERYONE,
    write=OFFICE,
    label="机构和经费",
)
