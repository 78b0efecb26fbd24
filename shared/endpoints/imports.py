"""The Excel door every ledger has: one route, and how a row's cells become a request."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.errors import Invalid
from shared.http import Call, Route, Upload, route
from shared.storage.work import Record
from shared.validation import field_errors
from shared.workbook import MAX_BYTES, Done, ImportReport, Row, WorkbookWrong

FORM_BYTES: Final = 65_536
"""Room for the form around a workbook of the greatest size."""

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)


class ImportQuery(BaseModel):
    """`dry_run`: only say what would happen."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False


Q = TypeVar("Q", bound=ImportQuery)


def import_of(
    importer: Callable[[Call[Q, Upload]], Awaitable[ImportReport]],
    *,
    query: type[Q],
    roles: Collection[str],
    summary: str,
) -> Route:
    """POST `…/imports`: the workbook is applied whole or, where one cell is wrong, not at all (WorkbookWrong)."""

    @route(
        "POST",
        "/towns/{town}/imports",
        roles=roles,
        query=query,
        limit=MAX_BYTES + FORM_BYTES,
        summary=summary,
    )
    async def import_workbook(call: Call[Q, Upload]) -> ImportReport:
        report = await importer(call)
        if not (report.applied or report.dry_run):
            raise WorkbookWrong(f"有 {report.totals.wrong} 处错误，未写入任何内容", errors=report.errors())
        return report

    return import_workbook


def filled(row: Row, *without: str) -> dict[str, Any]:
    """The cells that are filled; an empty one leaves what is recorded as it is."""
    return {
        name: value for name, value in row.values.items() if value not in (None, ()) and name not in without
    }


def checked(model: type[M], values: Mapping[str, Any]) -> M:
    """The values as a request over HTTP would have to bring them."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(errors=field_errors("body", error)) from None


def done(before: R | None, after: R) -> Done:
    if before is None:
        return "new"
    return "unchanged" if after.version == before.version else "changed"
