"""Credentials of programs: made, renewed, disabled; a secret is shown once."""

from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form
from services.console.menu import AUDITOR
from services.console.pages.accounts import MANAGERS, shown_once
from services.console.visit import Done, Visit, action, page

KINDS: Final = (
    ("service", "程序：送入登记的内容"),
    ("office", "人大办的程序"),
    ("county", "县里的程序"),
    ("auditor", "审计的程序：只读"),
)


def _fields(visit: Visit) -> tuple[Field, ...]:
    offered = KINDS if visit.may("county") else KINDS[:2]
    return (
        Field("name", "名称", required=True, hint="如 县里的大屏", width=4),
        Field("roles", "身份", "checks", required=True, options=offered, width=8),
        Field(
            "areas", "区划代码", "lines", required=True, rows=2, hint="乡镇 9 位，县 6 位；一行一个", width=4
        ),
        Field("expires_on", "用到哪一天", "date", required=True, hint="写全年月日，如 20271231", width=4),
    )


@page("/clients", roles=MANAGERS | AUDITOR)
async def list_clients(visit: Visit) -> web.Response:
    found = await part(visit.api.all("/accounts/v1/clients", limit=200), LATE_SECONDS)
    return visit.html("clients.html", clients=found)


@page("/clients/new", roles=MANAGERS)
async def new_client(visit: Visit) -> web.Response:
    return _form(visit, Form.of(_fields(visit), {"areas": [visit.session.town or visit.session.area]}))


@action("/clients/new", roles=MANAGERS)
async def add_client(visit: Visit) -> web.Response:
    async def send(form: Form) -> web.Response:
        body = form.body(visit.today, visit.year)
        return _given(visit, await visit.api.post("/accounts/v1/clients", body, key=visit.key))

    form = Form.sent(_fields(visit), visit.sent)
    return await shown_once(form, send, lambda wrong, code: _form(visit, wrong, code))


def _form(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return visit.html("client_new.html", status=status, form=form, key=visit.key)


def _given(visit: Visit, given: Any) -> web.Response:
    return visit.html("client_given.html", given=given)


@action("/clients/{id}/rotate", roles=MANAGERS)
async def rotate_client(visit: Visit) -> web.Response:
    """Another secret; with `alone` those before are void at once."""
    body = {"alone": "alone" in visit.sent}
    path = f"/accounts/v1/clients/{visit.id()}:rotate"
    return _given(visit, await visit.api.post(path, body, version=visit.version))


@action("/clients/{id}/disable", roles=MANAGERS)
async def disable_client(visit: Visit) -> web.Response:
    client = await visit.api.post(f"/accounts/v1/clients/{visit.id()}:disable", {}, version=visit.version)
    return await visit.tell(Done("/clients", f"已停用程序凭证：{client['name']}"))


PAGES: Final = (list_clients, new_client, add_client, rotate_client, disable_client)
