"""Keeping photographs and scans that show what an activity was."""

import hashlib

from services.activities import repository
from services.activities.domain.evidence import Evidence, check_content
from services.activities.repository import EVIDENCE
from shared.ids import new_id
from shared.mongo import Database
from shared.work import Work


async def keep_evidence(
    work: Work, database: Database, filename: str, content_type: str, data: bytes
) -> Evidence:
    check_content(content_type, data)
    evidence = Evidence(
        id=new_id(),
        town=work.town,
        filename=filename,
        content_type=content_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=work.actor,
    )
    await repository.keep_file(database, evidence, data)
    return work.create(EVIDENCE, evidence, "kept")
