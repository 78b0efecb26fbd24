"""The workbench of a year's report: the document as it will print, its figures and their records, findings, views."""

import contextlib
from functools import partial
from typing import Any, Final

from aiohttp import web

from services.console.errors import Away, NoPage, Refused
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.pages import reporting
from services.console.pages.reporting import Place, Standing
from services.console.visit import Done, Visit, action, page

YEAR: Final = r"/report/{year:[0-9]{4}}"
FILE: Final = r"{file:file\.(?:docx|pdf|xlsx|json)|check\.docx|archive\.zip}"
"""Files of a report: the summary in its forms, the check document, the filing package."""
TEXT: Final = (Field("text", "段落文字", "textarea", width=12, rows=8),)


@page("/report", roles=READERS)
async def show_report(visit: Visit) -> web.StreamResponse:
    return await workbench(visit, await reporting.of_the_town(visit))


@page(YEAR, roles=READERS)
async def show_report_of_year(visit: Visit) -> web.StreamResponse:
    return await workbench(visit, await reporting.of_the_town(visit))


async def workbench(visit: Visit, place: Place) -> web.StreamResponse:
    """`?figure=` opens a figure, `?edit=` a paragraph, `?now=1` shows the records as they stand. A script asks for the
    figure's part alone."""
    standing = await reporting.standing(visit, place, now=bool(visit.asked("now")))
    opened = None
    if visit.asked("figure"):
        opened = await reporting.figure(visit, place, standing, visit.asked("figure"))
    if visit.request.headers.get("X-Part") == "figure":
        return visit.html("report_figure.html", figure=opened, place=place)
    form = None
    if (edited := visit.asked("edit")) and standing.status in reporting.OPEN and visit.may("office"):
        form = Form.of(TEXT, {"text": _paragraph(standing, edited)["text"]})
    return await _page(visit, place, standing, form, edited=edited, opened=opened)


async def _page(
    visit: Visit,
    place: Place,
    standing: Standing,
    form: Form | None,
    status: int = 200,
    *,
    edited: str = "",
    opened: Any = None,
) -> web.Response:
    wording = None
    if form is not None and _paragraph(standing, edited)["edited"]:
        wording = await visit.api.get(f"{place.api}/wording")
    return await visit.form_page(
        "report.html",
        form or Form(TEXT),
        draft=f"{place.home[1:]}?edit={edited}" if form is not None else "",
        status=status,
        place=place,
        standing=standing,
        report=standing.report,
        editing=edited if form is not None else "",
        opened=opened,
        version=str(visit.version or standing.version),
        differences=next((p for p in wording["paragraphs"] if p["id"] == edited), None) if wording else None,
        writes=visit.may("office") and not place.county,
        list_of=partial(reporting.list_of, roles=visit.session.roles),
    )


def _paragraph(standing: Standing, id: str) -> Any:
    """Errors: NoPage."""
    for section in standing.report["sections"]:
        for paragraph in section["paragraphs"]:
            if paragraph["id"] == id:
                return paragraph
    raise NoPage("总结里没有这个段落")


@action(YEAR + "/paragraphs/{id}", roles=OFFICE)
async def change_paragraph(visit: Visit) -> web.Response:
    """Take over the office's own text; an empty one brings the computed text back."""
    place, id = await reporting.of_the_town(visit), visit.id()

    async def current() -> tuple[Any, str]:
        standing = await reporting.standing(visit, place)
        return {"text": _paragraph(standing, id)["text"]}, standing.version

    async def send(form: Form) -> Done:
        body = {"text": str(form.value("text")).strip()}
        await visit.api.patch(f"{place.api}/paragraphs/{id}", body, version=visit.version)
        told = "已保存这一段，重新编制时保留" if body["text"] else "已恢复自动文字"
        return Done(f"{place.home}#p-{id}", told)

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, place, await reporting.standing(visit, place), form, status, edited=id)

    return await visit.submit(TEXT, send, again, current=current)


@action(YEAR + "/paragraphs/{id}/check", roles=OFFICE)
async def check_paragraph(visit: Visit) -> web.Response:
    """For the script: numbers in a text that no figure gives, while it is typed."""
    place = await reporting.of_the_town(visit)
    body = {"text": str(visit.sent.get("text", ""))}
    checked = await visit.api.post(f"{place.api}/paragraphs/{visit.id()}:check", body)
    return web.json_response({"flags": checked["flags"]})


