"""Queries: report, document, differences, one figure, board, notices."""

from collections.abc import Mapping
from typing import Any

from services.reports import kept_log, repository, towns
from services.reports.domain import Figure, Report, ReportStatus, Source
from services.reports.domain.differences import Differences, differences
from services.reports.errors import NoFigure, NoReport, NotComplete
from services.reports.events_in import SOURCES
from services.reports.figures import BY_ID
from services.reports.handlers import closings, editions
from services.reports.notation import period_text
from services.reports.repository import Notice, Progress, ReportRecord
from services.reports.schemas import Change, FigureOut, ReportOut, SourceProgress
from shared.http.listing import Find
from shared.storage.work import Work

_SILENT = (".year.sealed.", ".replay.requested.", ".personal_data.read.", ".stream.restored.")


async def read_report(work: Work, period: str, version: int | None, seal_seconds: float) -> ReportOut:
    """The latest or the given edition; while a closing waits, only its state. Errors: NoReport."""
    progress = await repository.latest_progress(work, period)
    if progress is None:
        raise NoReport(f"{period_text(period)}还没有封账")
    if version is None and progress.state == "waiting":
        return await _unfinished(work, progress, seal_seconds)
    record, report = await _edition(work, period, version)
    changes = await _changes(work, report) if report.status in editions.SETTLED else []
    return ReportOut(reasons=list(record.reasons), changes=changes, **report.model_dump())


async def document(work: Work, period: str, version: int | None, seal_seconds: float) -> Report:
    """The report of a document. Errors: NoReport; NotComplete naming the sources still missing."""
    progress = await repository.latest_progress(work, period)
    if version is None and progress is not None and progress.state == "waiting":
        unfinished = await _unfinished(work, progress, seal_seconds)
        waiting = [source.source for source in unfinished.sources if source.state != "sealed"]
        raise NotComplete(f"还在等待：{'、'.join(waiting) or '编制'}。数据齐全后自动完成，之前不提供文件。")
    return (await _edition(work, period, version))[1]


async def read_differences(work: Work, period: str, since: int | None, version: int | None) -> Differences:
    """Differences of two editions; by default the latest and the one it corrects or follows. Errors: NoReport."""
    _, after = await _edition(work, period, version)
    _, before = await _edition(work, period, since or after.corrects or max(after.version - 1, 1))
    return differences(before, after)


async def _edition(work: Work, period: str, version: int | None) -> tuple[ReportRecord, Report]:
    if version is None:
        return await editions.current(work, period)
    record = await repository.report_of(work, period)
    report = await repository.edition(work, record.id, version) if record else None
    if record is None or report is None:
        raise NoReport(f"{period_text(period)}的总结没有第{version}版")
    return record, report


async def _unfinished(work: Work, progress: Progress, seal_seconds: float) -> ReportOut:
    record = await repository.report_of(work, progress.period)
    sources = await closings.source_progress(work, progress)
    return ReportOut(
        id=record.id if record else progress.id,
        town=work.town,
        year=progress.year,
        period=progress.period,
        version=record.version if record else 0,
        status=ReportStatus(closings.state_of(work, progress, seal_seconds, sources)),
        as_of=progress.as_of,
        title="",
        sources=tuple(_source(source) for source in sources),
        signed_on=progress.as_of,
        reasons=[
            *(f"{source.source}：{source.trouble}" for source in sources if source.trouble),
            *filter(None, [progress.trouble.get(closings.OURS)]),
        ],
    )


def _source(progress: SourceProgress) -> Source:
    return Source(source=progress.source, state=progress.state, head=progress.upto or 0)


async def _changes(work: Work, report: Report) -> list[Change]:
    """Records changed after the heads of a report, each once, by source and sequence."""
    heads = {source.source: source.head for source in report.sources}
    latest: dict[tuple[str, str], Change] = {}
    for service in SOURCES:
        for event in await kept_log.kept_events(work, service, after=heads.get(service, 0)):
            if not any(mark in event.type for mark in _SILENT):
                latest[event.source, event.subject] = Change(
                    source=service, subject=event.subject, type=event.type, sequence=event.sequence
                )
    return list(latest.values())


async def read_figure(work: Work, period: str, figure_id: str, seal_seconds: float) -> FigureOut:
    """One figure of the latest report with definition and records. Errors: NoFigure, NoReport, NotComplete."""
    report = await document(work, period, None, seal_seconds)
    return FigureOut(
        town=work.town,
        year=report.year,
        period=report.period,
        as_of=report.as_of,
        report_version=report.version,
        **figure_of(report, figure_id).model_dump(),
    )


def figure_of(report: Report, figure_id: str) -> Figure:
    """Errors: NoFigure."""
    figure = next((figure for figure in report.figures if figure.id == figure_id), None)
    if figure is None:
        known = figure_id in BY_ID
        raise NoFigure(f"这一版总结中没有指标 {figure_id}" if known else f"没有编号为 {figure_id} 的指标")
    return figure


def notices_below(work: Work, area: str) -> Find[Notice]:
    """Finds notices of towns whose code begins with `area`."""

    async def find(criteria: Mapping[str, Any], after: str | None, limit: int) -> list[Notice]:
        return await towns.notices_below(work.reader, area, criteria, after=after, limit=limit)

    return find
