"""The endpoint that imports an Excel workbook, and helpers that turn cells of a row into a request."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import Busy, File, Invalid
from shared.http import Call, Route, Upload, download, route
from shared.http.bulkhead import Bulkhead, off_the_loop
from shared.storage.work import Record
from shared.validation import field_errors
from shared.workbook import (
    MAX_BYTES,
    XLSX,
    Done,
    ImportReport,
    Row,
    Sheet,
    Vocabulary,
    WorkbookWrong,
    annotated,
)

FORM_BYTES: Final = 65_536
"""Allowance for the multipart form around a workbook of maximum size."""

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)


class ImportQuery(BaseModel):
    """`dry_run`: report what the import would do, without doing it."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False


Q = TypeVar("Q", bound=ImportQuery)


def import_route(
    importer: Callable[[Call[Q, Upload]], Awaitable[ImportReport]],
    *,
    query: type[Q],
    sheets: Sequence[Sheet],
    vocabulary: Vocabulary,
    roles: Collection[str],
    summary: str,
) -> Route:
    """The route POST `…/imports`: the workbook is applied as a whole or, where a cell is wrong, not at all.

    A caller whose Accept names the type of workbooks gets it back with its problems instead of a report.
    Errors: WorkbookWrong, Busy.
    """
    bulkhead = Bulkhead(at_once=2, waiting=8, retry_seconds=10)

    @route(
        "POST",
        "/towns/{town}/imports",
        roles=roles,
        query=query,
        limit=MAX_BYTES + FORM_BYTES,
        problems=[Busy],
        returns=ImportReport,
        produces=(XLSX,),
        summary=summary,
    )
    async def import_workbook(call: Call[Q, Upload]) -> ImportReport | web.Response:
        async with bulkhead.turn():
            report = await importer(call)
            copy = await _annotated(call, report) if wants_workbook(call.request) else None
        if not (report.applied or report.dry_run):
            wrong = WorkbookWrong(report.summary(), errors=report.errors())
            wrong.file = copy
            raise wrong
        return report if copy is None else download(copy.data, copy.name, copy.content_type)

    async def _annotated(call: Call[Q, Upload], report: ImportReport) -> File:
        upload = call.body
        data = await off_the_loop(
            annotated, upload.data, report, sheets, filename=upload.filename, vocabulary=vocabulary
        )
        return File(data, f"{PurePath(upload.filename or '工作簿').stem}-问题.xlsx", XLSX)

    return import_workbook


def wants_workbook(request: web.BaseRequest) -> bool:
    """Whether Accept names the type of workbooks, and not JSON before it."""
    types = [part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(",")]
    return next((kind == XLSX for kind in types if kind in (XLSX, "application/json")), False)


def filled(row: Row, *without: str) -> dict[str, Any]:
    """The values of the filled cells; an empty cell leaves the recorded value unchanged."""
    return {
        name: value for name, value in row.values.items() if value not in (None, ()) and name not in without
    }


def checked(model: type[M], values: Mapping[str, Any]) -> M:
    """The values as the body of a request. Errors: Invalid."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(errors=field_errors("body", error)) from None


def done(before: R | None, after: R) -> Done:
    """Whether the import of a row created the record, changed it or left it unchanged."""
    if before is None:
        return "new"
    return "unchanged" if after.version == before.version else "changed"
