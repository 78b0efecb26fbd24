"""The files of a report's filing package, and the receipts of its way."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from services.reports import repository
from services.reports.document import gapless, render_check_docx, render_docx, render_xlsx
from services.reports.document.content import has_check
from services.reports.document.filing import CHECK, SUMMARY
from services.reports.document.manifest import Sign, signed_manifest
from services.reports.domain import Report
from services.reports.errors import NoConverter
from services.reports.pdf import Converter
from shared.envelope import source_of
from shared.storage import outbox
from shared.storage.work import Work

_STEPS: Final[Mapping[str, str]] = {
    "reports.report.approved.v1": "核准",
    "reports.report.submitted.v1": "上报",
    "reports.report.accepted.v1": "县级人大常委会接收",
    "reports.report.returned.v1": "县级人大常委会退回",
}
_CHINA: Final = timezone(timedelta(hours=8))
_PAGE: Final = 1000


async def files(
    work: Work,
    report: Report,
    photographs: Mapping[str, bytes],
    *,
    sign: Sign | None,
    keys: bytes | None,
    converter: Converter,
) -> dict[str, bytes]:
    """By name. `keys`: JWK set the manifests are signed with. Errors: Busy."""
    found = await asyncio.to_thread(_documents, report, photographs, sign)
    for name in (SUMMARY, CHECK):
        if name in found and (pdf := await _archival(converter, found[name])):
            found[name.replace("docx", "pdf")] = pdf
    if keys is not None:
        found["证明/公钥.json"] = keys
    steps = [event async for event in _receipts(work, report)]
    found["回执.json"] = json.dumps(steps, ensure_ascii=False, indent=2).encode()
    found["回执.txt"] = ("".join(map(_told, steps)) or "这份总结还没有核准。\n").encode()
    return found


def _documents(report: Report, photographs: Mapping[str, bytes], sign: Sign | None) -> dict[str, bytes]:
    found = {SUMMARY: render_docx(report, photographs, sign)}
    if has_check(report):
        found[CHECK] = render_check_docx(report, sign)
    proofs = {f"证明/{name.replace('docx', 'jws')}": signed_manifest(docx) for name, docx in found.items()}
    found |= {name: proof for name, proof in proofs.items() if proof}
    found["数据.xlsx"] = render_xlsx(report)
    found["总结.json"] = report.model_dump_json(indent=2).encode()
    return found


async def _archival(converter: Converter, docx: bytes) -> bytes | None:
    """PDF/A-2; none where this machine cannot convert."""
    try:
        return await converter.convert(await asyncio.to_thread(gapless, docx), archival=True)
    except NoConverter:
        return None


async def _receipts(work: Work, report: Report) -> AsyncIterator[dict[str, Any]]:
    """Events of the report's way up to now, from the service's own log."""
    record = await repository.report_of(work, report.period or str(report.year))
    subject = f"report/{record.id}" if record else ""
    source, after = source_of(work.town, "reports"), 0
    while bodies := await outbox.bodies(work.reader, source, after=after, limit=_PAGE):
        after += len(bodies)
        for event in map(json.loads, bodies):
            if event["subject"] == subject and event["type"] in _STEPS:
                yield event


def _told(event: Mapping[str, Any]) -> str:
    data = event["data"]
    reasons = "；".join(data.get("reasons") or ())
    on = datetime.fromisoformat(event["time"]).astimezone(_CHINA)
    return (
        f"{on.year}年{on.month}月{on.day}日{on:%H:%M}  {_STEPS[event['type']]}  第{data['version']}版"
        f"{'  原因：' + reasons if reasons else ''}\n"
        f"    日志 {event['source']} 第{event['sequence']}号，散列 {event['hash']}\n"
    )
