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
    render_docx,
    render_html,
    render_xlsx,
)
from services.reports.document.manifest import SIGNATURE_TYPE, Sign
from services.reports.domain import Report
from services.reports.errors import NoConverter, NotComplete
from services.reports.handlers import readings
from services.reports.handlers.photographs import photographs_of_report
from services.reports.pdf import Converter
from services.reports.routes.periods import period_of
from services.reports.routes.roles import READERS
from services.reports.settings import Settings
from shared.endpoints.exports import XLSX
from shared.errors import Busy
from shared.http import KEYS, Call, Route, route

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML: Final = "text/html; charset=utf-8"
PDF: Final = "application/pdf"
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
        problems=[NotComplete, NoConverter, Busy],
    )
    async def pdf(self, call: Call[schemas.VersionQuery]) -> web.StreamResponse:
        """年度总结的 pdf 文件，由服务器上的 LibreOffice 转换；没有安装时说明原因。"""
        report = await self._read(call)
        docx = await asyncio.to_thread(render_docx, report, await _photographs(call, report), None)
        return sent(report.title, "report.pdf", PDF, await self.converter.convert(docx))

    def _form(self, ending: str, content_type: str, render: Render, *, illustrated: bool = False) -> Route:
        async def handle(call: Call[schemas.VersionQuery]) -> web.StreamResponse:
            report = await self._read(call)
            photographs = await _photographs(call, report) if illustrated else {}
            content = await asyncio.to_thread(render, report, photographs, _signer(call))
            return sent(report.title, f"report.{ending}", content_type, content)

        return route(
            "GET",
            f"/report.{ending}",
            roles=READERS,
            name=f"report_{ending}",
            summary=f"年度总结的 {ending} 文件；数据未齐全时不提供。",
            produces=[content_type],
            problems=[NotComplete],
        )(handle)

    async def _read(self, call: Call[schemas.VersionQuery]) -> Report:
        return await readings.document(
            call.work, period_of(call), call.query.version, self.settings.seal_seconds
        )


def _signer(call: Call) -> Sign | None:
    """Signs with the key of the service's checkpoints."""
    keys = call.request.app[KEYS].get(call.store.service)
    return partial(keys.sign, kind=SIGNATURE_TYPE) if keys is not None else None


def _html(report: Report, photographs: Mapping[str, bytes], _: Sign | None) -> bytes:
    return render_html(report, photographs).encode()


def _json(report: Report, *_: object) -> bytes:
    return report.model_dump_json(indent=2).encode()


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
