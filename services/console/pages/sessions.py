"""Sessions of the congress: the list, the form with its business, one record, progress of livelihood projects."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.pages import attendance
from services.console.pages.records import following, people_of, removed
from services.console.pages.session_fields import fields, recorded, typed
from services.console.visit import Done, Visit, action, page

OF: Final = "session"
PROGRESS: Final = (
    Field("progress", "进展", "textarea", rows=2, width=8),
    Field("done_on", "完成日期", "date", width=4),
)
RATING: Final = (
    Field("on", "测评日期", "date", required=True, width=3),
    Field("satisfied", "满意", "number", required=True, width=2),
    Field("basically_satisfied", "基本满意", "number", required=True, width=2),
    Field("dissatisfied", "不满意", "number", required=True, width=2),
    Field("abstained", "弃权", "number", width=2),
)


@page("/sessions", roles=READERS)
async def list_sessions(visit: Visit) -> web.Response:
    asked = {
        "order": "-held_on",
        "total": True,
        "q": visit.asked("q").strip(),
        "cursor": visit.asked("cursor"),
    }
    held, absences = await asyncio.gather(
        part(visit.api.get(visit.at("activities", "sessions"), **asked), LATE_SECONDS),
        part(visit.api.get(visit.at("activities", "absences")), LATE_SECONDS),
    )
    names = dict(await people_of(visit)) if absences and absences["items"] else {}
    more = following(visit, held["next_cursor"] if held else None)
    return visit.html("sessions.html", held=held, absences=absences, names=names, following=more)


@page("/sessions/new", roles=OFFICE)
async def new_session(visit: Visit) -> web.Response:
    town = await part(visit.api.maybe(f"/roster/v1/towns/{visit.town}"), LATE_SECONDS) or {}
    given = {"congress_number": visit.asked("congress") or town.get("congress_number")}
    return await _page(visit, Form.of(fields(await people_of(visit)), given))


@action("/sessions/new", roles=OFFICE, files=True)
async def hold_session(visit: Visit) -> web.Response:
    parts = fields(await people_of(visit))
    if attendance.redrawn(visit):
        return await _page(visit, Form.sent(parts, visit.sent))

    async def send(form: Form) -> Done:
        body = recorded(form.body(visit.today, visit.year))
        body["attendance"] = await attendance.read(visit, OF, form, body)
        held = await visit.api.post(visit.at("activities", "sessions"), body, key=visit.key)
        told = attendance.told(held["attendance"], len(held["expected"]))
        return Done(
            f"/sessions/{held['id']}",
            f"已保存：{title(held)}。{told}。",
            [(f"/sessions/{held['id']}/change", "改")],
        )

    return await visit.submit(parts, send, lambda form, status: _page(visit, form, status))


@page("/sessions/{id}/change", roles=OFFICE)
async def show_form(visit: Visit) -> web.Response:
    record, version = await visit.api.current(visit.at("activities", f"sessions/{visit.id()}"))
    form = Form.of(fields(await people_of(visit, record)), typed(record))
    return await _page(visit, form, record=record, version=version)


@action("/sessions/{id}/change", roles=OFFICE, files=True)
async def change_session(visit: Visit) -> web.Response:
    path = visit.at("activities", f"sessions/{visit.id()}")
    record, _ = await visit.api.current(path)
    parts = fields(await people_of(visit, record))

    async def send(form: Form) -> Done:
        patch = form.changes(typed(record), visit.today, visit.year)
        body = form.body(visit.today, visit.year)
        approval = {"approved_on", "approved_by"} & set(patch)
        came = await attendance.read(visit, OF, form, body, None if approval else record["attendance"])
        patch = recorded(removed(patch, (*attendance.OWN, *attendance.APPROVAL)), record)
        if approval or attendance.states_of(came) != attendance.states_of(record["attendance"]):
            patch["attendance"] = came
        if patch:
            await visit.api.patch(path, patch, version=visit.version)
        return Done(f"/sessions/{visit.id()}", "已保存")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, status, record=record, version=visit.version)

    async def current() -> tuple[Mapping[str, Any], str]:
        now, version = await visit.api.current(path)
        return typed(now), version

    if attendance.redrawn(visit):
        return await again(Form.sent(parts, visit.sent), 200)
    return await visit.submit(parts, send, again, current=current)


def title(record: Mapping[str, Any]) -> str:
    return f"第{record['congress_number']}届人民代表大会第{record['session_number']}次会议"


async def _page(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str | None = None
) -> web.Response:
    return await attendance.form_page(
        visit,
        "session_form.html",
        form,
        of=OF,
        draft=f"sessions/{record['id']}/change" if record else "sessions/new",
        status=status,
        record=record,
        version=version,
        title=title(record) if record else "",
    )


@page("/sessions/{id}", roles=READERS)
async def show_session(visit: Visit) -> web.Response:
    return await _record(visit, Form(()), 200)


async def _record(visit: Visit, form: Form, status: int) -> web.Response:
    record, version = await visit.api.current(visit.at("activities", f"sessions/{visit.id()}"))
    names = await attendance.names(visit, record)
    needed = None
    if visit.may("office"):
        asked = {"of": OF, "held_on": record["held_on"], "others": "not_recorded"}
        needed = await part(visit.api.post(visit.at("activities", "attendance:resolve"), asked), LATE_SECONDS)
    return await visit.form_page(
        "session.html",
        form,
        draft="",
        status=status,
        s=record,
        version=version,
        title=title(record),
        names=names,
        needed=needed,
        progress=Form(PROGRESS),
        rating=Form(RATING),
    )


@action("/sessions/{id}/projects/{number}/{what:progress|rate}", roles=OFFICE)
async def follow_project(visit: Visit) -> web.Response:
    """What became of a livelihood project: its progress, or the satisfaction with it."""
    record = visit.at("activities", f"sessions/{visit.id()}/livelihood_projects/{visit.id('number')}")
    parts = PROGRESS if visit.id("what") == "progress" else RATING

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        await visit.api.post(f"{record}:{visit.id('what')}", body, key=visit.key, version=visit.version)
        return Done(f"/sessions/{visit.id()}", "已保存")

    return await visit.submit(parts, send, lambda form, status: _record(visit, form, status))


PAGES: Final = (
    list_sessions,
    new_session,
    hold_session,
    show_form,
    change_session,
    show_session,
    follow_project,
)
