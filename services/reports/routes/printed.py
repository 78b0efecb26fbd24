"""Routes of duty files as documents, single and all of a town."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

from services.reports.document import render_file_docx, render_file_html, zipped
from services.reports.handlers import files
from services.reports.routes.documents import DOCX, HTML, headers, sent
from services.reports.routes.files import FILE, GROUP_FILE
from services.reports.routes.roles import READERS
from services.reports.schemas.files import YearQuery
from services.reports.schemas.statements import DutyFileOut, GroupFileOut
from shared.http import Call, Route, route

FILES: Final = "/towns/{town}/files.zip"
FORMS: Final[dict[str, tuple[str, Callable[[DutyFileOut | GroupFileOut], bytes]]]] = {
    "docx": (DOCX, render_file_docx),
    "html": (HTML, lambda file: render_file_html(file).encode()),
}

log = structlog.get_logger(__name__)


async def _of_deputy(call: Call[YearQuery]) -> DutyFileOut:
    return await files.read_deputy(call.work, call.query.year, call.path["deputyship_id"], call.actor)


async def _of_group(call: Call[YearQuery]) -> GroupFileOut:
    return await files.read_group(call.work, call.query.year, call.path["group_id"], call.actor)


def _form(
    ending: str,
    path: str,
    label: str,
    read: Callable[[Call[YearQuery]], Awaitable[DutyFileOut | GroupFileOut]],
    roles: frozenset[str],
) -> Route:
    content_type, render = FORMS[ending]

    async def handle(call: Call[YearQuery]) -> web.StreamResponse:
        file = await read(call)
        content = await asyncio.to_thread(render, file)
        return sent(f"{file.name}{file.year}年{label}", f"file.{ending}", content_type, content)

    return route(
        "GET",
        f"{path}.{ending}",
        roles=roles,
        name=f"{'duty' if path == FILE else 'group'}_file_{ending}",
        summary=f"{label}的 {ending} 文件：八个部分逐行列明依据，有确认情况和签名处，可以打印。",
        produces=[content_type],
    )(handle)


duty_file_docx = _form("docx", FILE, "履职档案", _of_deputy, READERS)
duty_file_html = _form("html", FILE, "履职档案", _of_deputy, READERS)
group_file_docx = _form("docx", GROUP_FILE, "小组履职档案", _of_group, READERS - {"deputy"})
group_file_html = _form("html", GROUP_FILE, "小组履职档案", _of_group, READERS - {"deputy"})


@route("GET", FILES, roles=files.WIDE, produces=["application/zip"])
async def duty_files(call: Call[YearQuery]) -> web.StreamResponse:
    """一年中全部代表和小组的履职档案，每份一个 docx 文件，按姓氏笔画排列，装在一个 zip 里。"""
    documents = await files.read_all(call.work, call.query.year, call.actor)
    log.info("duty files read", reader=call.actor.sub, town=call.town)
    response = web.StreamResponse(
        headers=headers(f"{call.query.year}年履职档案", "files.zip", "application/zip")
    )
    await response.prepare(call.request)
    if call.request.method == "HEAD":  # aiohttp would write a body
        return response
    pieces = zipped((f"{name}.docx", render_file_docx(file)) for name, file in documents)
    # One document at a time, so that not all are in memory.
    while piece := await asyncio.to_thread(next, pieces, b""):
        await response.write(piece)
    await response.write_eof()
    return response
