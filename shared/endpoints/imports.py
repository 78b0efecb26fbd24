"""The endpoint that imports an Excel workbook, and helpers that turn cells of a row into a request."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import Busy, Invalid
from shared.http import Call, Route, Upload, route
from shared.http.bulkhead import Bulkhead
from shared.storage.work import Record
from shared.validation import field_errors
from shared.workbook import MAX_BYTES, Done, ImportReport, Row, WorkbookWrong

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
    roles: Collection[str],
    summary: str,
) -> Route:
    """The route POST `…/imports`: the workbook is applied as a whole or, where a cell is wrong, not at all.

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
        summary=summary,
    )
    async def import_workbook(call: Call[Q, Upload]) -> ImportReport:
        async with bulkhead.turn():
            report = await importer(call)
        if not (report.applied or report.dry_run):
            raise WorkbookWrong(f"有 {report.totals.wrong} 处错误，未写入任何内容", errors=report.errors())
        return report

    return import_workbook


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
