"""The Excel door the other way: one route, and the same sheets the imports read.

A workbook that was exported and is imported again changes nothing. Where a column has no word for what is recorded the
cell stays empty, which says nothing to an import.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

import structlog

from shared.http import Call, Download, Route, download, route
from shared.workbook import Rows, Sheet, write

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

log = structlog.get_logger(__name__)


def export_of(
    rows: Callable[[Call], Awaitable[Rows]],
    *,
    sheets: Sequence[Sheet],
    filename: str,
    roles: Collection[str],
    summary: str,
) -> Route:
    """GET `…/exports`. Every one leaves a line in the log, for it may hold what is personal."""

    @route("GET", "/towns/{town}/exports", roles=roles, produces=(XLSX,), summary=summary)
    async def export_workbook(call: Call) -> Download:
        data = await asyncio.to_thread(write, sheets, await rows(call))
        log.info("ledger exported", town=call.town, reader=call.actor.sub)
        return download(data, filename, XLSX)

    return export_workbook
