"""Subscriptions to calendars."""

from datetime import date

from pydantic import BaseModel

from services.activities.domain.values import Id, Label
from services.activities.schemas.values import In


class CalendarQuery(In):
    """`group_id`: default the whole town."""

    group_id: Id | None = None


class CalendarLinkIn(In):
    """`label`: for whom the link is. Without a group: the calendar of the whole town."""

    label: Label = ""
    group_id: Id | None = None


class CalendarLinkOut(BaseModel):
    """A link without its address, which is returned only on creation."""

    id: str
    version: int
    label: str
    group_id: str | None
    revoked_on: date | None


class CalendarLinkGiven(CalendarLinkOut):
    """`path` is the address at this installation, returned only here."""

    path: str


class CalendarLinks(BaseModel):
    items: tuple[CalendarLinkOut, ...]
