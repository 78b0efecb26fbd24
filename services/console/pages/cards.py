"""Public cards of deputies and stations: the switch, and the addresses that are put up."""

from typing import Final

from aiohttp import web

from services.console.api import COUNTING_SECONDS, part
from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.visit import Done, Visit, action, page

NO_FIELDS: Final[tuple[Field, ...]] = ()


@page("/cards", roles=OFFICE)
async def show_cards(visit: Visit) -> web.Response:
    return await _page(visit, Form(NO_FIELDS))


async def _page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    town = await visit.api.answer("GET", f"/roster/v1/towns/{visit.town}")
    base = visit.asked("base_url") or visit.public_url
    cards = await part(visit.api.get(visit.at("reports", "public_cards"), base_url=base), COUNTING_SECONDS)
    return await visit.form_page(
        "cards.html",
        form,
        draft="",
        status=status,
        public=town.body["public"],
        version=town.version,
        base=base,
        deputies=[card for card in cards["items"] if card["kind"] == "deputy"] if cards else None,
        stations=[card for card in cards["items"] if card["kind"] == "station"] if cards else None,
    )


@page("/cards/{turn:on|off}", roles=OFFICE)
async def check_switch(visit: Visit) -> web.Response:
    return await _switch_page(visit, Form(NO_FIELDS))


@action("/cards/{turn:on|off}", roles=OFFICE)
async def switch(visit: Visit) -> web.Response:
    on = visit.id("turn") == "on"

    async def send(_: Form) -> Done:
        path = f"/roster/v1/towns/{visit.town}"
        await visit.api.patch(path, {"public": on}, version=visit.version)
        return Done(
            "/cards", "公开页已打开，下面是各页的地址" if on else "公开页已关上，一分钟之内都打不开了"
        )

    return await visit.submit(NO_FIELDS, send, lambda form, status: _switch_page(visit, form, status))


async def _switch_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    town = await visit.api.answer("GET", f"/roster/v1/towns/{visit.town}")
    turn = visit.id("turn")
    return await visit.form_page(
        "cards_switch.html", form, draft="", status=status, on=turn == "on", version=town.version
    )


PAGES: Final = (show_cards, check_switch, switch)
