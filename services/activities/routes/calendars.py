"""Routes of calendars (iCalendar), with a token and by a secret subscription URL."""

from typing import Final

from aiohttp import web

from services.activities import schemas
from services.activities.domain.calendar_links import CalendarLink
from services.activities.handlers import calendars
from services.activities.repository import CALENDAR_LINKS
from services.activities.routes.roles import OFFICE, READERS
from shared.http import PUBLIC, Call, Reply, route
from shared.storage.work import Work

ICALENDAR: Final = "text/calendar"


def _file(content: bytes) -> web.Response:
    return web.Response(body=content, content_type=ICALENDAR, charset="utf-8")


def _shown(link: CalendarLink) -> schemas.CalendarLinkOut:
    return schemas.CalendarLinkOut.model_validate(link.model_dump())


@route(
    "GET",
    "/towns/{town}/calendar.ics",
    roles=READERS,
    produces=(ICALENDAR,),
)
async def show_calendar(call: Call[schemas.CalendarQuery]) -> web.Response:
    """日历（iCalendar）：一个小组的年度计划，或者全镇的计划、人代会和主席团会议。"""
    return _file(await calendars.feed(call.work, call.query.group_id))


@route(
    "POST",
    "/towns/{town}/calendar_links",
    roles=OFFICE,
    # Not through the usual unit of work: an Idempotency-Key would keep the answer, and with it the address.
    commits=False,
    status=201,
)
async def give_calendar_link(call: Call[None, schemas.CalendarLinkIn]) -> schemas.CalendarLinkGiven:
    """给出日历订阅地址，供手机和电脑的日历使用；地址只在这里出现一次，凭地址即可查看，可随时撤销。"""

    async def give(work: Work) -> tuple[CalendarLink, str]:
        return await calendars.give_link(work, call.body)

    link, key = await call.store.execute(town=call.town, actor=call.actor.sub, run=give)
    path = f"/activities/v1/calendars/{key}"
    return schemas.CalendarLinkGiven.model_validate({**link.model_dump(), "path": path})


@route("GET", "/towns/{town}/calendar_links", roles=OFFICE)
async def list_calendar_links(call: Call) -> schemas.CalendarLinks:
    """给出过的日历订阅地址，不含地址本身。"""
    links = await call.work.find(CALENDAR_LINKS, sort=(("_id", 1),))
    return schemas.CalendarLinks(items=tuple(map(_shown, links)))


@route("POST", "/towns/{town}/calendar_links/{id}:revoke", roles=OFFICE, guarded=True)
async def revoke_calendar_link(call: Call[None, schemas.Nothing]) -> Reply[schemas.CalendarLinkOut]:
    """撤销日历订阅地址，立即失效。"""
    link = await calendars.revoke_link(call.work, await call.subject(CALENDAR_LINKS))
    return Reply(_shown(link), version=link.version)


@route("GET", "/calendars/{key}", roles=PUBLIC, quiet=True, produces=(ICALENDAR,))
async def subscribed_calendar(call: Call) -> web.Response:
    """凭订阅地址查看日历，不需要登录。"""
    link = await calendars.link_with(call.work, call.path["key"])
    return _file(await calendars.feed(call.store.reading(link.town, ""), link.group_id))
