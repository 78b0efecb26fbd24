"""Photographs for the annex: accepted only if an activity cites them as evidence, withdrawn when none does."""

import hashlib
from pathlib import Path

from services.reports import repository
from services.reports.checks.photographs import title
from services.reports.domain import Report
from services.reports.errors import NoPhotograph, PhotographUnfit
from services.reports.events_in import Activity
from services.reports.handlers import closings, recompiling
from services.reports.repository import PHOTOGRAPHS, SIGHTS, WORDINGS, PhotographRecord, SightRecord
from services.reports.schemas.photographs import CandidateOut, CandidatesOut
from shared.documents.pictures import LARGE, detect_type, shape
from shared.envelope import Event, source_of
from shared.events.marks import Mark
from shared.ids import new_id
from shared.storage.mongo import Database, read_file, store_file
from shared.storage.work import Work


async def project_activity(work: Work, activity: Activity, event: Event) -> None:
    """Record the evidence of an activity; withdraw photographs that no activity cites any more."""
    before = await work.get(SIGHTS, activity.id)
    if before is not None and before.version >= activity.version:
        return
    digests = {} if activity.voided else activity.evidence_sha256
    evidence = {id: digests[id] for id in activity.evidence if id in digests}
    now = SightRecord(
        id=activity.id,
        town=event.town,
        version=activity.version,
        kind=activity.kind,
        title=title(activity),
        held_on=activity.held_on,
        evidence=evidence,
        digests=tuple(evidence.values()),
    )
    gone = set(before.digests if before else ()) - set(now.digests)
    if before is not None and gone:
        # A photograph handed in meanwhile has locked it, and is seen in the next try.
        work.replace(SIGHTS, now, before)
    else:
        work.project(SIGHTS, now)
    for digest in gone:
        await _withdraw(work, digest, activity.id, event)


async def _withdraw(work: Work, digest: str, activity_id: str, event: Event) -> None:
    others = [sight for sight in await work.find(SIGHTS, {"digests": digest}) if sight.id != activity_id]
    kept = await work.get(PHOTOGRAPHS, f"{work.town}:{digest}")
    if kept is None or kept.is_later_than(event):
        return
    if others:
        work.lock(SIGHTS, others[0])  # of two that give it up at once, the second sees no other
    else:
        work.change(PHOTOGRAPHS, kept.model_copy(update={"withdrawn": True}), "withdrawn")


async def keep(
    work: Work, database: Database, digest: str, data: bytes, templates: Path | None
) -> PhotographRecord:
    """Keep an uploaded photograph and recompile drafts that show it. Errors: NoPhotograph, PhotographUnfit."""
    heard = await _heard(work)
    cited = await work.find(SIGHTS, {"digests": digest}, limit=1)
    if not cited:
        raise NoPhotograph(f"没有活动用这张照片（{digest[:8]}…）作佐证材料：请先在履职登记中上传并写进活动")
    if hashlib.sha256(data).hexdigest() != digest:
        raise PhotographUnfit("交来的文件与活动登记的照片内容不同：请从履职登记中下载原件，不要另存或改动")
    before = await work.get(PHOTOGRAPHS, f"{work.town}:{digest}")
    if before is not None and not before.withdrawn:
        return before
    content_type = detect_type(data) or ""
    image = shape(content_type, data)
    if image is None:
        raise PhotographUnfit("不是完好的 JPEG 或者 PNG 图片：扫描成 PDF 的材料不能放进照片附件")
    if not image.fits(content_type):
        raise PhotographUnfit(LARGE)
    record = PhotographRecord(
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
        heard=heard.upto,
        epoch=heard.epoch,
    )
    work.lock(SIGHTS, cited[0])  # the photograph is kept before the activity is voided, or not at all
    await store_file(database, record.file, digest, data, town=work.town)
    kept = (work.change if before else work.create)(PHOTOGRAPHS, record, "kept")
    shown_in = {wording.period for wording in await work.find(WORDINGS, {"photographs": digest})}
    await recompiling.recompile_drafts(work, lambda record: record.period in shown_in, templates)
    return kept


async def _heard(work: Work) -> Mark:
    """How far the stream of `activities` is handled."""
    marks = await work.reader.find("sources", {"_id": source_of(work.town, "activities")}, limit=1)
    return Mark.load(marks[0]) if marks else Mark()


async def read(work: Work, database: Database, digest: str) -> tuple[PhotographRecord, bytes]:
    """A photograph and its bytes. Errors: NoPhotograph."""
    photographs = await repository.photographs_of(work, [digest])
    if not photographs:
        raise NoPhotograph("这张照片没有交来，或者已经不是活动的佐证材料")
    return photographs[0], await read_file(database, photographs[0].file)


async def candidates(work: Work, period: str) -> CandidatesOut:
    """Evidence of the activities of a period. Errors: NoPeriod."""
    days = await closings.known_period(work, period)
    sights = await repository.sights(work, days.first, days.last)
    chosen = (await repository.wording_of(work, period)).photographs
    every = [digest for sight in sights for digest in sight.digests]
    here = {photograph.digest for photograph in await repository.photographs_of(work, every)}
    return CandidatesOut(
        items=[
            CandidateOut(
                digest=digest,
                evidence=id,
                activity=sight.id,
                title=sight.title,
                held_on=sight.held_on or days.first,
                chosen=digest in chosen,
                handed_over=digest in here,
            )
            for sight in sights
            for id, digest in sight.evidence.items()
        ]
    )


async def photographs_of_report(work: Work, database: Database, report: Report) -> dict[str, bytes]:
    """Bytes of the photographs of a report by digest, without those withdrawn since."""
    photographs = await repository.photographs_of(
        work, [photograph.digest for photograph in report.photographs]
    )
    return {photograph.digest: await read_file(database, photograph.file) for photograph in photographs}


async def project_erased(work: Work, *, id: str) -> None:
    kept = await work.get(PHOTOGRAPHS, id)
    if kept is not None and kept.withdrawn:
        work.remove(PHOTOGRAPHS, kept)
