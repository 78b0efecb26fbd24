"""Routes of a report as a document, with content types, file names and security headers."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

from aiohttp import web

from services.reports import schemas
from services.reports.document import (
    CONTENT_SECURITY_POLICY,
    gapless,
    render_check_docx,
    render_docx,
    render_html,
    render_json,
    render_xlsx,
    zipped,
)
from services.reports.document.check_text import TITLE as CHECK
from services.reports.document.content import has_check
from services.reports.document.filing import filing
from services.reports.document.manifest import SIGNATURE_TYPE, Sign
from services.reports.domain import Report
from services.reports.errors import NoConverter, NoPhotograph, NoReport, NotComplete
from services.reports.handlers import filing as package
from services.reports.handlers import readings
from services.reports.handlers.photographs import photographs_of_report
from services.reports.pdf import Converter
from services.reports.routes.periods import period_of
from services.reports.routes.roles import READERS
from services.reports.settings import Settings
from shared.errors import Busy
from shared.http import KEYS, Call, Route, route
from shared.workbook import XLSX

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML: Final = "text/html; charset=utf-8"
PDF: Final = "application/pdf"
ZIP: Final = "application/zip"
_SHOWN: Final = ("html", "json")
Render = Callable[[Report, Mapping[str, bytes], Sign | None], bytes]
"""Renderer of a report and the bytes of its photographs by digest, empty for forms without photographs; the signer is
for forms with a manifest."""


@dataclass(frozen=True)
class Documents:
    settings: Settings
    converter: Converter

    @property
    def docx(self) -> Route:
        return self._form("docx", DOCX, render_docx, illustrated=True)

    @property
    def html(self) -> Route:
        return self._form("html", HTML, _html, illustrated=True)

    @property
    def xlsx(self) -> Route:
        return self._form("xlsx", XLSX, lambda report, *_: render_xlsx(report))

    @property
    def json(self) -> Route:
        return self._form("json", "application/json", _json)

    @route(
        "GET",
        "/report.pdf",
        name="report_pdf",
        roles=READERS,
        produces=[PDF],
        problems=[NotComplete, NoPhotograph, NoConverter, Busy],
    )
    async def pdf(self, call: Call[schemas.VersionQuery]) -> web.StreamResponse:
        """年度总结的 pdf 文件，由服务器上的 LibreOffice 转换；没有安装时说明原因。"""
        report = await self._read(call)
        docx = await asyncio.to_thread(render_docx, report, await _photographs(call, report), None)
        printed = await asyncio.to_thread(gapless, docx)
        return sent(report.title, "report.pdf", PDF, await self.converter.convert(printed))

    @route(
        "GET",
        "/report/check.docx",
        name="report_check_docx",
        roles=READERS,
        produces=[DOCX],
        problems=[NotComplete],
    )
    async def check(self, call: Call[schemas.VersionQuery]) -> web.StreamResponse:
        """核对说明的 docx 文件：待核事项、完整性证明、每个指标的口径和依据的记录；不随总结报送。"""
        report = await self._read(call)
        if not has_check(report):
            raise NoReport("这一版总结编制时还没有核对说明，其内容在总结的附件里；重新编制后就有")
        content = await asyncio.to_thread(render_check_docx, report, signer(call))
        return sent(f"{report.title}{CHECK}", "check.docx", DOCX, content)

    @route(
        "GET",
        "/report/archive.zip",
        name="report_archive",
        roles=READERS,
        produces=[ZIP],
        problems=[NotComplete, NoPhotograph, Busy],
    )
    async def archive(self, call: Call[schemas.VersionQuery]) -> web.StreamResponse:
        """归档包：总结和核对说明（docx、PDF/A-2）、工作簿、数据、签名证明、回执和带散列的目录，不用本系统也能打开。"""
        report = await self._read(call)
        keys = call.request.app[KEYS].get(call.store.service)
        files = await package.files(
            call.work,
            report,
            await _photographs(call, report),
            sign=signer(call),
            keys=keys.published() if keys else None,
            converter=self.converter,
        )
        content = await asyncio.to_thread(lambda: b"".join(zipped(filing(report, files))))
        return sent(f"{report.title}归档包", "archive.zip", ZIP, content)

    def _form(self, ending: str, content_type: str, render: Render, *, illustrated: bool = False) -> Route:
        async def handle(call: Call[schemas.VersionQuery]) -> web.StreamResponse:
            report = await self._read(call)
            photographs = await _photographs(call, report) if illustrated else {}
            content = await asyncio.to_thread(render, report, photographs, signer(call))
            return sent(report.title, f"report.{ending}", content_type, content)

        return route(
            "GET",
            f"/report.{ending}",
            roles=READERS,
            name=f"report_{ending}",
            summary=f"年度总结的 {ending} 文件；数据未齐全时不提供。",
            versioned=False,
            **({"returns": Report} if ending == "json" else {"produces": [content_type]}),
            problems=[NotComplete, NoPhotograph] if illustrated else [NotComplete],
        )(handle)

    async def _read(self, call: Call[schemas.VersionQuery]) -> Report:
        return await readings.document(
            call.work, period_of(call), call.query.version, self.settings.seal_seconds
        )


def signer(call: Call) -> Sign | None:
    """Signs with the key of the service's checkpoints."""
    keys = call.request.app[KEYS].get(call.store.service)
    return partial(keys.sign, kind=SIGNATURE_TYPE) if keys is not None else None


def _html(report: Report, photographs: Mapping[str, bytes], _: Sign | None) -> bytes:
    return render_html(report, photographs).encode()


def _json(report: Report, *_: object) -> bytes:
    return render_json(report)


async def _photographs(call: Call, report: Report) -> Mapping[str, bytes]:
    return await photographs_of_report(call.work, call.store.database, report)


def headers(title: str, filename: str, content_type: str) -> dict[str, str]:
    """Headers of a file. `filename`: ASCII fallback of the title with its extension."""
    ending = filename.rpartition(".")[2]
    shown = "inline" if ending in _SHOWN else "attachment"
    name = quote(f"{title}.{ending}")
    common = {
        "Content-Type": content_type,
        "Content-Disposition": f"{shown}; filename=\"{filename}\"; filename*=UTF-8''{name}",
    }
    return {**common, "Content-Security-Policy": CONTENT_SECURITY_POLICY} if ending == "html" else common


def sent(title: str, filename: str, content_type: str, content: bytes) -> web.Response:
    return web.Response(body=content, headers=headers(title, filename, content_type))
