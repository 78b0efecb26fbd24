"""Recompilation of a report from its seals after a change of wording, photographs or objections."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from services.reports import repository
from services.reports.compiler import NotProven
from services.reports.domain import ReportStatus
from services.reports.errors import NotComplete, TemplateFaulty
from services.reports.figures.year import Year
from services.reports.handlers import editions, proving
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


async def save_wording(
    work: Work, before: WordingRecord, after: WordingRecord, templates: Path | None
) -> WordingRecord:
    if after == before:
        return before
    saved = work.change(WORDINGS, after, "changed") if before.version else work.create(WORDINGS, after, "set")
    _lock(work, await repository.waiting_progress(work, after.period))
    record = await repository.report_of(work, after.period)
    if record is not None and record.status in editions.OPEN:
        await recompile(work, record, templates)
    return saved


async def recompile_drafts(
    work: Work, concerned: Callable[[ReportRecord | Progress], bool], templates: Path | None
) -> None:
    """Recompile the drafts that show what has changed beside the records; a compilation that fails does not refuse the
    change."""
    _lock(work, filter(concerned, await repository.waiting_progress(work)))
    for record in await work.find(REPORTS, {"status": ReportStatus.DRAFT.value}):
        if concerned(record):
            with suppress(NotComplete, TemplateFaulty):
                await recompile(work, record, templates)


async def recompile(work: Work, record: ReportRecord, templates: Path | None) -> ReportRecord:
    """Compile again from the same heads. Errors: NotComplete where the kept log no longer matches them."""
    seals = await _seals(work, record)
    return await editions.compile_edition(work, await _proven(work, record, seals), seals, templates)


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


def _lock(work: Work, waiting: Iterable[Progress]) -> None:
    """Lock closings that are waited for. They must be read before the reports: one that was compiled earlier has left a
    draft to recompile; of one that is compiled later and the change, the second to commit runs again."""
    for progress in waiting:
        work.lock(PROGRESS, progress)
