"""The roster of a day."""

from datetime import date

from pydantic import BaseModel

from services.roster.domain.people import Gender
from services.roster.domain.snapshot import Standing
from services.roster.schemas.values import In


class AsOf(In):
    as_of: date | None = None


class DeputyRow(Standing):
    """One deputyship that was not over on the day asked for. `printed_name` is for lists: 王　伟（女，回族）."""

    name: str
    printed_name: str
    gender: Gender | None
    constituency: str | None


class RosterOn(BaseModel):
    """The roster of a day in stroke order.

    `roster_hash` is what records cite: of who was a deputy, in which group and role, by ADR 0018. `hash` covers the
    whole answer, names and order too: the SHA-256 of the RFC 8785 form of {town, as_of, items}.
    """

    town: str
    as_of: date
    items: list[DeputyRow]
    roster_hash: str
    hash: str
