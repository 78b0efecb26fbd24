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
    board = await _board(visit)
    window = board["window"] or {}
    record = {**window, "locked": YES if window.get("locked") else "no"}
    return await _page(visit, Form.of(WINDOW, record), "window")


@action(county.YEAR + "/window", roles=COUNTY)
async def set_window(visit: Visit) -> web.Response:
    year = _year(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, year)
        body["locked"] = body["locked"] == YES
        path = f"/reports/v1/areas/{visit.session.area}/years/{year}/window"
        await visit.api.answer("PUT", path, json=body)
        return Done(f"/county/{year}", f"已定{year}年度总结的上报截止日期")

    return await visit.submit(WINDOW, send, lambda form, status: _page(visit, form, "window", status))


@page(county.TOWN + "/extend", roles=COUNTY)
async def show_extend(visit: Visit) -> web.Response:
    return await _page(visit, Form(EXTENSION), "extend")


@action(county.TOWN + "/extend", roles=COUNTY)
async def extend(visit: Visit) -> web.Response:
    year, town = _year(visit), visit.id("town")

    async def send(form: Form) -> Done:
        path = f"/reports/v1/towns/{town}/years/{year}/report:extend"
        await visit.api.post(path, form.body(visit.today, year), key=visit.key)
        return Done(f"/county/{year}", f"已给{town}延期")

    return await visit.submit(EXTENSION, send, lambda form, status: _page(visit, form, "extend", status))


def _year(visit: Visit) -> int:
    return int(visit.request.match_info["year"])


async def _board(visit: Visit) -> dict[str, Any]:
    area = visit.session.area
    found: dict[str, Any] = await visit.api.get(f"/reports/v1/areas/{area}/years/{_year(visit)}", limit=1)
    return found


async def _page(visit: Visit, form: Form, command: str, status: int = 200) -> web.Response:
    town = visit.request.match_info.get("town", "")
    if not town.startswith(visit.session.area if town else ""):
        raise NoPage
    return await visit.form_page(
        "county_hand_in.html",
        form,
        draft="",
        status=status,
        command=command,
        of_year=_year(visit),
        of_town=town,
        window=(await _board(visit))["window"],
    )


# --- the receipt


@page(report.YEAR + "/receipt", roles=OFFICE)
async def show_receipt(visit: Visit) -> web.Response:
    return await _receipt(visit, await reporting.of_the_town(visit))


@page(county.TOWN + "/receipt", roles=county.WATCHERS)
async def show_receipt_to_county(visit: Visit) -> web.Response:
    return await _receipt(visit, await county.place_of_town(visit))


async def _receipt(visit: Visit, place: Place) -> web.Response:
    """The receipt of the latest submission; as JSON with the statement, to be kept, where it is downloaded."""
    receipt = await visit.api.maybe(f"{place.api}/report/receipt")
    if receipt is None:
        raise NoPage(f"{place.year}年的总结还没有上报过，没有回执")
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
