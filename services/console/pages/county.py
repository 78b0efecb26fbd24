"""The county's pages: towns and their reports, sums over them, accepting and returning."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.errors import NoPage
from services.console.forms import Faulty, Field, Form
from services.console.menu import AUDITOR, COUNTY
from services.console.pages import report, reporting
from services.console.pages.desk import turn_to, turn_to_town
from services.console.pages.reporting import Place
from services.console.visit import Done, Visit, action, page

YEAR: Final = r"/county/{year:[0-9]{4}}"
TOWN: Final = YEAR + r"/{town:[0-9]{9}}"
WATCHERS: Final = COUNTY | AUDITOR
SHOWN: Final = (
    ("deputies.town.serving", "在任"),
    ("deputies.town.quota", "名额"),
    ("congress.sessions", "代表大会"),
    ("presidium.meetings", "主席团"),
    ("group_activities.times", "小组活动"),
    ("congress.attendance_rate", "出席率"),
    ("suggestions.reply_rate", "建议答复率"),
)
"""Figures that stand on the board, with their short names."""
STATES: Final = (
    ("accepted", "okay"),
    ("submitted", "act"),
    ("approved", "mid"),
    ("draft", "pale"),
    ("compiling", "pale"),
    ("incomplete", "warned"),
    ("returned", "bad"),
    ("none", "none"),
)
"""Statuses in the order of the hand-in bar, with the class that colours each."""
REASON: Final = (Field("reason", "退回的原因", "textarea", required=True, width=12, rows=5),)


async def year_of(visit: Visit) -> int:
    """The year of the path, which the other pages are about then; without one the year chosen."""
    if text := visit.request.match_info.get("year"):
        await turn_to(visit, int(text))
    return visit.year


async def _board(visit: Visit, year: int, figures: str) -> Any:
    return await visit.api.get(f"/reports/v1/areas/{visit.session.area}/years/{year}", figures=figures)


@page("/county", roles=WATCHERS)
async def show_county(visit: Visit) -> web.Response:
    return await _county(visit)


@page(YEAR, roles=WATCHERS)
async def show_county_of_year(visit: Visit) -> web.Response:
    return await _county(visit)


async def _county(visit: Visit) -> web.Response:
    year = await year_of(visit)
    board = await _board(visit, year, ",".join(id for id, _ in SHOWN))
    for town in board["towns"]:
        town["shown"] = {figure["id"]: figure for figure in town["figures"]}
    return visit.html("county.html", board=board, bars=_bars(board), shown=SHOWN)


def _bars(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parts of the hand-in bar: how many towns stand where, and the place of each part in percent."""
    total, bars, at = len(board["towns"]), [], 0
    for status, colour in STATES:
        if count := board["counts"].get(status, 0):
            place = {"x": 100 * at / total, "width": 100 * count / total}
            bars.append({"status": status, "colour": colour, "count": count, **place})
            at += count
    return bars


@page(YEAR + r"/{file:report|check}.docx", roles=WATCHERS)
async def download_county(visit: Visit) -> web.StreamResponse:
    """The county's own report over the accepted ones, or its check document."""
    name = "report/check.docx" if visit.id("file") == "check" else "report.docx"
    return await visit.hand_on(f"/reports/v1/areas/{visit.session.area}/years/{await year_of(visit)}/{name}")


@page("/county/totals", roles=WATCHERS)
async def show_totals(visit: Visit) -> web.Response:
    """Sums over the towns; `?figure=` lists what each town has."""
    id = visit.asked("figure")
    board = await _board(visit, visit.year, id)
    opened = next((figure for figure in board["figures"] if figure["id"] == id), None)
    return visit.html("county_totals.html", board=board, opened=opened)


# --- one town


async def place_of_town(visit: Visit) -> Place:
    """The report of a town, which the other pages are about then. Errors: NoPage."""
    year, town = await year_of(visit), visit.id("town")
    if not town.startswith(visit.session.area):
        raise NoPage
    await turn_to_town(visit, town)
    return Place(town, year, f"/county/{year}/{town}", f"/reports/v1/towns/{town}/years/{year}", county=True)


@page(TOWN, roles=WATCHERS)
async def show_town(visit: Visit) -> web.StreamResponse:
    return await report.workbench(visit, await place_of_town(visit))


@page(TOWN + "/check", roles=WATCHERS)
async def show_check(visit: Visit) -> web.Response:
    return await report.check(visit, await place_of_town(visit))


@page(TOWN + "/figures", roles=WATCHERS)
async def list_figures(visit: Visit) -> web.Response:
    return await report.figures(visit, await place_of_town(visit))


@page(TOWN + "/figures/{id}", roles=WATCHERS)
async def show_figure(visit: Visit) -> web.Response:
    return await report.figure(visit, await place_of_town(visit))


@page(f"{TOWN}/{report.FILE}", roles=WATCHERS)
async def download(visit: Visit) -> web.StreamResponse:
    return await report.file(visit, await place_of_town(visit))


@page(TOWN + "/accept", roles=COUNTY)
async def show_accept(visit: Visit) -> web.Response:
    return await _decision(visit, await place_of_town(visit), "accept", Form(()))


@action(TOWN + "/accept", roles=COUNTY)
async def accept(visit: Visit) -> web.Response:
    place = await place_of_town(visit)

    async def send(_: Form) -> Done:
        await visit.api.post(f"{place.api}/report:accept", key=visit.key, version=visit.version)
        return Done(f"/county/{place.year}", f"已接收{visit.town_name}{place.year}年总结")

    async def again(form: Form, status: int) -> web.Response:
        return await _decision(visit, place, "accept", form, status)

    return await visit.submit((), send, again)


@page(TOWN + "/return", roles=COUNTY)
async def show_return(visit: Visit) -> web.Response:
    return await _decision(visit, await place_of_town(visit), "return", Form(REASON))


@action(TOWN + "/return", roles=COUNTY)
async def send_back(visit: Visit) -> web.Response:
    """First the reason, shown as it will reach the town; then the same, confirmed."""
    place = await place_of_town(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, place.year)
        await visit.api.post(f"{place.api}/report:return", body, key=visit.key, version=visit.version)
        return Done(f"/county/{place.year}", f"已退回{visit.town_name}{place.year}年总结")

    async def again(form: Form, status: int) -> web.Response:
        return await _decision(visit, place, "return", form, status)

    if "confirmed" in visit.sent:
        return await visit.submit(REASON, send, again)
    form = Form.sent(REASON, visit.sent)
    try:
        form.body(visit.today, place.year)
    except Faulty:
        form.title = "请写明退回的原因"
        return await _decision(visit, place, "return", form, 422)
    return await _decision(visit, place, "return", form, checked="change" not in visit.sent)


async def _decision(
    visit: Visit, place: Place, command: str, form: Form, status: int = 200, *, checked: bool = False
) -> web.Response:
    standing = await reporting.standing(visit, place)
    return await visit.form_page(
        "county_decision.html",
        form,
        draft="",
        status=status,
        place=place,
        standing=standing,
        report=standing.report,
        command=command,
        checked=checked,
        version=str(visit.version or standing.version),
        shown=[standing.figures[id] for id, _ in SHOWN if id in standing.figures],
    )


PAGES: Final = (
    *(show_county, show_county_of_year, show_totals, show_town, show_check, list_figures, show_figure),
    *(download, download_county, show_accept, accept, show_return, send_back),
)
