"""Routes of the report of an area as a document."""

import asyncio
from typing import Final

from aiohttp import web

from services.reports.document import render_area_docx
from services.reports.document.manifest import AREA, AREA_CHECK
from services.reports.domain import Report
from services.reports.errors import AreaTooWide, NoReport
from services.reports.handlers import areas
from services.reports.routes.documents import DOCX, sent, signer
from services.reports.routes.periods import period_of
from services.reports.routes.roles import WATCHERS
from services.reports.schemas import AreaReportQuery
from shared.errors import Busy
from shared.http import Call, route

PROBLEMS: Final = (AreaTooWide, NoReport, Busy)


@route("GET", "/report.docx", name="area_report_docx", roles=WATCHERS, produces=[DOCX], problems=PROBLEMS)
async def area_docx(call: Call[AreaReportQuery]) -> web.StreamResponse:
    """一个县（市、区）的总结：各乡镇上报情况和已接收总结的合计数字，没有上报的列名，不排名次。"""
    return await _sent(call, await _compiled(call), AREA, "report.docx")


@route(
    "GET",
    "/report/check.docx",
    name="area_report_check_docx",
    roles=WATCHERS,
    produces=[DOCX],
    problems=PROBLEMS,
)
async def area_check(call: Call[AreaReportQuery]) -> web.StreamResponse:
    """县（市、区）总结的核对说明：每个指标的口径和各乡镇的数，各乡镇日志的末号和散列；不随总结报送。"""
    return await _sent(call, await _compiled(call, check=True), AREA_CHECK, "check.docx")


async def _compiled(call: Call[AreaReportQuery], *, check: bool = False) -> Report:
    return await areas.compiled(
        call.work, call.path["prefix"], period_of(call), signed_on=call.query.signed_on, check=check
    )


async def _sent(call: Call[AreaReportQuery], report: Report, document: str, name: str) -> web.StreamResponse:
    content = await asyncio.to_thread(render_area_docx, report, signer(call), document)
    return sent(report.title, name, DOCX, content)
