"""Use cases of calendars: the feed of the town or of a group, and its subscription links."""

import secrets
from typing import Final

from services.activities import repository
from services.activities.calendar import calendar
from services.activities.domain.calendar_links import CalendarLink
from services.activities.handlers.references import check_group
from services.activities.repository import CALENDAR_LINKS, GROUPS, PLANS, PRESIDIUM_MEETINGS, SESSIONS, TOWNS
from services.activities.schemas import CalendarLinkIn
from shared.errors import NotFound
from shared.ids import new_id
from shared.security.codes import fingerprint
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Work

KEY_BYTES: Final = 24


async def feed(work: Work, group_id: str | None) -> bytes:
    """iCalendar feed: of a group, its own plan; of the town, all plans, sessions and presidium meetings.

    Errors: NotFound for an unknown group.
    """
    groups = {group.id: group.name or f"第{group.number}小组" for group in await work.find(GROUPS)}
    if group_id is not None:
        if group_id not in groups:
            raise NotFound(f"没有编号为 {group_id} 的代表小组")
        return calendar(groups[group_id], await work.find(PLANS, {"group_id": group_id}), {})
    town = await work.get(TOWNS, work.town)
    name = f"{(town.name if town else None) or work.town}人大"
    sessions, meetings = await work.find(SESSIONS, IN_FORCE), await work.find(PRESIDIUM_MEETINGS, IN_FORCE)
    return calendar(name, await work.find(PLANS), groups, sessions, meetings)


async def give_link(work: Work, body: CalendarLinkIn) -> tuple[CalendarLink, str]:
    """(link, key); the key is returned only here."""
    await check_group(work, body.group_id)
    key = secrets.token_urlsafe(KEY_BYTES)
    link = CalendarLink(id=new_id(), town=work.town, fingerprint=fingerprint(key), **dict(body))
    return work.create(CALENDAR_LINKS, link, "given"), key


async def revoke_link(work: Work, link: CalendarLink) -> CalendarLink:
    return work.change(CALENDAR_LINKS, link.revoked(work.clock.today()), "revoked")


async def link_with(work: Work, key: str) -> CalendarLink:
    """The link with this key. Errors: NotFound, also when it was revoked."""
    link = await repository.calendar_link(work.reader, fingerprint(key))
    if link is None or link.revoked_on is not None:
        raise NotFound("没有这个日历，或者订阅地址已撤销")
    return link
