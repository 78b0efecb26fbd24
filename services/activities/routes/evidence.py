"""Routes of evidence: photographs and scans."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from services.activities import schemas
from services.activities.domain.evidence import Evidence
from services.activities.domain.values import Id
from services.activities.errors import EvidenceLost, EvidenceUnfit, EvidenceVoided
from services.activities.handlers import evidence
from services.activities.repository import ACTIVITIES, EVIDENCE
from services.activities.routes.roles import OFFICE, READERS
from shared.documents.pictures import HEIC, SIGNATURES, UPLOAD_BYTES, is_heic
from shared.errors import Busy, PhotographUnfit, ScanMissing
from shared.http import Call, Download, Filter, Reply, Resource, Upload, download, route
from shared.http.bulkhead import Bulkhead
from shared.http.listing import Listing
from shared.http.representation import Representation
from shared.storage.mongo import NoFile, read_file

NOT_SAID = "application/octet-stream"


LISTING = Listing(
    EVIDENCE,
    ("state", "content_type"),
    {"activity_id": Filter(Id, lambda _: {})},
    words=lambda kept: (kept.filename, kept.void_reason),
)


class EvidencePage(BaseModel):
    items: list[Evidence]
    next_cursor: str | None
    total: int | None = None


@dataclass(frozen=True)
class Keeper:
    """`reading`: of the processes that read photographs, one of which decodes a HEIC."""

    reading: Bulkhead

    @route(
        "POST",
        "/towns/{town}/evidence",
        roles=OFFICE,
        accepts=(*SIGNATURES, *HEIC, NOT_SAID),
        limit=UPLOAD_BYTES,
        status=201,
        problems=[EvidenceUnfit, ScanMissing, PhotographUnfit, Busy],
    )
    async def keep_evidence(self, call: Call[None, Upload]) -> Reply[Evidence]:
        """上传照片或扫描件（JPEG、PNG、PDF、HEIC），图片去掉地点和设备，PDF 原样留存；所得编号填入活动的 evidence。"""
        sent, name = call.body.data, call.body.filename or "未命名"
        async with self.reading.turn() if is_heic(sent) else nullcontext():
            kept = await evidence.keep_evidence(call.work, call.store.database, name, sent)
        return Reply(kept, version=kept.version)


@route("GET", "/towns/{town}/evidence", roles=READERS, query=LISTING.query("evidence"))
async def list_evidence(call: Call[Any]) -> EvidencePage:
    """照片和扫描件的列表，可按活动查。"""
    where: dict[str, Any] = {}
    if call.query.activity_id is not None:
        activity = await call.work.require(ACTIVITIES, call.query.activity_id)
        where = {"$or": [{"_id": {"$in": list(activity.evidence)}}]}
    page = await LISTING.page(call.work, call.query, LISTING.within(call.work, **where))
    return EvidencePage(items=page.records, next_cursor=page.next_cursor, total=page.total)


@route(
    "GET",
    "/towns/{town}/evidence/{id}",
    roles=READERS,
    produces=tuple(SIGNATURES),
    problems=[EvidenceVoided, EvidenceLost],
)
async def get_evidence(call: Call) -> Download:
    """下载照片或扫描件。"""
    kept = await call.subject(EVIDENCE)
    kept.check_kept()
    try:
        data = await read_file(call.store.database, kept.id)
    except NoFile as error:
        (await call.subject(EVIDENCE)).check_kept()  # voided and erased since it was read
        raise EvidenceLost("请从备份中恢复，或者重新上传原件") from error
    return download(data, kept.filename, kept.content_type)


void = Resource("evidence", EVIDENCE, Representation.from_view(Evidence), LISTING).command(
    "void",
    schemas.ReasonIn,
    evidence.void_evidence,
    write=OFFICE,
    label="作废误传的照片或扫描件：不再提供，内容随后删除，只留摘要和事由",
)
