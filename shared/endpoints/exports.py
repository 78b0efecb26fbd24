"""The endpoint that exports records as an Excel workbook with the sheets that imports read.

Importing an exported workbook changes nothing. Where a column has no term for a recorded value the cell stays empty,
and imports ignore empty cells.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Annotated

import structlog
from pydantic import BaseModel, ConfigDict, Field

from shared.http import Call, Download, Route, download, route
from shared.workbook import XLSX, Rows, Sheet, write


class ExportQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    blank: Annotated[bool, Field(description="只要空白的表，栏目说明写在列名的批注里")] = False


log = structlog.get_logger(__name__)


def export_route(
    rows: Callable[[Call], Awaitable[Rows]],
    *,
    sheets: Sequence[Sheet],
    filename: str,
    roles: Collection[str],
    summary: str,
) -> Route:
    """The route GET `…/exports`. Each export is logged, because a workbook may contain personal data."""

    @route("GET", "/towns/{town}/exports", roles=roles, produces=(XLSX,), summary=summary)
    async def export_workbook(call: Call[ExportQuery]) -> Download:
        if call.query.blank:
            return download(await asyncio.to_thread(write, sheets, {}), f"空白{filename}", XLSX)
        data = await asyncio.to_thread(write, sheets, await rows(call))
        log.info("ledger exported", town=call.town, reader=call.actor.sub)
        return download(data, filename, XLSX)

    return export_workbook
