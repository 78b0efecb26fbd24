"""Meetings of the presidium: the list with open decisions, the form, one record, a decision done."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form, Rows
from services.console.menu import OFFICE, READERS
from services.console.pages import attendance
from services.console.pages.records import following, removed
from services.console.visit import Done, Visit, action, page

OF: Final = "presidium_meeting"
FIELDS: Final = (
    Field("number", "今年第几次", "number", required=True, width=2),
    Field("held_on", "日期", "date", required=True, width=3),
    *attendance.FIELDS,
    Field("topics", "议题", "lines", hint="每行一项", rows=4, width=6),
    Field("opinions", "审议意见", "lines", hint="每行一条", rows=4, width=6),
    Rows(
        "decisions",
        "议定事项",
        (
            Field("text", "议定什么", required=True, width=6),
            Field("due_on", "何时办好", "due", width=2),
            Field("done_on", "办好日期", "date", width=2),
            Field("outcome", "结果", width=3),
        ),
    ),
    Field("special_reports", "听取专项工作报告", "lines", hint="每行一项", width=12),
)
DONE: Final = (
    Field("on", "办好日期", "date", required=True, width=3),
    Field("outcome", "结果", width=7),
)


def title(record: Mapping[str, Any]) -> str:
    return f"{record['year']}年第{record['number']}次主席团会议"


@page("/presidium", roles=READERS)
async def list_meetings(visit: Visit) -> web.Response:
    asked = {"year": visit.year, "order": "-held_on", "total": True, "q": visit.asked("q").strip()}
    held, decisions = await asyncio.gather(
        part(
            visit.api.get(
                visit.at("activities", "presidium_meetings"), **asked, cursor=visit.asked("cursor")
            ),
            LATE_SECONDS,
        ),
        part(
            visit.api.get(visit.at("activities", "decisions"), open_on=visit.today.isoformat()), LATE_SECONDS
        ),
    )
    more = following(visit, held["next_cursor"] if held else None)
    return visit.html("presidium.html", held=held, decisions=decisions, following=more)


@page("/presidium/new", roles=OFFICE)
async def new_meeting(visit: Visit) -> web.Response:
    asked = {"year": visit.year, "order": "-held_on", "limit": 1, "voided": False}
    latest = await part(visit.api.get(visit.at("activities", "presidium_meetings"), **asked), LATE_SECONDS)
    number = latest["items"][0]["number"] + 1 if latest and latest["items"] else 1
    return await _page(visit, Form.of(FIELDS, {"number": number}))


@action("/presidium/new", roles=OFFICE, files=True)
async def hold_meeting(visit: Visit) -> web.Response:
    if attendance.redrawn(visit):
        return await _page(visit, Form.sent(FIELDS, visit.sent))

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        body["attendance"] = await attendance.read(visit, OF, form, body)
        held = await visit.api.post(visit.at("activities", "presidium_meetings"), body, key=visit.key)
        told = attendance.told(held["attendance"], len(held["expected"]))
        following = [(f"/presidium/{held['id']}/change", "改"), ("/presidium/new", "登记下一次")]
        return Done(f"/presidium/{held['id']}", f"已保存：{title(held)}。{told}。", following)

    return await visit.submit(FIELDS, send, lambda form, status: _page(visit, form, status))


@page("/presidium/{id}/change", roles=OFFICE)
async def show_form(visit: Visit) -> web.Response:
    record, version = await visit.api.current(visit.at("activities", f"presidium_meetings/{visit.id()}"))
    return await _page(visit, Form.of(FIELDS, record), record=record, version=version)


@action("/presidium/{id}/change", roles=OFFICE, files=True)
async def change_meeting(visit: Visit) -> web.Response:
    path = visit.at("activities", f"presidium_meetings/{visit.id()}")
    record, _ = await visit.api.current(path)

    async def send(form: Form) -> Done:
        patch = removed(form.changes(record, visit.today, visit.year), attendance.OWN)
        body = form.body(visit.today, visit.year)
        came = await attendance.read(visit, OF, form, body, record["attendance"])
        if attendance.states_of(came) != attendance.states_of(record["attendance"]):
            patch["attendance"] = came
        if patch:
            await visit.api.patch(path, patch, version=visit.version)
        return Done(f"/presidium/{visit.id()}", "已保存")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, status, record=record, version=visit.version)

    if attendance.redrawn(visit):
        return await again(Form.sent(FIELDS, visit.sent), 200)
    return await visit.submit(FIELDS, send, again, current=lambda: visit.api.current(path))


async def _page(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str | None = None
) -> web.Response:
    return await attendance.form_page(
        visit,
        "presidium_form.html",
        form,
        of=OF,
        draft=f"presidium/{record['id']}/change" if record else "presidium/new",
        status=status,
        record=record,
        version=version,
        title=title(record) if record else "",
    )


@page("/presidium/{id}", roles=READERS)
async def show_meeting(visit: Visit) -> web.Response:
    return await _record(visit, Form(DONE), 200)


async def _record(visit: Visit, form: Form, status: int) -> web.Response:
    record, version = await visit.api.current(visit.at("activities", f"presidium_meetings/{visit.id()}"))
    names = await attendance.names(visit, record)
    return await visit.form_page(
        "presidium_meeting.html",
        form,
        draft="",
        status=status,
        p=record,
        version=version,
        title=title(record),
        names=names,
    )


@action("/presidium/{id}/decisions/{number}", roles=OFFICE)
async def finish_decision(visit: Visit) -> web.Response:
    path = visit.at("activities", f"presidium_meetings/{visit.id()}/decisions/{visit.id('number')}:done")

    async def send(form: Form) -> Done:
        await visit.api.post(path, form.body(visit.today, visit.year), key=visit.key, version=visit.version)
        return Done(f"/presidium/{visit.id()}", "已登记办好")

    return await visit.submit(DONE, send, lambda form, status: _record(visit, form, status))


PAGES: Final = (
    list_meetings,
    new_meeting,
    hold_meeting,
    show_form,
    change_meeting,
    show_meeting,
    finish_decision,
)
