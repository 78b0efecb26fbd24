"""Handing in: until when a county takes reports, more time for one town, and the receipt."""

import json
from typing import Any, Final

from aiohttp import web

from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import COUNTY, OFFICE
from services.console.pages import county, report, reporting
from services.console.pages.reporting import Place
from services.console.visit import Done, Visit, action, page

YES: Final = "yes"
WINDOW: Final = (
    Field("due_on", "上报截止日期", "due", required=True, width=4),
    Field(
        "locked",
        "截止以后",
        "select",
        required=True,
        options=(("no", "照收，记作逾期"), (YES, "锁定，不延期不能再报")),
        width=4,
    ),
    Field("reason", "依据", required=True, hint="文件名称或者通知", width=8),
)
EXTENSION: Final = (
    Field("until", "延到哪天", "due", required=True, width=4),
    Field("reason", "为什么延", required=True, width=8),
)


@page(county.YEAR + "/window", roles=COUNTY)
async def show_window(visit: Visit) -> web.Response:
    window = await _window(visit, await county.year_of(visit)) or {}
    record = {**window, "locked": YES if window.get("locked") else "no"}
    return await _window_page(visit, Form.of(WINDOW, record))


@action(county.YEAR + "/window", roles=COUNTY)
async def set_window(visit: Visit) -> web.Response:
    year = await county.year_of(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, year)
        body["locked"] = body["locked"] == YES
        path = f"/reports/v1/areas/{visit.session.area}/years/{year}/window"
        await visit.api.answer("PUT", path, json=body)
        return Done(f"/county/{year}", f"已定{year}年度总结的上报截止日期")

    return await visit.submit(WINDOW, send, lambda form, status: _window_page(visit, form, status))


@page(county.TOWN + "/extend", roles=COUNTY)
async def show_extend(visit: Visit) -> web.Response:
    return await _extend_page(visit, await county.place_of_town(visit), Form(EXTENSION))


@action(county.TOWN + "/extend", roles=COUNTY)
async def extend(visit: Visit) -> web.Response:
    place = await county.place_of_town(visit)

    async def send(form: Form) -> Done:
        await visit.api.post(f"{place.api}/report:extend", form.body(visit.today, place.year), key=visit.key)
        return Done(f"/county/{place.year}", f"已给{visit.town_name}延期")

    return await visit.submit(EXTENSION, send, lambda form, status: _extend_page(visit, place, form, status))


async def _window(visit: Visit, year: int) -> dict[str, Any] | None:
    board = await visit.api.get(f"/reports/v1/areas/{visit.session.area}/years/{year}", limit=1)
    found: dict[str, Any] | None = board["window"]
    return found


async def _window_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return await visit.form_page("county_window.html", form, draft="", status=status)


async def _extend_page(visit: Visit, place: Place, form: Form, status: int = 200) -> web.Response:
    window = await _window(visit, place.year)
    return await visit.form_page(
        "county_extend.html", form, draft="", status=status, place=place, window=window
    )


# --- the receipt


@page(report.YEAR + "/receipt", roles=OFFICE)
async def show_receipt(visit: Visit) -> web.StreamResponse:
    return await _receipt(visit, await reporting.of_the_town(visit))


@page(county.TOWN + "/receipt", roles=county.WATCHERS)
async def show_receipt_to_county(visit: Visit) -> web.StreamResponse:
    return await _receipt(visit, await county.place_of_town(visit))


async def _receipt(visit: Visit, place: Place) -> web.StreamResponse:
    """The receipt of the latest submission; with its statement and what was handed in as downloads."""
    receipt = await visit.api.maybe(f"{place.api}/report/receipt")
    if receipt is None:
        raise NoPage(f"{place.year}年的总结还没有上报过，没有回执")
    if visit.asked("download") == "report":
        return await visit.hand_on(f"{place.api}/report.json", version=receipt["edition"])
    if visit.asked("download"):
        headers = {
            "Content-Disposition": f'attachment; filename="receipt-{place.town}-{place.year}.json"',
            "Cache-Control": "no-store",
        }
        text = json.dumps(receipt, ensure_ascii=False, indent=2)
        return web.Response(text=text, content_type="application/json", headers=headers)
    return visit.html("receipt.html", place=place, receipt=receipt)


PAGES: Final = (
    *(show_window, set_window, show_extend, extend),
    *(show_receipt, show_receipt_to_county),
)
