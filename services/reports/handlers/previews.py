"""Previews: the report of a period as the kept logs stand, before it is closed."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from services.reports import cited, kept_log, repository
from services.reports.compiler import NotProven
from services.reports.domain import Report
from services.reports.domain.seals import SealedHead
from services.reports.errors import NotComplete
from services.reports.events_in import SOURCES
from services.reports.figures.index import Index, counts
from services.reports.figures.year import Year
from services.reports.handlers import closings, editions, proving
from services.reports.schemas.previews import Freshness, PreviewOut, SourceFreshness
from shared.envelope import service_of
from shared.http.bulkhead import Bulkhead
from shared.storage.work import Work

KEPT: Final = 32
"""Previews kept for those who ask again."""
_REPORTED: Final = PreviewOut.model_fields.keys() & Report.model_fields.keys() - {"status", "sources"}


@dataclass(frozen=True)
class Preview:
    """`report` is compiled but never kept: it has no version and no status of its own."""

    year: Year
    report: Report


@dataclass(frozen=True)
class Previews:
    """Compiles previews one at a time and keeps the latest, by what they were compiled from."""

    templates: Path | None
    _kept: OrderedDict[tuple[Any, ...], Preview] = field(default_factory=OrderedDict, init=False)
    _turns: Bulkhead = field(
        default_factory=lambda: Bulkhead(at_once=1, waiting=20, retry_seconds=5), init=False
    )

    async def read(self, work: Work, period: str, as_of: date | None) -> Preview:
        """Errors: NoPeriod, ImpossibleDay, Busy; NotComplete where a log is broken."""
        day = await closings.day_of(work, period, as_of)
        async with self._turns.turn():
            key = await _compiled_from(work, period, day)
            preview = self._kept.get(key)
            if preview is None:
                preview = self._kept[key] = await self._compile(work, period, day)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return preview

    async def _compile(self, work: Work, period: str, as_of: date) -> Preview:
        try:
            standing = await proving.standing(work, period, as_of)
        except NotProven as error:
            raise NotComplete(str(error)) from error
        heads = [_head(index) for index in standing.indexes]
        report = await editions.compiled(work, standing.year, heads, "preview", self.templates)
        return Preview(standing.year, report)


def _head(index: Index) -> SealedHead:
    return SealedHead(service_of(index.source), index.upto, index.hash, counts(index))


async def _compiled_from(work: Work, period: str, as_of: date) -> tuple[Any, ...]:
    """All that a preview depends on."""
    heads = await kept_log.heads(work)
    wording = await repository.wording_of(work, period)
    objections = await repository.open_objections(work, range(as_of.year + 1))
    pictures = await cited.photographs_of(work, wording.photographs)
    return (
        work.town,
        period,
        as_of,
        tuple(sorted((head.service, head.held, head.hash) for head in heads)),
        wording.model_dump_json(),
        tuple(sorted((objection.id, objection.version) for objection in objections)),
        tuple(picture.digest for picture in pictures),
        tuple((event.source, event.sequence) for event in await kept_log.parked(work)),
    )


def preview_out(preview: Preview, sources: Sequence[SourceFreshness]) -> PreviewOut:
    report = {name: getattr(preview.report, name) for name in _REPORTED}
    return PreviewOut(**report, sources=list(sources))


async def freshness(work: Work) -> Freshness:
    """How far each source is read. A source of which nothing was heard is there with zeros."""
    heads = {head.service: head for head in await kept_log.heads(work)}
    obstacles = await kept_log.obstacles(work)
    sources = [await _source(work, service, heads.get(service), obstacles) for service in SOURCES]
    return Freshness(items=sources, level=all(not source.behind and not source.trouble for source in sources))


async def _source(
    work: Work, service: str, head: kept_log.Head | None, obstacles: dict[str, str]
) -> SourceFreshness:
    if head is None:
        return SourceFreshness(source=service, trouble=obstacles.get(service, ""))
    behind = max(head.seen - head.held, 0)
    last = await kept_log.kept_events(work, service, after=max(head.held - 1, 0), upto=head.held)
    recorded_at = datetime.fromisoformat(last[-1].time) if last else None
    waited = (work.clock.now() - recorded_at).total_seconds() if behind and recorded_at else None
    return SourceFreshness(
        source=service,
        held=head.held,
        seen=head.seen,
        behind=behind,
        recorded_at=recorded_at,
        seconds_behind=round(max(waited, 0.0), 3) if waited is not None else None,
        trouble=obstacles.get(service, ""),
    )
