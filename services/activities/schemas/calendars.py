"""Subscriptions to calendars."""

from datetime import date

from pydantic import BaseModel

from services.activities.domain.values import Id, Label
from services.activities.schemas.values import In


class CalendarQuery(In):
    """Of the whole town, when left out."""

    group_id: Id | None = None


class CalendarLinkIn(In):
    """`label`: for whom it is. Without a group: the calendar of the whole town."""

    label: Label = ""
    group_id: Id | None = None


class CalendarLinkOut(BaseModel):
    """How it stands; the address itself is told once."""

    id: str
    version: int
    label: str
    group_id: str | None
    revoked_on: date | None


class CalendarLinkGiven(CalendarLinkOut):
    """`path` is the address at this installation, told this once."""

    path: str


class CalendarLinks(BaseModel):
    items: tuple[CalendarLinkOut, ...]
