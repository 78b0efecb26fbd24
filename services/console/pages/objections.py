"""Objections to duty files: the list, and the office's answer."""

import asyncio
from typing import Any, Final

from aiohttp import web

from services.console.api import COUNTING_SECONDS, part
from services.console.forms import Field, Form
from services.console.menu import AUDITOR, COUNTY, DEPUTY, OFFICE
from services.console.pages.file_lines import latest, lines_of
from services.console.pages.rating_facts import names_on
from services.console.visit import Done, Visit, action, page

READING: Final = OFFICE | DEPUTY | COUNTY | AUDITOR
SPEAKING: Final = OFFICE | DEPUTY
ANSWER: Final = (
    Field(
        "outcome",
        "核实的结果",
        "radio",
        required=True,
        options=(("corrected", "已更正"), ("kept", "维持原记录")),
        width=12,
        hint="先在登记里更正，再来答复",
    ),
    Field("remark", "答复", "textarea", required=True, width=12, hint="维持原记录的，写明理由"),
    Field("on", "答复日期", "date", width=4, hint="不填是今天"),
)
SIGNED: Final = (Field("on", "纸上签字的日期", "date", required=True, width=4),)


@page("/objections", roles=READING)
async def list_objections(visit: Visit) -> web.Response:
    objections, names = await asyncio.gather(
        part(visit.api.all(visit.at("reports", "objections"), year=visit.year), COUNTING_SECONDS),
        names_on(visit, latest(visit.today, visit.year)),
    )
    return visit.html("objections.html", objections=objections, names=names)


@page("/objections/{id}", roles=READING)
async def show_objection(visit: Visit) -> web.Response:
    return await _page(visit)


async def _page(
    visit: Visit, form: Form | None = None, status: int = 200, withdrawal: Form | None = None
) -> web.Response:
    answer = await visit.api.answer("GET", _path(visit))
    objection = answer.body
    names, file = await asyncio.gather(
        names_on(visit, latest(visit.today, objection["year"])), _file(visit, objection)
    )
    shown = form or Form(_fields(objection, file))
    return await visit.form_page(
        "objection.html",
        shown,
        draft=f"objections/{visit.id()}" if visit.may("office") else "",
        status=status,
        objection=objection,
        name=names.get(objection["deputyship_id"], ""),
        version=answer.version,
        refused=withdrawal.messages if withdrawal else [],
    )


def _path(visit: Visit) -> str:
    return visit.at("reports", f"objections/{visit.id()}")


async def _file(visit: Visit, objection: Any) -> Any:
    """The file as it stands, where the office chooses the line that was put right."""
    if objection["record"] is not None or not visit.may("office"):
        return None
    kind, id = (
        ("groups", objection["group_id"])
        if objection["group_id"]
        else ("deputies", objection["deputyship_id"])
    )
    return await part(
        visit.api.get(visit.at("reports", f"{kind}/{id}/file"), year=objection["year"]), COUNTING_SECONDS
    )


def _fields(objection: Any, file: Any) -> tuple[Field, ...]:
    """What is missing has no record yet: the office says which one it has entered since."""
    if objection["record"] is not None:
        return ANSWER
    lines = lines_of(file) if file else ()
    options = {line.key: f"{line.on} {line.text}".strip() for line in lines if line.key}
    record = Field(
        "record", "更正的是哪一条", "select", options=tuple(options.items()), width=8, hint="已更正的要选"
    )
    return (*ANSWER, record)


@action("/objections/{id}", roles=OFFICE)
async def settle(visit: Visit) -> web.Response:
    objection = await visit.api.get(_path(visit))
    fields = _fields(objection, await _file(visit, objection))

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        if record := body.pop("record", ""):
            source, _, subject = str(record).partition(" ")
            body["record"] = {"source": source, "subject": subject}
        await visit.api.post(_path(visit) + ":settle", body, key=visit.key, version=visit.version)
        return Done("/objections", "异议已答复")

    return await visit.submit(fields, send, lambda form, status: _page(visit, form, status))


@action("/objections/{id}/withdraw", roles=SPEAKING)
async def withdraw(visit: Visit) -> web.Response:
    fields = SIGNED if visit.may("office") else ()

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        if visit.may("office"):
            body["on_behalf"] = True
        await visit.api.post(_path(visit) + ":withdraw", body, key=visit.key, version=visit.version)
        return Done("/objections", "异议已撤回")

    return await visit.submit(fields, send, lambda form, status: _page(visit, None, status, form))


PAGES: Final = (list_objections, show_objection, settle, withdraw)
