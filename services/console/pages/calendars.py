"""Calendars of plans: the file, and addresses by which telephones and computers subscribe to it."""

from typing import Any, Final

from aiohttp import web

from services.console import choices
from services.console.api import LATE_SECONDS, part
from services.console.errors import Refused
from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.pages.plans import SEEN_BY, TOWN
from services.console.visit import Done, Visit, action, page


def _fields(groups: choices.Choices) -> list[Field]:
    return [
        Field("label", "给谁用", hint="如 第一小组组长的手机", width=6),
        Field("group_id", "哪个日历", "select", options=groups, hint="不选是全乡镇的", width=6),
    ]


@page("/plans/calendar", roles=SEEN_BY)
async def show_calendars(visit: Visit) -> web.Response:
    groups = await choices.groups(visit)
    return await _page(visit, Form(_fields(groups)), 200, groups)


@page("/plans/calendar.ics", roles=SEEN_BY)
async def download_calendar(visit: Visit) -> web.StreamResponse:
    path = visit.at("activities", "calendar.ics")
    return await visit.hand_on(path, accept="text/calendar", group_id=visit.asked("group_id"))


@action("/plans/calendar", roles=OFFICE)
async def give_address(visit: Visit) -> web.Response:
    """The address stands only in this answer: it is a secret that nobody keeps."""
    groups = await choices.groups(visit)
    form = Form.sent(_fields(groups), visit.sent)
    body = form.body(visit.today, visit.year)
    try:
        given = await visit.api.post(visit.at("activities", "calendar_links"), body, key=visit.key)
    except Refused as refused:
        return await _page(visit, form.refuse(refused), refused.status, groups)
    return await _page(visit, Form(_fields(groups)), 200, groups, url=visit.public_url + given["path"])


@action("/plans/calendar/{id}/revoke", roles=OFFICE)
async def revoke_address(visit: Visit) -> web.Response:
    path = visit.at("activities", f"calendar_links/{visit.id()}")
    await visit.api.post(f"{path}:revoke", {}, version=visit.version)
    return await visit.tell(Done("/plans/calendar", "已撤销，立即失效"))


async def _page(
    visit: Visit, form: Form, status: int, groups: choices.Choices, *, url: str = ""
) -> web.Response:
    links: Any = None
    if visit.may("office"):
        links = await part(visit.api.get(visit.at("activities", "calendar_links")), LATE_SECONDS)
    return await visit.form_page(
        "plan_calendar.html",
        form,
        draft="",
        status=status,
        groups=groups,
        titles={None: TOWN} | dict(groups),
        links=links["items"] if links else None,
        url=url,
    )


PAGES: Final = (show_calendars, download_calendar, give_address, revoke_address)