@page(YEAR + "/state", roles=READERS)
async def show_state(visit: Visit) -> web.Response:
    """For the script: whether a report that is being compiled is there yet."""
    standing = await reporting.standing(visit, await reporting.of_the_town(visit))
    return web.json_response({"status": standing.status})


@page(YEAR + "/figures", roles=READERS)
async def list_figures(visit: Visit) -> web.Response:
    return await figures(visit, await reporting.of_the_town(visit))


async def figures(visit: Visit, place: Place) -> web.Response:
    return visit.html("report_figures.html", place=place, standing=await reporting.standing(visit, place))


@page(YEAR + "/figures/{id}", roles=READERS)
async def show_figure(visit: Visit) -> web.Response:
    return await figure(visit, await reporting.of_the_town(visit))


async def figure(visit: Visit, place: Place) -> web.Response:
    standing = await reporting.standing(visit, place)
    found = await reporting.figure(visit, place, standing, visit.id())
    path, title = reporting.list_of(found["id"], place.year, roles=visit.session.roles)
    return visit.html(
        "report_records.html", place=place, standing=standing, figure=found, path=path, title=title
    )


@page(YEAR + "/check", roles=READERS)
async def show_check(visit: Visit) -> web.Response:
    return await check(visit, await reporting.of_the_town(visit))


async def check(visit: Visit, place: Place) -> web.Response:
    standing = await reporting.standing(visit, place)
    return visit.html(
        "report_check.html",
        place=place,
        standing=standing,
        report=standing.report,
        list_of=partial(reporting.list_of, roles=visit.session.roles),
    )


@page(YEAR + "/compare", roles=READERS)
async def show_last_year(visit: Visit) -> web.Response:
    """This year's paragraphs beside those of the year before, section by section."""
    place = await reporting.of_the_town(visit)
    last = Place(place.town, place.year - 1, place.home, place.api[:-4] + str(place.year - 1))
    this, before = await reporting.standing(visit, place), None
    with contextlib.suppress(Refused):
        found = await reporting.standing(visit, last)
        if found.sealed or reporting.recorded(found.figures.values()):
            before = found
    old = {section["id"]: section for section in before.report["sections"]} if before else {}
    new = {section["id"] for section in this.report["sections"]}
    pairs = [(section, old.get(section["id"])) for section in this.report["sections"]]
    pairs += [(None, section) for id, section in old.items() if id not in new]
    return visit.html("report_compare.html", place=place, standing=this, before=before, pairs=pairs)


@page(YEAR + "/differences", roles=READERS)
async def show_differences(visit: Visit) -> web.Response:
    place = await reporting.of_the_town(visit)
    standing = await reporting.standing(visit, place)
    found = None
    if standing.sealed and standing.report["version"] > 1:
        found = await visit.api.maybe(f"{place.api}/report/differences", since=visit.asked("since"))
    return visit.html("report_differences.html", place=place, standing=standing, found=found)


@page(f"{YEAR}/{FILE}", roles=READERS)
async def download(visit: Visit) -> web.StreamResponse:
    return await file(visit, await reporting.of_the_town(visit))


async def file(visit: Visit, place: Place) -> web.StreamResponse:
    name, _, kind = visit.id("file").partition(".")
    path = f"report.{kind}" if name == "file" else f"report/{name}.{kind}"
    try:
        return await visit.hand_on(f"{place.api}/{path}")
    except Away:
        if kind not in _CONVERTED:
            raise
        title, detail = _CONVERTED[kind]
        return visit.html("message.html", status=503, title=title, detail=detail)


_CONVERTED: Final = {
    "pdf": ("没有转成 PDF", "服务器现在转换不了。请下载 Word，用 Word 或 WPS 另存为 PDF。"),
    "zip": ("归档包没有做成", "服务器正忙于转换。请过一会儿再下载。"),
}
PAGES: Final = (
    *(show_report, show_report_of_year, change_paragraph, check_paragraph, show_state, list_figures),
    *(show_figure, show_check, show_last_year, show_differences, download),
)
