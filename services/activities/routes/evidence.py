"""Photographs and scans."""

from typing import cast

from pydantic import BaseModel

from services.activities import schemas
from services.activities.domain.evidence import Evidence
from services.activities.domain.values import Id
from services.activities.errors import EvidenceUnfit, EvidenceVoided
from services.activities.handlers import evidence
from services.activities.repository import ACTIVITIES, EVIDENCE
from services.activities.routes.door import OFFICE, READERS, api
from shared.http import Call, Download, Reply, Upload, add_command, download
from shared.http.paging import Paging, cursor_after, id_in
from shared.pictures import SIGNATURES
from shared.storage.mongo import file_of
from shared.storage.store import Store

EVIDENCE_BYTES = 10 * 1024 * 1024
NOT_SAID = "application/octet-stream"


class EvidenceQuery(Paging):
    """`activity_id`: only the files that this activity names."""

    activity_id: Id | None = None


class EvidencePage(BaseModel):
    items: list[Evidence]
    next_cursor: str | None


@api.route(
    "POST",
    "/towns/{town}/evidence",
    roles=OFFICE,
    body=Upload,
    accepts=(*SIGNATURES, NOT_SAID),
    limit=EVIDENCE_BYTES,
    status=201,
    problems=[EvidenceUnfit],
)
async def keep_evidence(call: Call) -> Reply[Evidence]:
    """上传活动的照片或扫描件（JPEG、PNG、PDF），照片中的拍摄地点等信息自动去除；所得编号填入活动的 evidence。"""
    database = cast(Store, call.store).database
    kept = await evidence.keep_evidence(call.work, database, call.body.filename or "未命名", call.body.data)
    return Reply(kept, version=kept.version)


@api.route("GET", "/towns/{town}/evidence", roles=READERS, query=EvidenceQuery)
async def list_evidence(call: Call) -> EvidencePage:
    """照片和扫描件的列表，可按活动查。"""
    wanted = {}
    if call.query.activity_id is not None:
        activity = await call.work.require(ACTIVITIES, call.query.activity_id)
        wanted = {"$or": [{"_id": {"$in": list(activity.evidence)}}]}
    limit = call.query.limit
    found = await call.work.page(EVIDENCE, wanted, after=id_in(call.query.cursor), limit=limit + 1)
    following = cursor_after(found[limit - 1].id) if len(found) > limit else None
    return EvidencePage(items=found[:limit], next_cursor=following)


@api.route(
    "GET", "/towns/{town}/evidence/{id}", roles=READERS, produces=tuple(SIGNATURES), problems=[EvidenceVoided]
)
async def get_evidence(call: Call) -> Download:
    """下载照片或扫描件。"""
    kept = await call.subject(EVIDENCE)
    kept.check_kept()
    data = await file_of(cast(Store, call.store).database, kept.id)
    return download(data, kept.filename, kept.content_type)


add_command(
    api,
    "evidence",
    EVIDENCE,
    "void",
    schemas.ReasonIn,
    evidence.void_evidence,
    write=OFFICE,
    label="作废误传的照片或扫描件：不再提供，内容随后删除，只留摘要和事由",
)
