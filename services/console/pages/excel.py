"""Excel: files are chosen, checked, corrected and imported; templates and exports are fetched."""

import secrets
from typing import Any, Final

from aiohttp import web

from services.console.api import Client
from services.console.errors import NoPage
from services.console.menu import OFFICE
from services.console.pages.books import NAMES, checked, faults, imported, named, whose
from services.console.repository import Uploaded
from services.console.visit import Done, Visit, action, page
from shared.workbook import MAX_BYTES, XLSX

MOST: Final = 8
_SERVICES: Final = "|".join(NAMES)


@page("/excel", roles=OFFICE)
async def show_excel(visit: Visit) -> web.Response:
    return _start(visit)


def _start(visit: Visit, fault: str = "", status: int = 200) -> web.Response:
    return visit.html("excel.html", status=status, fault=fault, books=NAMES)


@action("/excel", roles=OFFICE, files=True)
async def check_files(visit: Visit) -> web.Response:
    """Keep the chosen files and go on to their check."""
    chosen = [
        file for file in visit.sent.getall("files", []) if isinstance(file, web.FileField) and file.filename
    ]
    if not 0 < len(chosen) <= MOST:
        return _start(visit, f"请选择文件，一次最多 {MOST} 个", 422)
    read = [(file, file.file.read()) for file in chosen]
    if large := [file.filename for file, data in read if len(data) > MAX_BYTES]:
        return _start(visit, f"“{'”、“'.join(large)}”超过 {MAX_BYTES >> 20} MB，没有检查", 422)
    batch = secrets.token_urlsafe(9)
    for file, data in read:
        service = await whose(visit, file.filename, data)
        upload = Uploaded(f"{batch}-{secrets.token_urlsafe(6)}", file.filename, service, data)
        await visit.console.repository.add_upload(visit.session.user, batch, upload)
    return visit.go(f"/excel/check/{batch}")


@page("/excel/check/{batch}", roles=OFFICE)
async def show_check(visit: Visit) -> web.Response:
    results = await checked(visit, await _files(visit))
    return visit.html(
        "excel_check.html",
        batch=visit.id("batch"),
        key=visit.key,
        results=results,
        faults=faults(results),
        done=False,
    )


@action("/excel/check/{batch}", roles=OFFICE)
async def import_files(visit: Visit) -> web.Response:
    files = await _files(visit)
    done = await imported(visit, files, visit.key)
    if len(done) == len(files) and all(one.applied for one in done):
        await visit.console.repository.drop_uploads(visit.session.user, visit.id("batch"))
        names = "、".join(one.file.name for one in done)
        new = sum(one.report["totals"]["new"] for one in done if one.report)
        changed = sum(one.report["totals"]["changed"] for one in done if one.report)
        ways = [("/deputies", "看名册"), ("/", "回首页")]
        return await visit.tell(Done("/excel", f"已导入 {names}：新增 {new} 行，修改 {changed} 行", ways))
    return visit.html(
        "excel_check.html", status=422, batch=visit.id("batch"), key="", results=done, faults=(), done=True
    )


@page("/excel/check/{batch}/{id}/marked", roles=OFFICE)
async def fetch_marked(visit: Visit) -> web.StreamResponse:
    """The file as it was sent, its wrong cells marked with comments."""
    file = await one_of(visit)
    return await _handed(
        visit,
        visit.at(file.service, "imports"),
        method="POST",
        query={"dry_run": True},
        headers={**named(file.name), "Accept": XLSX},
        data=file.data,
    )


@page(f"/excel/{{service:{_SERVICES}}}/export", roles=OFFICE)
async def fetch_export(visit: Visit) -> web.StreamResponse:
    return await _handed(visit, visit.at(visit.id("service"), "exports"))


@page(f"/excel/{{service:{_SERVICES}}}/template", roles=OFFICE)
async def fetch_template(visit: Visit) -> web.StreamResponse:
    return await _handed(visit, visit.at(visit.id("service"), "exports"), query={"blank": True})


async def _handed(visit: Visit, path: str, *, method: str = "GET", **asked: Any) -> web.Response:
    """A workbook of a service, for the browser to save."""
    api: Client = visit.api
    answer = await api.answer(method, path, **asked)
    kept = {name: answer.headers[name] for name in ("Content-Disposition",) if name in answer.headers}
    return web.Response(
        body=answer.body, content_type=XLSX, headers={**kept, "Cache-Control": "private, no-store"}
    )


async def _files(visit: Visit) -> list[Uploaded]:
    """Errors: NoPage, where they are no longer kept."""
    files = await visit.console.repository.uploads(visit.session.user, visit.id("batch"))
    if not files:
        raise NoPage("这些文件已经导入，或者放得太久已经删除，请重新选择文件")
    return files


async def one_of(visit: Visit) -> Uploaded:
    """The file of the address. Errors: NoPage."""
    for file in await _files(visit):
        if file.id == visit.id():
            return file
    raise NoPage


PAGES: Final = (
    show_excel,
    check_files,
    show_check,
    import_files,
    fetch_marked,
    fetch_export,
    fetch_template,
)
