"""An office's own ledger: what its columns are taken for, corrected by a person, turned into the system's workbook."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aiohttp import web

from services.console.errors import Refused
from services.console.forms import Form
from services.console.menu import OFFICE
from services.console.pages.books import NAMES, named
from services.console.pages.excel import one_of
from services.console.repository import Uploaded
from services.console.visit import Visit, action, page

ASKED: Final = "（请填写）"
"""What stands for a value that only the office knows."""


@page("/excel/check/{batch}/{id}/columns", roles=OFFICE)
async def show_columns(visit: Visit) -> web.Response:
    file = await one_of(visit)
    return await _page(visit, file, _book(visit.asked("book")), Form(()))


def _book(name: str) -> str:
    return name if name in NAMES else "roster"


@action("/excel/check/{batch}/{id}/columns", roles=OFFICE)
async def convert(visit: Visit) -> web.Response:
    """The ledger as somebody says it is read takes the file's place, and is checked as any other."""
    file, service = await one_of(visit), _book(str(visit.sent.get("book", "")))
    pages = await _proposed(visit, file, service)
    body: dict[str, Any] = {
        "file": base64.b64encode(file.data).decode(),
        "filename": file.name,
        "pages": [
            {"title": one["title"], "into": list(_confirmed(visit, number, one))}
            for number, one in enumerate(pages)
        ],
    }
    missing = [
        header
        for one in body["pages"]
        for into in one["into"]
        for header, value in into["fixed"].items()
        if value == ASKED
    ]
    if missing:
        form = Form((), dict(visit.sent))
        form.title, form.others = "还有要您填的", [f"请填写“{header}”" for header in missing]
        return await _page(visit, file, service, form, 422)
    try:
        answer = await visit.api.answer("POST", visit.at(service, "imports:convert"), json=body)
    except Refused as refused:
        form = Form((), dict(visit.sent)).refuse(refused)
        return await _page(visit, file, service, form, refused.status)
    name = f"{file.name.rpartition('.')[0] or file.name}-换成系统的表.xlsx"
    await visit.console.repository.add_upload(
        visit.session.user, visit.id("batch"), Uploaded(file.id, name, service, answer.body)
    )
    return visit.go(f"/excel/check/{visit.id('batch')}")


async def _proposed(visit: Visit, file: Uploaded, service: str) -> list[dict[str, Any]]:
    answer = await visit.api.answer(
        "POST", visit.at(service, "imports:propose"), headers=named(file.name), data=file.data
    )
    pages: list[dict[str, Any]] = answer.body["pages"]
    return pages


def _confirmed(visit: Visit, number: int, proposed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The sheets of a page that were left ticked, with their columns as chosen."""
    for index, into in enumerate(proposed["into"]):
        place = f"{number}.{index}"
        if f"{place}.use" not in visit.sent:
            continue
        columns, fixed = {}, {}
        for order, header in enumerate(headers(into)):
            chosen = str(visit.sent.get(f"{place}.{order}.column", ""))
            value = str(visit.sent.get(f"{place}.{order}.fixed", "")).strip()
            if chosen:
                columns[header] = chosen
            elif value:
                fixed[header] = value
        yield {"sheet": into["sheet"], "columns": columns, "fixed": fixed}


def headers(into: Mapping[str, Any]) -> list[str]:
    """The columns of a sheet: those that were found, those that are the same in every row, the others."""
    return [*into["columns"], *into["fixed"], *into["others"]]


async def _page(visit: Visit, file: Uploaded, service: str, form: Form, status: int = 200) -> web.Response:
    fault, pages = "", []
    try:
        pages = await _proposed(visit, file, service)
    except Refused as refused:
        fault = refused.detail or refused.title
    return visit.html(
        "excel_columns.html",
        status=status,
        batch=visit.id("batch"),
        file=file,
        book=service,
        books=NAMES,
        pages=pages,
        headers=headers,
        asked=ASKED,
        form=form,
        fault=fault,
    )


PAGES: Final = (show_columns, convert)
