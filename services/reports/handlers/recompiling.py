"""Recompilation of a report from its seals after a change of wording, photographs or objections."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from services.reports import repository
from services.reports.compiler import NotProven
from services.reports.domain import ReportStatus
from services.reports.errors import NotComplete, TemplateFaulty
from services.reports.figures.year import Year
from services.reports.handlers import board, editions, proving
from services.reports.repository import (
    PROGRESS,
    REPORTS,
    WORDINGS,
    Progress,
    ReportRecord,
    Seal,
    WordingRecord,
)
from shared.storage.work import Work

Concerned = Callable[[ReportRecord | Progress], bool]
"""Whether something that has changed is shown in a report, or in that of a closing."""


async def save_wording(
    work: Work, before: WordingRecord, after: WordingRecord, templates: Path | None
) -> WordingRecord:
    if after == before:
        return before
    saved = work.change(WORDINGS, after, "changed") if before.version else work.create(WORDINGS, after, "set")
    for record in await _held(work, lambda _: True, after.period):
        if record.status in editions.OPEN:
            await recompile(work, record, templates)
    return saved


async def recompile_drafts(work: Work, concerned: Concerned, templates: Path | None) -> None:
    """Recompile the drafts that show what has changed beside the records, and those that appear meanwhile; a
    compilation that fails does not refuse the change."""
    done: set[str] = set()
    while drafts := [one for one in await _drafts(work, concerned) if one.id not in done]:
        for record in drafts:
            done.add(record.id)
            with suppress(NotComplete, TemplateFaulty):
                await recompile(work, record, templates)


async def _drafts(work: Work, concerned: Concerned) -> list[ReportRecord]:
    return [one for one in await _held(work, concerned) if one.status is ReportStatus.DRAFT]


async def _held(work: Work, concerned: Concerned, period: str | None = None) -> list[ReportRecord]:
    """The reports that are concerned, locked as are the closings waited for: what is compiled or opened meanwhile has
    the change, or is seen by it. Closings are read first: one that was compiled before that has left its report."""
    for progress in filter(concerned, await repository.waiting_progress(work, period)):
        work.lock(PROGRESS, progress)
    of_period = {"period": period} if period is not None else {}
    reports = list(filter(concerned, await work.find(REPORTS, of_period)))
    for record in reports:
        work.lock(REPORTS, record)
    return reports


async def recompile(work: Work, record: ReportRecord, templates: Path | None) -> ReportRecord:
    """Compile again from the same heads. Errors: NotComplete where the kept log no longer matches them."""
    seals = await _seals(work, record)
    return await editions.compile_edition(work, await _proven(work, record, seals), seals, templates)


async def compile_again(work: Work, period: str, templates: Path | None) -> ReportRecord:
    """Recompile a report in which texts may be changed, as a draft. What was approved is corrected by a closing alone:
    a draft that is approved meanwhile stays so. Errors: NoReport, WrongStatus, NotComplete, TemplateFaulty."""
    await board.hold(work, period)
    record, _ = await editions.current_open(work, period)
    return await recompile(work, record, templates)


async def proven_year(work: Work, period: str) -> Year:
    """The records that the latest report was compiled from. Errors: NoReport; NotComplete as above."""
    record, _ = await editions.current(work, period)
    return await _proven(work, record, await _seals(work, record))


async def _seals(work: Work, record: ReportRecord) -> Sequence[Seal]:
    closing = await work.require(PROGRESS, record.closing_id)
    return closing.seals or repository.in_order(await repository.seals_of(work, record.closing_id))


async def _proven(work: Work, record: ReportRecord, seals: Sequence[Seal]) -> Year:
    try:
        return (await proving.proven(work, record.period, record.as_of, seals)).year
    except NotProven as error:
        raise NotComplete(str(error)) from error
