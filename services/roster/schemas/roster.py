"""The roster on a day."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from services.roster.domain.people import Gender
from services.roster.domain.snapshot import RosterEntry
from services.roster.schemas.values import In


class AsOf(In):
    """`q`: part of a name, or of its initials by pinyin."""

    as_of: date | None = None
    q: Annotated[str | None, Field(min_length=1, max_length=100, description="姓名或拼音首字母中的一段")] = (
        None
    )


class DeputyRow(RosterEntry):
    """One deputyship not ended on the day.

    `printed_name` is the form for lists: 王　伟（女，回族）; `initials` are those of the name by pinyin; `strokes` the
    number of strokes of its first character, null where that is not known.
    """

    name: str
    printed_name: str
    gender: Gender | None
    constituency: str | None
    initials: str
    strokes: int | None


class RosterOn(BaseModel):
    """The roster on a day in stroke order.

    `roster_hash` covers deputies, groups and roles (ADR 0018) and is cited by records of other services. `hash` covers
    the whole response: the SHA-256 of the RFC 8785 form of {town, as_of, items}. Both are of the whole roster, also
    where `q` leaves only some of its items.
    """

    town: str
    as_of: date
    items: list[DeputyRow]
    roster_hash: str
    hash: str
