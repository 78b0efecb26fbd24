"""What is known of the voter behind an opinion, kept apart and logged whenever it is opened; erasure; opinion codes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from services.console import choices, commands
from services.console.api import LATE_SECONDS, part
from services.console.errors import Refused
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.pages.opinions import address
from services.console.visit import VERSION, Done, Visit, action, page

CONTACT: Final = (Field("name", "称呼", width=4, empty=""), Field("phone", "电话", width=4, empty=""))
REASON: Final = (Field("reason", "为什么删除", required=True, hint="如 本人要求删除", width=12),)


@page("/opinions/{id}/contact", roles=OFFICE)
async def show_contact(visit: Visit) -> web.Response:
    """Opening it is logged by the service; that is what the page says."""
    try:
        answer = await visit.api.answer("GET", f"{address(visit, visit.id())}/contact")
    except Refused as refused:
        if refused.status != 404:
            raise
        return await _contact_page(visit, Form(CONTACT))
    return await _contact_page(visit, Form.of(CONTACT, answer.body), there=True, version=_tag(answer.body))


def _tag(contact: Mapping[str, Any]) -> str:
    return f'"{contact["version"]}"'


@action("/opinions/{id}/contact", roles=OFFICE)
async def keep_contact(visit: Visit) -> web.Response:
    path = f"{address(visit, visit.id())}/contact"

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        await visit.api.put(path, body, version=visit.version)
        return Done(f"/opinions/{visit.id()}", "已登记联系方式，加密存放")

    async def again(form: Form, status: int) -> web.Response:
        return await _contact_page(visit, form, status, there=VERSION in visit.sent, version=visit.version)

    return await visit.submit(CONTACT, send, again)


@action("/opinions/{id}/contact/delete", roles=OFFICE)
async def forget_contact(visit: Visit) -> web.Response:
    path = f"{address(visit, visit.id())}/contact"
    await visit.api.answer("DELETE", path, headers={"If-Match": visit.version})
    return await visit.tell(Done(f"/opinions/{visit.id()}", "已删除联系方式，意见不变"))


async def _contact_page(
    visit: Visit, form: Form, status: int = 200, *, there: bool = False, version: str | None = None
) -> web.Response:
    return await visit.form_page(
        "opinion_contact.html", form, draft="", status=status, there=there, version=version, id=visit.id()
    )


@page("/opinions/{id}/erase", roles=OFFICE)
async def ask_erasure(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    return await _erasure_page(visit, Form(REASON), 200, answer.version or "")


@action("/opinions/{id}/erase", roles=OFFICE)
async def erase(visit: Visit) -> web.Response:
    path = address(visit, visit.id())

    async def send(form: Form) -> Done:
        await commands.act(visit, path, f"{path}:erase", form.body(visit.today, visit.year))
        return Done(f"/opinions/{visit.id()}", "已永久删除内容、答复和联系方式；条数照旧计入")

    return await visit.submit(
        REASON, send, lambda form, status: _erasure_page(visit, form, status, visit.version)
    )


async def _erasure_page(visit: Visit, form: Form, status: int, version: str) -> web.Response:
    return await visit.form_page(
        "opinion_erase.html", form, draft="", status=status, version=version, id=visit.id()
    )


@page("/receptions/codes", roles=READERS)
async def list_codes(visit: Visit) -> web.Response:
    stations = await part(choices.stations(visit), LATE_SECONDS)
    codes = await part(visit.api.all(visit.at("activities", "opinion_codes")), LATE_SECONDS)
    by_station: dict[str, list[Mapping[str, Any]]] = {}
    for code in codes or ():
        by_station.setdefault(code["station_id"], []).append(code)
    return visit.html(
        "opinion_codes.html",
        stations=stations,
        codes=None if codes is None else by_station,
        key=visit.key,
        base=visit.asked("base_url", visit.voters_url),
    )


@action("/receptions/codes/{station}/issue", roles=OFFICE)
async def issue_code(visit: Visit) -> web.Response:
    path = visit.at("activities", f"stations/{visit.id('station')}/opinion_codes")
    made = await visit.api.post(path, {}, key=visit.key)
    poster = (f"/receptions/codes/{made['id']}/poster", "打印海报")
    return await visit.tell(Done("/receptions/codes", "已发二维码", [poster]))


@action("/receptions/codes/{id}/revoke", roles=OFFICE)
async def revoke_code(visit: Visit) -> web.Response:
    path = visit.at("activities", f"opinion_codes/{visit.id()}")
    await visit.api.post(f"{path}:revoke", {}, key=visit.key, version=visit.version)
    return await visit.tell(Done("/receptions/codes", "已停用；已收到的意见不变"))


@page("/receptions/codes/{id}/poster", roles=OFFICE)
async def print_poster(visit: Visit) -> web.StreamResponse:
    base = visit.asked("base_url", visit.voters_url)
    path = visit.at("activities", f"opinion_codes/{visit.id()}/poster")
    return await visit.hand_on(path, accept="application/pdf", base_url=base)


PAGES: Final[Sequence[Any]] = (
    show_contact, keep_contact, forget_contact, ask_erasure, erase, list_codes, issue_code, revoke_code, print_poster,
)  # fmt: skip
