"""A report's way: closing the year, approving, submitting; each is checked on a page before, for none can be undone."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from services.console.api import part
from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.pages import reporting
from services.console.pages.report import YEAR
from services.console.pages.reporting import Place, Standing
from services.console.visit import Done, Visit, action, page

CLOSE: Final = (Field("as_of", "截止日期", "due", hint="不填：年度已过的为12月31日，未过的为今天", width=4),)
OUTLINES: Final = (
    ("A", "甲：按工作内容"),
    ("C", "丙：口号式标题"),
    ("D", "丁：半年总结"),
    ("E", "戊：主席团向大会的工作报告"),
    ("T", "己：一届的工作报告"),
)
INNER: Final = str.maketrans("“”", "‘’")
"""Quotation marks within quotation marks."""
POLLS, POLL_SECONDS = 40, 0.25
"""How long the page of a closing waits for the sources before it shows who is waited for."""


@dataclass(frozen=True)
class Step:
    """`before`: the status from which it is taken."""

    command: str
    title: str
    before: str
    consequence: str
    done: str


STEPS: Final = {
    "approve": Step(
        "approve",
        "核准",
        "draft",
        "核准以后文字和数字不再改动；以后发现差错，改正记录、重新封账，编成更正稿。",
        "已核准。下一步上报县人大常委会",
    ),
    "submit": Step(
        "submit",
        "上报",
        "approved",
        "上报以后由县人大常委会接收或者退回，不能自行撤回。",
        "已上报县人大常委会，等待接收",
    ),
}


@page(YEAR + "/close", roles=OFFICE)
async def show_close(visit: Visit) -> web.Response:
    return await _close_page(visit, await reporting.of_the_town(visit), Form(CLOSE))


async def _close_page(visit: Visit, place: Place, form: Form, status: int = 200) -> web.Response:
    preview, report, fresh = await asyncio.gather(
        part(visit.api.get(f"{place.api}/preview"), 10),
        visit.api.maybe(f"{place.api}/report"),
        part(visit.api.get(visit.at("reports", "freshness"))),
    )
    return await visit.form_page(
        "report_close.html",
        form,
        draft="",
        status=status,
        place=place,
        standing=Standing(preview, sealed=False) if preview else None,
        report=report,
        fresh=fresh,
    )


@action(YEAR + "/close", roles=OFFICE)
async def close(visit: Visit) -> web.Response:
    """Ask for the closing and wait a little, so that mostly the report is what is seen next."""
    place = await reporting.of_the_town(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, place.year)
        closing = await visit.api.post(f"{place.api}/closings", body, key=visit.key)
        state = await _settled(visit, place, str(closing["id"]))
        told = "已封账，总结编成草稿" if state == "compiled" else "已封账，正在等各来源交齐记录"
        return Done(place.home, told)

    return await visit.submit(CLOSE, send, lambda form, status: _close_page(visit, place, form, status))


async def _settled(visit: Visit, place: Place, id: str) -> str:
    state = ""
    for _ in range(POLLS):
        state = (await visit.api.get(f"{place.api}/closings/{id}"))["state"]
        if state not in reporting.WAITING:
            break
        await asyncio.sleep(POLL_SECONDS)
    return state


@page(YEAR + "/{step:approve|submit}", roles=OFFICE)
async def show_step(visit: Visit) -> web.Response:
    place = await reporting.of_the_town(visit)
    return await _step_page(visit, place, Form(()), 200)


async def _step_page(visit: Visit, place: Place, form: Form, status: int) -> web.Response:
    standing = await reporting.standing(visit, place)
    settings = await visit.api.get(f"{place.api}/settings")
    return await visit.form_page(
        "report_step.html",
        form,
        draft="",
        status=status,
        place=place,
        standing=standing,
        report=standing.report,
        settings=settings,
        step=STEPS[visit.id("step")],
        version=str(visit.version or standing.version),
    )


@action(YEAR + "/{step:approve|submit}", roles=OFFICE)
async def take_step(visit: Visit) -> web.Response:
    place, step = await reporting.of_the_town(visit), STEPS[visit.id("step")]

    async def send(_: Form) -> Done:
        await visit.api.post(f"{place.api}/report:{step.command}", key=visit.key, version=visit.version)
        return Done(place.home, step.done)

    return await visit.submit((), send, lambda form, status: _step_page(visit, place, form, status))


# --- settings


def settings_fields(report: Any) -> tuple[Field, ...]:
    """The settings, and a field for the office's own paragraphs of each part."""
    own = tuple(
        Field(
            f"paragraphs.{section['id']}",
            f"写在“{section['heading'].translate(INNER)}”后面",
            "lines",
            hint="每行一段；空着就没有",
            width=12,
        )
        for section in report["sections"]
        if section["heading"]
    )
    return (
        Field(
            "form",
            "文种",
            "radio",
            options=(("summary", "总结"), ("report", "报告（上报县人大常委会）")),
            width=6,
        ),
        Field("document_number", "发文字号", hint="报告才有，如 示例镇人发〔2020〕18号", width=3, empty=""),
        Field("signer", "签发人", hint="报告才有", width=3, empty=""),
        Field("theme", "主题", hint="写进开头，如 学习贯彻……", width=6, empty=""),
        Field("campaign_label", "活动名称", hint="如 “两联一述”", width=3, empty=""),
        Field("outline", "提纲", "select", options=OUTLINES, width=3, empty=""),
        Field("signed_on", "落款日期", "due", hint="不填为截止日期", width=3),
        Field("delivered_on", "向大会报告的日期", "date", hint="在代表大会上作的才填", width=3),
        Field("session_number", "第几次会议", "number", hint="在代表大会上作的才填", width=3),
        Field("speaker", "报告人", hint="在代表大会上作的才填", width=3, empty=""),
        *own,
    )


async def _settings_page(visit: Visit, place: Place, form: Form, status: int, version: str) -> web.Response:
    return await visit.form_page(
        "report_settings.html",
        form,
        draft=f"{place.home[1:]}/settings",
        status=status,
        place=place,
        version=version,
    )


@page(YEAR + "/settings", roles=OFFICE)
async def show_settings(visit: Visit) -> web.Response:
    place = await reporting.of_the_town(visit)
    fields = settings_fields((await reporting.standing(visit, place)).report)
    answer = await visit.api.answer("GET", f"{place.api}/settings")
    form = Form.of(fields, answer.body)
    return await _settings_page(visit, place, form, 200, answer.version or "")


@action(YEAR + "/settings", roles=OFFICE)
async def change_settings(visit: Visit) -> web.Response:
    place = await reporting.of_the_town(visit)
    path, fields = f"{place.api}/settings", settings_fields((await reporting.standing(visit, place)).report)

    async def send(form: Form) -> Done:
        record, _ = await visit.api.current(path)
        if patch := form.changes(record, visit.today, place.year):
            await visit.api.patch(path, patch, version=visit.version)
        return Done(place.home, "已保存总结设置")

    async def again(form: Form, status: int) -> web.Response:
        return await _settings_page(visit, place, form, status, visit.version)

    return await visit.submit(fields, send, again, current=lambda: visit.api.current(path))


PAGES: Final = (show_close, close, show_step, take_step, show_settings, change_settings)
