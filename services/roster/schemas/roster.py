"""The roster of a day."""

from datetime import date

from pydantic import BaseModel

from services.roster.domain.deputyships import Level, Role, Status
from services.roster.domain.people import Gender
from services.roster.schemas.values import In


class AsOf(In):
    as_of: date | None = None


class DeputyRow(BaseModel):
    """One deputyship that was not over on the day asked for."""

    deputyship_id: str
    person_id: str
    name: str
    gender: Gender | None
    level: Level
    status: Status
    constituency: str | None
    group_id: str | None
    roles: list[Role]


class RosterOn(BaseModel):
    """The roster of a day in stroke order; `hash` is the SHA-256 of the RFC 8785 form of {town, as_of, items}."""

    town: str
    as_of: date
    items: list[DeputyRow]
    hash: str
