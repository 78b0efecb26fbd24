"""Editions of reports: compiled, approved, submitted, accepted or returned; drafts are thinned out."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from services.reports import cited, kept_log, repository
from services.reports.compiler import compile_report
from services.reports.domain import Report, ReportStatus, Severity
from services.reports.domain.seals import SealedHead
from services.reports.errors import Blocked, NoReport, WrongStatus
from services.reports.events_out import ReportFact
from services.reports.figures.year import Year
from services.reports.handlers import board, hand_in
from services.reports.names import SERVICES, STATUSES
from services.reports.notation import period_text
from services.reports.repository import CONTENTS, EDITIONS, REPORTS, Edition, ReportRecord, Seal
from shared.errors import FieldError
from shared.ids import new_id
from shared.storage.work import Work

SETTLED = (ReportStatus.APPROVED, ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)
"""Statuses after approval: corrected by a corrigendum, never overwritten."""
OPEN = (ReportStatus.DRAFT, ReportStatus.RETURNED)
"""Statuses in which texts may be changed."""

DRAFTS_KEPT: Final = 20
"""Editions of a report among which drafts are kept."""

_RECEIVED = ("submitted", "accepted", "returned")
"""Verbs whose events carry the receipt of the submission that they are about."""

_UNTOLD: Final = {"sources": {"__all__": {"excluded"}}, "figures": {"__all__": {"records"}}}
"""What the event of a report leaves out."""

_STEPS = {
    "approved": (ReportStatus.APPROVED, {ReportStatus.DRAFT}),
    "submitted": (ReportStatus.SUBMITTED, {ReportStatus.APPROVED}),
    "accepted": (ReportStatus.ACCEPTED, {ReportStatus.SUBMITTED}),
    "returned": (ReportStatus.RETURNED, {ReportStatus.SUBMITTED, ReportStatus.ACCEPTED}),
}

_CLOSE_AGAIN: Final = "请重新封账，形成新的一版"
_REMEDIES: Final = {
    ReportStatus.APPROVED: _CLOSE_AGAIN,
    ReportStatus.SUBMITTED: _CLOSE_AGAIN,
    ReportStatus.ACCEPTED: "请退回，由乡镇重新封账",
}
"""By the step that is refused, what to do where a restore has undone records of the edition."""


async def compile_edition(
    work: Work, year: Year, seals: Sequence[Seal], templates: Path | None
) -> ReportRecord:
    """Compile the next edition as a draft; keep the current draft where they are equal. Errors: TemplateFaulty."""
    before = await repository.report_of(work, year.period.name)
    id = before.id if before else new_id()
    corrected = await _corrected(work, before)
    report = await compiled(work, year, [seal.head for seal in seals], id, templates, corrected)
    if before is None:
        record = ReportRecord(
            id=id,
            town=work.town,
            year=year.as_of.year,
            period=year.period.name,
            as_of=year.as_of,
            closing_id=seals[0].closing_id,
            **_for_the_board(report),
        )
        return await _keep(work, work.create(REPORTS, record, "compiled"), report, "compiled")
    last = await repository.edition(work, before.id, before.version)
    if last is not None and before.status is ReportStatus.DRAFT and _same(last, report):
        return before
    changed = before.model_copy(
        update={
            "year": year.as_of.year,
            "as_of": year.as_of,
            "closing_id": seals[0].closing_id,
            "status": ReportStatus.DRAFT,
            "corrects": report.corrects,
            "reasons": (),
            **_for_the_board(report),
        }
    )
    return await _keep(work, work.change(REPORTS, changed, "compiled"), report, "compiled")


async def _corrected(work: Work, before: ReportRecord | None) -> Report | None:
    """The approved edition that a new one corrects; that of the current draft where it is a corrigendum."""
    if before is None:
        return None
    version = before.version if before.status in SETTLED else before.corrects
    return await repository.edition(work, before.id, version) if version else None


async def compiled(
    work: Work,
    year: Year,
    heads: Sequence[SealedHead],
    id: str,
    templates: Path | None,
    corrected: Report | None = None,
) -> Report:
    """Compile with wording, parked events, objections and photographs. Errors: TemplateFaulty."""
    wording = await repository.wording_of(work, year.period.name)
    parked = await kept_log.parked(work)
    objections = await repository.open_objections(work, year.years)
    pictures = await cited.photographs_of(work, wording.photographs)
    return await asyncio.to_thread(
        compile_report,
        year,
        heads,
        wording,
        id=id,
        templates=templates,
        parked=parked,
        objections=objections,
        pictures=pictures,
        corrected=corrected,
    )


def _for_the_board(report: Report) -> dict[str, Any]:
    grades = Counter(finding.severity for finding in report.findings)
    figures = tuple(
        figure.model_copy(update={"records": (), "definition": "", "previous": None, "change": None})
        for figure in report.figures
    )
    return {"figures": figures, "blocks": grades[Severity.BLOCK], "warnings": grades[Severity.WARN]}


def _same(before: Report, after: Report) -> bool:
    return before.model_copy(update={"version": after.version}) == after


async def _keep(work: Work, record: ReportRecord, report: Report, verb: str) -> ReportRecord:
    """Keep the edition of the record's version and announce it."""
    stood = report.model_copy(update={"version": record.version, "status": record.status})
    content = await asyncio.to_thread(repository.content_of, work.town, record.id, stood)
    if await work.get(CONTENTS, content.id) is None:
        work.create(CONTENTS, content, "kept")
    edition = Edition(
        id=f"{record.id}:{record.version}",
        town=record.town,
        report_id=record.id,
        year=record.year,
        period=record.period,
        edition=record.version,
        status=record.status,
        content=content.id,
    )
    work.create(EDITIONS, edition, "kept")
    await board.note_report(work, record)
    await _thin_out(work, record)
    receipt = record.receipt.model_dump() if record.receipt and verb in _RECEIVED else None
    about = {"reasons": list(record.reasons), "receipt": receipt}
    # Most of a report is the records behind it, which no event has.
    told = stood.model_dump(include=set(ReportFact.model_fields), exclude=_UNTOLD)
    fact = ReportFact.model_validate({**told, **about})
    work.announce(f"report.{verb}.v1", f"report/{record.id}", fact.model_dump(mode="json"))
    return record


