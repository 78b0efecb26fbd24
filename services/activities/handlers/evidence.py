"""Use cases of evidence: store, void, erase."""

import hashlib
from pathlib import PurePath

from services.activities.domain.activities import ActivityState
from services.activities.domain.evidence import Evidence, prepared
from services.activities.repository import ACTIVITIES, EVIDENCE
from services.activities.schemas import ReasonIn
from shared.documents.pictures import is_heic
from shared.documents.scan.worker import as_jpeg
from shared.ids import new_id
from shared.storage.mongo import Database, store_file
from shared.storage.work import Work


async def keep_evidence(work: Work, database: Database, filename: str, sent: bytes) -> Evidence:
    """A HEIC is stored as JPEG. Errors: EvidenceUnfit, ScanMissing, PhotographUnfit."""
    if is_heic(sent):
        filename, sent = f"{PurePath(filename).stem}.jpg", await as_jpeg(sent)
    filename, content_type, data = prepared(filename, sent)
    evidence = Evidence(
        id=new_id(),
        town=work.town,
        filename=filename,
        content_type=content_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=work.actor,
    )
    await store_file(database, evidence.id, filename, data, town=work.town)
    return work.create(EVIDENCE, evidence, "kept")


async def void_evidence(work: Work, evidence: Evidence, body: ReasonIn) -> Evidence:
    """Void a file and remove it from the activities that name it, except voided ones."""
    for activity in await work.find(ACTIVITIES, {"evidence": evidence.id, "state": ActivityState.HELD}):
        work.change(ACTIVITIES, activity.without_evidence(evidence.id), "changed")
    return work.change(EVIDENCE, evidence.voided(body.reason), "voided")


async def project_erased(work: Work, *, id: str) -> None:
    evidence = await work.require(EVIDENCE, id)
    if not evidence.erased:
        work.change(EVIDENCE, evidence.model_copy(update={"erased": True}), "erased")
