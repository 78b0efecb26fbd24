"""Duty files: who confirmed, one file with the source of each line, confirming and objecting, all to print."""

import asyncio
from typing import Any, Final

from aiohttp import web

from services.console.api import COUNTING_SECONDS, part
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import AUDITOR, COUNTY, DEPUTY, LEADER, OFFICE
from services.console.pages.file_lines import lines_of, parts_of
from services.console.visit import Done, Visit, action, page

READING: Final = OFFICE | LEADER | COUNTY | AUDITOR
SPEAKING: Final = OFFICE | DEPUTY
FILE: Final = "/files/{kind:deputies|groups}/{id}"
SIGNED: Final = Field("on", "纸上签字的日期", "date", required=True, width=4)
WORDS: Final = Field(
    "text",
    "哪里不对，应当是什么",
    "textarea",
    required=True,
    rows=4,
    width=12,
    hint="如：7月3日的走访我参加了，在新城村，走访 6 户",
)


@page("/files", roles=READING)
async def list_files(visit: Visit) -> web.Response:
    files, objections = await asyncio.gather(
        part(visit.api.get(visit.at("reports", "files"), year=visit.year), COUNTING_SECONDS),
        part(
            visit.api.all(visit.at("reports", "objections"), year=visit.year, state="open"), COUNTING_SECONDS
        ),
    )
    return visit.html("files.html", files=files, objections=objections)


@page("/files.zip", roles=OFFICE | COUNTY | AUDITOR)
async def all_files(visit: Visit) -> web.StreamResponse:
    return await visit.hand_on(visit.at("reports", "files.zip"), year=visit.year)


@page("/me/file", roles=DEPUTY)
async def show_own(visit: Visit) -> web.Response:
    return await _shown(visit, "deputies", own(visit))


@page(FILE, roles=READING | DEPUTY)
async def show_file(visit: Visit) -> web.Response:
    return await _shown(visit, visit.id("kind"), visit.id())


@page(FILE + ".docx", roles=READING | DEPUTY)
async def print_file(visit: Visit) -> web.StreamResponse:
    path = visit.at("reports", f"{visit.id('kind')}/{visit.id()}/file.docx")
    return await visit.hand_on(path, year=visit.year)


def own(visit: Visit) -> str:
    """The mandate of whoever is signed in. Errors: NoPage."""
    if not (id := visit.session.account.get("deputyship_id")):
        raise NoPage("这个账号没有写明是哪一位代表，请人大办改账号")
    return str(id)


async def _shown(visit: Visit, kind: str, id: str) -> web.Response:
    file = await visit.api.get(visit.at("reports", f"{kind}/{id}/file"), year=visit.year)
    return visit.html(
        "file.html",
        file=file,
        kind=kind,
        path=f"/files/{kind}/{id}",
        parts=parts_of(file),
        mine=_mine(visit, kind, id),
        speaks=_mine(visit, kind, id) or visit.may("office"),
        key=visit.key,
    )


def _mine(visit: Visit, kind: str, id: str) -> bool:
    """Whether the statement is one's own: of the deputy, or of whoever leads the group; the service decides."""
    if kind == "groups":
        return visit.may("leader")
    return visit.may("deputy", "leader") and visit.session.account.get("deputyship_id") == id


def _back(visit: Visit) -> str:
    kind, id = visit.id("kind"), visit.id()
    return "/me/file" if kind == "deputies" and _mine(visit, kind, id) else f"/files/{kind}/{id}"


def _fields(visit: Visit, *fields: Field) -> tuple[Field, ...]:
    """The office enters what was signed on paper, with its day."""
    return fields if _mine(visit, visit.id("kind"), visit.id()) else (*fields, SIGNED)


def _body(visit: Visit, form: Form) -> dict[str, Any]:
    body = form.body(visit.today, visit.year) | {"year": visit.year}
    return body if _mine(visit, visit.id("kind"), visit.id()) else body | {"on_behalf": True}


def _path(visit: Visit, command: str) -> str:
    return visit.at("reports", f"{visit.id('kind')}/{visit.id()}/file:{command}")


@page(FILE + "/confirm", roles=SPEAKING)
async def check_confirmation(visit: Visit) -> web.Response:
    return await _confirm_page(visit, Form(_fields(visit)))


@action(FILE + "/confirm", roles=SPEAKING)
async def confirm(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = _body(visit, form) | {"digest": str(visit.sent.get("digest", ""))}
        await visit.api.post(_path(visit, "confirm"), body, key=visit.key)
        return Done(_back(visit), f"已确认{visit.year}年履职档案。以后哪一行有变动，这里会写明")

    return await visit.submit(_fields(visit), send, lambda form, status: _confirm_page(visit, form, status))


async def _confirm_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    path = visit.at("reports", f"{visit.id('kind')}/{visit.id()}/file")
    file = await visit.api.get(path, year=visit.year)
    return await visit.form_page(
        "file_confirm.html",
        form,
        draft="",
        status=status,
        file=file,
        parts=parts_of(file),
        back=_back(visit),
    )


@page(FILE + "/object", roles=SPEAKING)
async def new_objection(visit: Visit) -> web.Response:
    return await _object_page(visit, Form(_fields(visit, WORDS)))


@action(FILE + "/object", roles=SPEAKING)
async def object_to(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = _body(visit, form)
        if record := str(visit.sent.get("record", "")):
            source, _, subject = record.partition(" ")
            body["record"] = {"source": source, "subject": subject}
        await visit.api.post(_path(visit, "object"), body, key=visit.key)
        return Done(_back(visit), "异议已提出，人大办核实以后答复")

    return await visit.submit(
        _fields(visit, WORDS), send, lambda form, status: _object_page(visit, form, status)
    )


async def _object_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    path = visit.at("reports", f"{visit.id('kind')}/{visit.id()}/file")
    file = await visit.api.get(path, year=visit.year)
    record = str(visit.sent.get("record", "")) or visit.asked("record")
    line = next((line for line in lines_of(file) if line.key == record), None) if record else None
    return await visit.form_page(
        "file_object.html",
        form,
        draft=f"files/{visit.id('kind')}/{visit.id()}/object",
        status=status,
        file=file,
        line=line,
        record=record if line else "",
        back=_back(visit),
    )


PAGES: Final = (
    list_files,
    all_files,
    show_own,
    print_file,
    show_file,
    check_confirmation,
    confirm,
    new_objection,
    object_to,
)
