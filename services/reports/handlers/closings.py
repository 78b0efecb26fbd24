"""Closings: request seals from the sources, follow their arrival, compile when the logs are verified."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from services.reports import repository
from services.reports.compiler import NotProven, prove
from services.reports.domain import Parked, SourceState
from services.reports.domain.periods import Days, Period, period
from services.reports.errors import ImpossibleDay, NoPeriod, NoReport, TemplateFaulty
from services.reports.events_in import SERVICES, Foreign, Town, YearSealed
from services.reports.figures import fold
from services.reports.figures.year import Year, terms
from services.reports.handlers import editions
from services.reports.repository import (
    CLOSINGS,
    NOTICES,
    PROGRESS,
    SEALS,
    TOWNS,
    Closing,
    KnownTown,
    Notice,
    Progress,
    Seal,
)
from services.reports.schemas import ClosingIn, ClosingOut, SourceProgress
from shared.envelope import Event, service_of
from shared.errors import FieldError
from shared.ids import new_id
from shared.storage.work import Work

NOTICE_DAYS: Final = 7
"""Days between the notice and a scheduled closing."""


async def request_closing(work: Work, name: str, body: ClosingIn, *, by_schedule: bool = False) -> Progress:
    """Request a seal from every source; earlier waiting closings of the period are superseded.

    Errors: NoPeriod, ImpossibleDay.
    """
    period = await known_period(work, name)
    as_of = body.as_of or min(period.last, work.clock.today())
    _check_day(as_of, period)
    for earlier in await repository.waiting_progress(work, name):
        work.change(PROGRESS, earlier.model_copy(update={"state": "superseded"}), "superseded")
    about = {"town": work.town, "year": as_of.year, "period": name, "as_of": as_of}
    closing = Closing(id=new_id(), **about)
    work.create(CLOSINGS, closing, "requested")
    progress = Progress(id=closing.id, started_at=work.clock.now(), scheduled=by_schedule, **about)
    return work.create(PROGRESS, progress, "begun")


async def known_period(work: Work, name: str) -> Period:
    """The period of a name; days of a term by the current roster. Errors: NoPeriod."""
    known: dict[int, Days] = {}
    if name.startswith("term-"):
        logs = [await repository.kept_events(work, service) for service in SERVICES]
        known = terms(await asyncio.to_thread(fold, work.town, [event for log in logs for event in log]))
    known_days = period(name, known.get)
    if known_days is None:
        raise NoPeriod(f"名册没有登记时段 {name} 所指的届次，请先登记该届的开始日期")
    return known_days


def scheduled(closing_on: str, today: date) -> date | None:
    """Day of the figures by a schedule (`MM-DD`); None before that day of the year, or where it is no day.

    A day in the first half of a year closes the previous year; any other closes its own year as of that day.
    """
    try:
        day = date.fromisoformat(f"{today.year}-{closing_on}")
    except ValueError:
        return None
    if today < day:
        return None
    return date(today.year - 1, 12, 31) if day.month <= 6 else day


@dataclass(frozen=True)
class Due:
    """Day a scheduled closing is due, and day of its figures."""

    on: date
    as_of: date


def upcoming(closing_on: str, today: date) -> Due | None:
    """The closing due within NOTICE_DAYS by a schedule, or None."""
    for days in range(1, NOTICE_DAYS + 1):
        on = today + timedelta(days=days)
        as_of = scheduled(closing_on, on)
        if as_of is not None and f"{on:%m-%d}" == closing_on:
            return Due(on, as_of)
    return None


async def close_as_scheduled(work: Work, closing_on: str) -> None:
    """Request the due closing, unless the year has a closing already."""
    as_of = scheduled(closing_on, work.clock.today())
    if as_of is not None and await repository.latest_progress(work, str(as_of.year)) is None:
        await request_closing(work, str(as_of.year), ClosingIn(as_of=as_of), by_schedule=True)


async def announce_scheduled(work: Work, closing_on: str) -> None:
    """Give notice, once, of a scheduled closing in the coming days."""
    due = upcoming(closing_on, work.clock.today())
    if due is not None and await repository.latest_progress(work, str(due.as_of.year)) is None:
        await _notice(work, "due_soon", due, 0, 0)


async def _notice(work: Work, kind: str, due: Due, blocks: int, warnings: int) -> None:
    period = str(due.as_of.year)
    id = f"{work.town}:{period}:{kind}"
    if await work.get(NOTICES, id) is None:
        about = {"town": work.town, "year": due.as_of.year, "period": period, "kind": kind}
        counts = {"blocks": blocks, "warnings": warnings}
        work.create(NOTICES, Notice(id=id, due_on=due.on, as_of=due.as_of, **about, **counts), "given")


def _check_day(as_of: date, period: Period) -> None:
    """Check that the day is within the period; it may lie in the future, for reports written before the year ends.

    Errors: ImpossibleDay.
    """
    if not period.first <= as_of <= period.last:
        reason = f"截止日期{as_of}不在{period.first}至{period.last}之内"
        raise ImpossibleDay(reason, errors=[FieldError("body.as_of", reason)])


async def project_fact(work: Work, fact: Foreign, event: Event) -> None:
    """Do nothing: the kept log is the read model; decoding parks facts that could not be counted."""


async def project_town(work: Work, town: Town, event: Event) -> None:
    day = date.fromisoformat(event.time[:10])
    known = KnownTown(
        id=town.id,
        town=event.town,
        version=town.version,
        name=town.name,
        closing_on=town.rules_on(day).closing_on,
    )
    work.project(TOWNS, known)


async def project_seal(work: Work, sealed: YearSealed, event: Event) -> None:
    service = service_of(event.source)
    seal = Seal(
        id=f"{sealed.closing_id}:{service}",
        town=event.town,
        version=1,
        closing_id=sealed.closing_id,
        service=service,
        upto=sealed.upto_sequence,
        hash=sealed.hash,
        counts=sealed.counts,
        parked=sealed.parked,
        parked_events=tuple(
            Parked(service=service, **parked.model_dump()) for parked in sealed.parked_events
        ),
    )
    work.project(SEALS, seal)


async def advance(work: Work, closing_id: str, templates: Path | None) -> Progress:
    """Compile if every seal has arrived and matches the kept log; otherwise record the trouble."""
    progress = await work.require(PROGRESS, closing_id)
    seals = await repository.seals_of(work, closing_id)
    if progress.state != "waiting" or not await seals_arrived(work, seals):
        return progress
    try:
        year = await proven_year(work, progress.period, progress.as_of, list(seals.values()))
        record = await editions.compile_edition(work, year, list(seals.values()), templates)
    except NotProven as error:
        return _trouble(work, progress, error.service, str(error))
    except TemplateFaulty as error:
        return _trouble(work, progress, "", f"{error.title}：{error.detail}")
    if progress.scheduled:
        due = Due(work.clock.today(), progress.as_of)
        await _notice(work, "compiled", due, record.blocks, record.warnings)
    done = {"state": "compiled", "report_version": record.version, "trouble": {}}
    return work.change(PROGRESS, progress.model_copy(update=done), "compiled")


async def proven_year(work: Work, period: str, as_of: date, seals: Sequence[Seal]) -> Year:
    """The period read from the kept logs up to the seals. Errors: NotProven."""
    heads = repository.heads_of(seals)
    logs = {head.service: await repository.kept_events(work, head.service, upto=head.upto) for head in heads}
    # Hashing and folding some thousand events takes about a second: not on the event loop.
    return await asyncio.to_thread(prove, work.town, period, as_of, logs, heads)


async def seals_arrived(work: Work, seals: Mapping[str, Seal]) -> bool:
    """Whether every source has sealed and every event up to its seal is held."""
    held = await repository.whole_upto(work)
    return all(service in seals and held.get(service, 0) >= seals[service].upto for service in SERVICES)


def _trouble(work: Work, progress: Progress, service: str, message: str) -> Progress:
    trouble = {service or "reports": message}
    if progress.trouble == trouble:
        return progress
    return work.change(PROGRESS, progress.model_copy(update={"trouble": trouble}), "troubled")


async def closing_out(work: Work, period: str, closing_id: str, seal_seconds: float) -> ClosingOut:
    """Errors: NoReport."""
    progress = await work.get(PROGRESS, closing_id)
    if progress is None or progress.period != period:
        raise NoReport(f"{period}没有编号为 {closing_id} 的封账")
    return await progress_out(work, progress, seal_seconds)


async def progress_out(work: Work, progress: Progress, seal_seconds: float) -> ClosingOut:
    sources = await source_progress(work, progress)
    return ClosingOut(
        state=state_of(work, progress, seal_seconds),
        sources=sources,
        **progress.model_dump(exclude={"state"}),
    )


def state_of(work: Work, progress: Progress, seal_seconds: float) -> str:
    """State shown: a waiting closing is `compiling`, or `incomplete` after the time limit or with trouble."""
    if progress.state != "waiting":
        return progress.state
    late = work.clock.now() - progress.started_at > timedelta(seconds=seal_seconds)
    return "incomplete" if late or progress.trouble else "compiling"


async def source_progress(work: Work, progress: Progress) -> list[SourceProgress]:
    seals = await repository.seals_of(work, progress.id)
    held = await repository.whole_upto(work)
    states = []
    for service in SERVICES:
        seal = seals.get(service)
        upto = seal.upto if seal else None
        missing = max((upto or 0) - held.get(service, 0), 0)
        trouble = progress.trouble.get(service, "")
        proven = seal is not None and not missing and not trouble
        states.append(
            SourceProgress(
                source=service,
                state=SourceState.SEALED if proven else SourceState.WAITING,
                upto=upto,
                held=held.get(service, 0),
                missing=missing,
                trouble=trouble,
            )
        )
    return states
