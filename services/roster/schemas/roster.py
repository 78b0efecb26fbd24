"""The roster on a day."""

from datetime import date

from pydantic import BaseModel

from services.roster.domain.people import Gender
from services.roster.domain.snapshot import RosterEntry
from services.roster.schemas.values import In


class AsOf(In):
    as_of: date | None = None


class DeputyRow(RosterEntry):
    """One deputyship not ended on the day. `printed_name` is the form for lists: 王　伟（女，回族）."""

    name: str
    printed_name: str
    gender: Gender | None
    constituency: str | None


class RosterOn(BaseModel):
    """The roster on a day in stroke order.

    `roster_hash` covers deputies, groups and roles (ADR 0018) and is cited by records of other services. `hash` covers
    the whole response: the SHA-256 of the RFC 8785 form of {town, as_of, items}.
    """

    town: str
    as_of: date
    items: list[DeputyRow]
    roster_hash: str
    hash: str
