"""Webhooks of the area: added, tried, changed, stopped; what was delivered, and sending it again."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.errors import Refused
from services.console.forms import Field, Form
from services.console.menu import AUDITOR, COUNTY, OFFICE
from services.console.pages.accounts import shown_once
from services.console.visit import Done, Visit, action, page

MANAGERS: Final = OFFICE | COUNTY
SHOWN: Final = 100
REASONS: Final = {
    "asked": "已停用",
    "gone": "已停用：对方答复不再接收",
    "failing": "已停用：五天里一件也没有送到",
}
STATES: Final = {"pending": "待送", "delivered": "送到", "failed": "已放弃"}
DONE: Final = {
    "test": "已试送一件，结果看下面的送达记录",
    "disable": "已停用，没有送到的留着",
    "enable": "已重新启用，停用期间的接着送",
}
HOOK: Final = (
    Field("url", "接收的网址", required=True, hint="以 https:// 开头", width=8),
    Field("description", "说明", hint="如 县里的大屏", width=4),
    Field(
        "types", "只要这些事件", "lines", rows=3, hint="一行一个，如 reports.report.*；空着是全部", width=8
    ),
    Field("ordered", "同一事件流按次序送", "check", width=4),
)


EMPTY: Final[Mapping[str, Any]] = {"description": "", "types": [], "ordered": False}


def _base(visit: Visit) -> str:
    return f"/reports/v1/areas/{visit.session.area}/webhooks"


def _path(visit: Visit) -> str:
    return f"{_base(visit)}/{visit.id()}"


@page("/webhooks", roles=MANAGERS | AUDITOR)
async def list_webhooks(visit: Visit) -> web.Response:
    found = await visit.api.get(_base(visit))
    return visit.html("webhooks.html", webhooks=found["items"], reasons=REASONS)


@page("/webhooks/new", roles=MANAGERS)
async def new_webhook(visit: Visit) -> web.Response:
    return _form(visit, Form.of(HOOK, {}))


@action("/webhooks/new", roles=MANAGERS)
async def add_webhook(visit: Visit) -> web.Response:
    async def send(form: Form) -> web.Response:
        return _given(visit, await visit.api.post(_base(visit), _body(visit, form)))

    return await shown_once(
        Form.sent(HOOK, visit.sent), send, lambda wrong, code: _form(visit, wrong, status=code)
    )


@page("/webhooks/{id}", roles=MANAGERS | AUDITOR)
async def show_webhook(visit: Visit) -> web.Response:
    return await _page(visit)


@action("/webhooks/{id}", roles=MANAGERS)
async def change_webhook(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = {**EMPTY} | {name: value for name, value in _body(visit, form).items() if value is not None}
        await visit.api.patch(_path(visit), body, version=visit.version)
        return Done(f"/webhooks/{visit.id()}", "已改")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, status)

    async def current() -> tuple[Mapping[str, Any], str]:
        return await visit.api.current(_path(visit))

    return await visit.submit(HOOK, send, again, current=current)


@action("/webhooks/{id}/{verb:test|disable|enable}", roles=MANAGERS)
async def command_webhook(visit: Visit) -> web.Response:
    verb = visit.id("verb")
    return await _done(visit, f":{verb}", {}, DONE[verb])


@action("/webhooks/{id}/rotate", roles=MANAGERS)
async def rotate_webhook(visit: Visit) -> web.Response:
    """New keys; with `alone` those before are void at once."""
    body = {"keep_hours": 0} if "alone" in visit.sent else {}
    return _given(visit, await visit.api.post(f"{_path(visit)}:rotate", body, version=visit.version))


@action("/webhooks/{id}/replay", roles=MANAGERS)
async def replay_webhook(visit: Visit) -> web.Response:
    """One event, or all that did not arrive."""
    event = str(visit.sent.get("event_id", ""))
    return await _done(visit, ":replay", {"event_id": event} if event else {"failed": True}, "正在重送")


def _body(visit: Visit, form: Form) -> Mapping[str, Any]:
    return form.body(visit.today, visit.year)


async def _done(visit: Visit, verb: str, body: Mapping[str, Any], message: str) -> web.Response:
    try:
        await visit.api.post(f"{_path(visit)}{verb}", body, version=visit.version)
    except Refused as refused:
        return await visit.tell(Done(f"/webhooks/{visit.id()}", Form(()).refuse(refused).title))
    return await visit.tell(Done(f"/webhooks/{visit.id()}", message))


async def _page(visit: Visit, form: Form | None = None, status: int = 200) -> web.Response:
    webhook, version = await visit.api.current(_path(visit))
    state = visit.asked("state") if visit.asked("state") in STATES else ""
    asked = {"state": state} if state else {}
    log = await visit.api.get(
        f"{_path(visit)}/deliveries", limit=SHOWN, cursor=visit.asked("cursor") or None, **asked
    )
    return visit.html(
        "webhook.html",
        status=status,
        webhook=webhook,
        version=version,
        form=form or Form.of(HOOK, webhook),
        log=log,
        state=state,
        states=STATES,
        reasons=REASONS,
    )


def _form(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return visit.html("webhook_new.html", status=status, form=form)


def _given(visit: Visit, given: Any) -> web.Response:
    return visit.html("webhook_given.html", given=given)


PAGES: Final = (
    *(list_webhooks, new_webhook, add_webhook, show_webhook, change_webhook, command_webhook),
    *(rotate_webhook, replay_webhook),
)