async def _thin_out(work: Work, record: ReportRecord) -> None:
    """Remove the draft that is no longer among the last; what was approved, submitted or returned is kept for ever."""
    old = await work.get(EDITIONS, f"{record.id}:{record.version - DRAFTS_KEPT}")
    if old is None or (old.report.status if old.report else old.status) is not ReportStatus.DRAFT:
        return
    work.remove(EDITIONS, old)
    if old.content is None:
        return
    same = await work.find(EDITIONS, {"report_id": record.id, "content": old.content})
    content = await work.get(CONTENTS, old.content)
    if content is not None and not same:
        work.remove(CONTENTS, content)


async def current(work: Work, period: str) -> tuple[ReportRecord, Report]:
    """The latest edition. Errors: NoReport."""
    record = await repository.report_of(work, period)
    report = await repository.edition(work, record.id, record.version) if record else None
    if record is None or report is None:
        raise NoReport(f"{period_text(period)}还没有编制过总结")
    return record, report


async def current_open(work: Work, period: str) -> tuple[ReportRecord, Report]:
    """The latest edition, with texts that may be changed. Errors: NoReport, WrongStatus."""
    record, report = await current(work, period)
    if record.status not in OPEN:
        raise WrongStatus("总结已经核准，不能再改；需要更正时请重新封账，编成更正稿")
    return record, report


async def step(work: Work, period: str, verb: str, reasons: Sequence[str] = ()) -> ReportRecord:
    """Approve, submit, accept or return. Errors: NoReport, WrongStatus, Blocked, Unavailable."""
    await board.hold(work, period)
    record, report = await current(work, period)
    progress = await repository.latest_progress(work, period)
    if progress is not None and progress.state == "waiting":
        raise WrongStatus("新的封账还在进行，请等它完成")
    target, allowed = _STEPS[verb]
    if record.status not in allowed:
        raise WrongStatus(f"总结目前“{STATUSES[record.status]}”，不能改为“{STATUSES[target]}”")
    if verb == "approved":
        _unblocked(report)
    await _check_records(work, report, target)
    changes: dict[str, Any] = {"status": target, "reasons": tuple(reasons)}
    if target is ReportStatus.SUBMITTED:
        stood = report.model_copy(update={"version": record.version + 1, "status": target})
        receipt = await hand_in.receipt(work, period, stood)
        changes |= {"submitted_on": work.clock.today(), "submitted_at": receipt.submitted_at}
        changes |= {"accepted_at": None, "receipt": receipt}
    if target is ReportStatus.ACCEPTED:
        changes["accepted_at"] = work.clock.now()
    moved = record.model_copy(update=changes)
    return await _keep(work, work.change(REPORTS, moved, verb), report, verb)


def _unblocked(report: Report) -> None:
    blocking = [finding for finding in report.findings if finding.severity is Severity.BLOCK]
    if blocking:
        raise Blocked(
            f"有{len(blocking)}个问题须先解决",
            errors=[FieldError(f"findings.{finding.id}", finding.message) for finding in blocking],
        )


async def _check_records(work: Work, report: Report, target: ReportStatus) -> None:
    """Check that the logs still have what the edition was compiled from; without it a report may only be returned.

    Errors: WrongStatus, Unavailable while a log is received anew.
    """
    if target not in _REMEDIES:
        return
    heads = {source.source: (source.head, source.hash) for source in report.sources}
    if undone := await kept_log.undone(work, heads):
        restored = "、".join(SERVICES[service] for service in undone)
        raise WrongStatus(f"{restored}从备份恢复过，这一版总结所依据的记录有的已经不在。{_REMEDIES[target]}")
