"""Activities that a leader entered for the own group: the office confirms or declines, the leader corrects."""

from typing import Any, Final

from aiohttp import web

from services.console.forms import Field, Form
from services.console.menu import LEADER, OFFICE
from services.console.pages import attendance
from services.console.pages.activity_form import Around, entered, form_page, who
from services.console.visit import Done, Visit, action, page

DECLINE: Final = (Field("reason", "退回的原因", required=True, hint="组长看得到", width=8),)
NOTHING: Final[dict[str, Any]] = {
    "attendance": attendance.NOBODY,
    "group_id": None,
    "group_ids": [],
    "expected": [],
}


def _as_record(draft: dict[str, Any]) -> dict[str, Any]:
    """The entry as a record would be; nobody has settled yet who is expected."""
    return {**NOTHING, **draft["entry"], "id": draft["id"], "title": draft["title"], "expected": []}


@page("/activities/drafts/{id}", roles=OFFICE | LEADER)
async def show_draft(visit: Visit) -> web.Response:
    return await _page(visit, Form(DECLINE), 200)


async def _page(visit: Visit, form: Form, status: int) -> web.Response:
    draft, version = await visit.api.current(visit.at("activities", f"activities/drafts/{visit.id()}"))
    record = _as_record(draft)
    groups = await visit.api.all(visit.at("roster", "groups"))
    return await visit.form_page(
        "draft.html",
        form,
        draft="",
        status=status,
        d=draft,
        a=record,
        version=version,
        names=await attendance.names(visit, record),
        labels={group["id"]: group["name"] or f"第{group['number']}小组" for group in groups},
    )


@action("/activities/drafts/{id}/{what:confirm|decline}", roles=OFFICE)
async def settle_draft(visit: Visit) -> web.Response:
    what = visit.id("what")
    path = visit.at("activities", f"activities/drafts/{visit.id()}:{what}")

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        draft = await visit.api.post(path, body, key=visit.key, version=visit.version)
        if what == "confirm":
            return Done(f"/activities/{draft['activity_id']}", f"已确认：{draft['title']}")
        return Done("/activities", f"已退回：{draft['title']}")

    parts = DECLINE if what == "decline" else ()
    return await visit.submit(parts, send, lambda form, status: _page(visit, form, status))


@page("/activities/drafts/{id}/change", roles=LEADER)
async def show_form(visit: Visit) -> web.Response:
    draft, version = await visit.api.current(visit.at("activities", f"activities/drafts/{visit.id()}"))
    record = _as_record(draft)
    around = await Around.of(visit, record)
    form = Form.of(around.fields(), {**record, "who": who(record)})
    return await form_page(visit, form, around, record=record, version=version, draft=_key(visit))


@action("/activities/drafts/{id}/change", roles=LEADER, files=True)
async def correct_draft(visit: Visit) -> web.Response:
    path = visit.at("activities", f"activities/drafts/{visit.id()}")
    draft, _ = await visit.api.current(path)
    record = _as_record(draft)
    around = await Around.of(visit, record)

    async def send(form: Form) -> Done:
        body = await entered(visit, form, record["attendance"])
        await visit.api.patch(path, body, version=visit.version)
        return Done(f"/activities/drafts/{visit.id()}", "已改，等人大办确认")

    async def again(form: Form, status: int) -> web.Response:
        return await form_page(
            visit, form, around, status, record=record, version=visit.version, draft=_key(visit)
        )

    if attendance.redrawn(visit):
        return await again(Form.sent(around.fields(), visit.sent), 200)
    return await visit.submit(around.fields(), send, again)


def _key(visit: Visit) -> str:
    return f"activities/drafts/{visit.id()}/change"


PAGES: Final = (show_draft, settle_draft, show_form, correct_draft)
