"""Photographs and scans."""

from typing import cast

from services.activities import repository
from services.activities.domain.evidence import SIGNATURES, Evidence
from services.activities.handlers import evidence
from services.activities.repository import EVIDENCE
from services.activities.routes.door import OFFICE, READERS, api
from shared.http import Call, Download, Reply, Upload, download
from shared.store import Store

EVIDENCE_BYTES = 10 * 1024 * 1024


@api.route(
    "POST",
    "/towns/{town}/evidence",
    roles=OFFICE,
    body=Upload,
    accepts=tuple(SIGNATURES),
    limit=EVIDENCE_BYTES,
    status=201,
)
async def keep_evidence(call: Call) -> Reply[Evidence]:
    """上传活动的照片或扫描件（JPEG、PNG、PDF），所得编号填入活动的 evidence。"""
    database = cast(Store, call.store).database
    kept = await evidence.keep_evidence(
        call.work, database, call.body.filename or "未命名", call.body.content_type, call.body.data
    )
    return Reply(kept, version=kept.version)


@api.route("GET", "/towns/{town}/evidence/{id}", roles=READERS, produces=tuple(SIGNATURES))
async def get_evidence(call: Call) -> Download:
    """下载照片或扫描件原件。"""
    kept = await call.subject(EVIDENCE)
    data = await repository.file_of(cast(Store, call.store).database, kept)
    return download(data, kept.filename, kept.content_type)
