"""Photographs for the annex: accepted and served while an activity cites them as evidence, erased when none does."""

import hashlib
from pathlib import Path
from typing import NoReturn

from services.reports import cited, repository
from services.reports.checks.photographs import called, title
from services.reports.domain import Report
from services.reports.errors import NoPhotograph, PhotographUnfit
from services.reports.events_in import Activity
from services.reports.handlers import closings, recompiling
from services.reports.repository import PHOTOGRAPHS, SIGHTS, WORDINGS, PhotographRecord, SightRecord
from services.reports.schemas.photographs import CandidateOut, CandidatesOut
from shared.documents.pictures import LARGE, detect_type, shape
from shared.envelope import Event
from shared.errors import Unavailable
from shared.ids import new_id
from shared.storage.mongo import Database, NoFile, read_file, store_file
from shared.storage.work import Work


async def project_activity(work: Work, activity: Activity, event: Event) -> None:
    """Record which evidence an activity has."""
    digests = {} if activity.voided else activity.evidence_sha256
    evidence = {id: digests[id] for id in activity.evidence if id in digests}
    sight = SightRecord(
        id=activity.id,
        town=event.town,
        version=activity.version,
        kind=activity.kind,
        title=title(activity),
        held_on=activity.held_on,
        evidence=evidence,
        digests=tuple(evidence.values()),
    )
    work.project(SIGHTS, sight)


async def keep(
    work: Work, database: Database, digest: str, data: bytes, templates: Path | None
) -> PhotographRecord:
    """Keep an uploaded photograph and recompile drafts that show it, which may lack one that is kept already. Errors:
    NoPhotograph, PhotographUnfit, Unavailable while it cannot be told whether an activity cites it."""
    citing = await work.find(SIGHTS, {"digests": digest}, limit=1)
    if not citing:
        await _refuse_uncited(work, digest)
    if hashlib.sha256(data).hexdigest() != digest:
        raise PhotographUnfit("交来的文件与活动登记的照片内容不同：请从履职登记中下载原件，不要另存或改动")
    before = await work.get(PHOTOGRAPHS, f"{work.town}:{digest}")
    if before is not None and await cited.files_there(work, [before.file]):
        work.lock(PHOTOGRAPHS, before)  # who erases it has not seen that it is cited again
        kept = before
    else:
        record = _record(work, digest, data, before)
        work.lock(SIGHTS, citing[0])  # the photograph is kept before the activity is voided, or not at all
        await store_file(database, record.file, digest, data, town=work.town)
        kept = (work.change if before else work.create)(PHOTOGRAPHS, record, "kept")
    shown_in = {wording.period for wording in await work.find(WORDINGS, {"photographs": digest})}
    await recompiling.recompile_drafts(work, lambda record: record.period in shown_in, templates)
    return kept


async def _refuse_uncited(work: Work, digest: str) -> NoReturn:
    """Errors: NoPhotograph, Unavailable."""
    if not await cited.is_given_up(work, digest):
        raise Unavailable("履职活动的登记还没有收齐，不能断定有没有活动用这张照片，请稍后再试")
    raise NoPhotograph(f"没有活动用这张照片（{digest[:8]}…）作佐证材料：请先在履职登记中上传并写进活动")


def _record(work: Work, digest: str, data: bytes, before: PhotographRecord | None) -> PhotographRecord:
    """The record of bytes that are not stored yet. Errors: PhotographUnfit."""
    content_type = detect_type(data) or ""
    image = shape(content_type, data)
    if image is None:
        raise PhotographUnfit("不是完好的 JPEG 或者 PNG 图片：扫描成 PDF 的材料不能放进照片附件")
    if not image.fits(content_type):
        raise PhotographUnfit(LARGE)
    return PhotographRecord(
        id=f"{work.town}:{digest}",
        town=work.town,
        version=before.version if before else 0,
        digest=digest,
        content_type=content_type,
        size_bytes=len(data),
        width=image.width,
        height=image.height,
        way_up=image.way_up,
        file=new_id(),
    )


async def read(work: Work, database: Database, digest: str) -> tuple[PhotographRecord, bytes]:
    """A photograph and its bytes. Errors: NoPhotograph."""
    photographs = await cited.photographs_of(work, [digest])
    data = await _bytes(work, database, photographs[0]) if photographs else None
    if data is None:
        raise NoPhotograph("这张照片没有交来，或者已经不是活动的佐证材料")
    return photographs[0], data


async def _bytes(work: Work, database: Database, kept: PhotographRecord) -> bytes | None:
    """None where it was erased since its record was read. Errors: NoPhotograph where its file is lost."""
    try:
        return await read_file(database, kept.file)
    except NoFile:
        now = await work.get(PHOTOGRAPHS, kept.id)
    if now is None:
        return None
    if now.file != kept.file:
        return await _bytes(work, database, now)
    sights = await work.find(SIGHTS, {"digests": kept.digest}, limit=1)
    of = called(sights[0].title, sights[0].held_on) if sights else ""
    raise NoPhotograph(f"{of}的照片（{kept.digest[:8]}…）的文件已经丢失，请把原件重新交来")


async def candidates(work: Work, period: str) -> CandidatesOut:
    """Evidence of the activities of a period. Errors: NoPeriod."""
    days = await closings.known_period(work, period)
    sights = await repository.sights(work, days.first, days.last)
    chosen = (await repository.wording_of(work, period)).photographs
    every = [digest for sight in sights for digest in sight.digests]
    kept = {photograph.digest: photograph.file for photograph in await cited.photographs_of(work, every)}
    there = await cited.files_there(work, kept.values())
    return CandidatesOut(
        items=[
            CandidateOut(
                digest=digest,
                evidence=id,
                activity=sight.id,
                title=sight.title,
                held_on=sight.held_on or days.first,
                chosen=digest in chosen,
                handed_over=kept.get(digest) in there,
            )
            for sight in sights
            for id, digest in sight.evidence.items()
        ]
    )


async def photographs_of_report(work: Work, database: Database, report: Report) -> dict[str, bytes]:
    """Bytes of the photographs of a report by digest, without those that no activity cites any more.

    Errors: NoPhotograph where the bytes of one are lost.
    """
    shown = await cited.photographs_of(work, [photograph.digest for photograph in report.photographs])
    read = {one.digest: await _bytes(work, database, one) for one in shown}
    return {digest: data for digest, data in read.items() if data is not None}


async def give_up(work: Work, *, id: str) -> PhotographRecord | None:
    """Remove and return a photograph that no activity cites; None where one does, or may."""
    kept = await work.get(PHOTOGRAPHS, id)
    if kept is None or not await cited.is_given_up(work, kept.digest):
        return None
    work.remove(PHOTOGRAPHS, kept)
    return kept
