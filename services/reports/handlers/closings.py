"""Closings: request seals from the sources, follow their arrival, compile when the logs are verified."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from services.reports import kept_log, repository
from services.reports.compiler import NotProven
from services.reports.domain import Parked, SourceState, towns
from services.reports.domain.periods import Days, Period, period
from services.reports.domain.seals import MANIFEST
from services.reports.errors import ImpossibleDay, NoPeriod, NoReport, NotACongress, TemplateFaulty
from services.reports.events_in import SOURCES, Foreign, Town, YearSealed
from services.reports.events_in.roster import Ruled
from services.reports.figures import fold
from services.reports.figures.ledger import kind
from services.reports.figures.terms import terms
from services.reports.handlers import board, editions, notices, proving
from services.reports.notation import full_day_text, period_text
from services.reports.repository import (
    CLOSINGS,
    PROGRESS,
    SEALS,
    TOWNS,
    Closing,
    KnownTown,
    Progress,
    Seal,
)
from services.reports.schemas import ClosingIn, ClosingOut, SourceProgress
from services.reports.settings import Settings
from shared.envelope import Event, service_of
from shared.errors import FieldError
from shared.ids import new_id
from shared.storage.work import Work

REQUEST_SECONDS: Final = 3600.0
"""Longest interval between requests for seals of a closing one of which does not fit."""
OURS: Final = "reports"
"""Key of a trouble that no source is the reason of."""


async def request_closing(work: Work, name: str, body: ClosingIn, *, by_schedule: bool = False) -> Progress:
    """Request a seal from every source; earlier waiting closings of the period are superseded.

    Errors: NotACongress, NoPeriod, ImpossibleDay.
    """
    as_of = await day_of(work, name, body.as_of)
    await board.hold(work, name)
    for earlier in await repository.waiting_progress(work, name):
        work.change(PROGRESS, earlier.model_copy(update={"state": "superseded"}), "superseded")
    about = {"town": work.town, "year": as_of.year, "period": name, "as_of": as_of}
    closing = Closing(id=new_id(), manifest=MANIFEST, **about)
    work.create(CLOSINGS, closing, "requested")
    progress = Progress(id=closing.id, started_at=work.clock.now(), scheduled=by_schedule, **about)
    begun = work.create(PROGRESS, progress, "begun")
    await board.note_progress(work, begun)
    return begun


async def day_of(work: Work, name: str, as_of: date | None) -> date:
    """The day of the figures: by default the last of the period, or today while it runs. Errors: NotACongress,
    NoPeriod, ImpossibleDay."""
    town = await work.get(TOWNS, work.town)
    if town is not None and not towns.has_congress(town.name):
        raise NotACongress(f"“{town.name}”不是乡、民族乡、镇，没有人民代表大会，也就没有可以总结的人大工作")
    period = await known_period(work, name)
    day = as_of or min(period.last, work.clock.today())
    _check_day(day, period)
    return day


async def known_period(work: Work, name: str) -> Period:
    """The period of a name; days of a term by the current roster. Errors: NoPeriod."""
    known: dict[int, Days] = {}
    if name.startswith("term-"):
        roster = await kept_log.kept_events(work, "roster")
        known = terms(
            await asyncio.to_thread(fold, work.town, [e for e in roster if kind(e) == "roster.term"])
        )
    known_days = period(name, known.get)
    if known_days is None:
        raise NoPeriod(f"名册没有登记{period_text(name)}的任期，请先登记该届的开始日期")
    return known_days


def _check_day(as_of: date, period: Period) -> None:
    """Check that the day is within the period; it may lie in the future, for reports written before the year ends.

    Errors: ImpossibleDay.
    """
    if not period.first <= as_of <= period.last:
        days = f"{full_day_text(period.first)}至{full_day_text(period.last)}"
        reason = f"截止日期{full_day_text(as_of)}不在{days}之内"
        raise ImpossibleDay(reason, errors=[FieldError("body.as_of", reason)])


async def project_fact(work: Work, fact: Foreign, event: Event) -> None:
    """Do nothing: the kept log is the read model; decoding parks facts that could not be counted."""


async def project_town(work: Work, town: Town, event: Event) -> None:
    known = KnownTown(
        id=town.id,
        town=event.town,
        version=town.version,
        name=town.name,
        county_name=town.county_name,
        rules=Ruled(rules=town.rules, rule_packs=town.rule_packs),
        closes=towns.has_congress(town.name) and bool(town.texts("closing_on")),
        public=town.public,
        abolished_on=town.abolished_on,
    )
    work.project(TOWNS, known)


async def project_seal(work: Work, sealed: YearSealed, event: Event) -> None:
    """Keep the newest seal: a source that was asked again seals again. That of a closing which a restore undid is not
    kept."""
    if await work.get(CLOSINGS, sealed.closing_id) is None:
        return
    service = service_of(event.source)
    seal = Seal(
        id=f"{sealed.closing_id}:{service}",
        town=event.town,
        version=event.sequence,
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


async def advance(work: Work, id: str, settings: Settings) -> Progress:
    """Compile if every seal has arrived and matches the kept log; otherwise record the trouble."""
    progress = await work.require(PROGRESS, id)
    by_service = await repository.seals_of(work, id)
    if progress.state != "waiting" or not await seals_arrived(work, by_service):
        return progress
    seals = repository.in_order(by_service)
    try:
        proven = await proving.proven(work, progress.period, progress.as_of, seals)
        record = await editions.compile_edition(work, proven.year, seals, settings.templates_dir)
    except NotProven as error:
        return await _unproven(work, progress, error, settings.seal_seconds)
    except TemplateFaulty as error:
        return await _troubled(work, progress, {OURS: f"{error.title}：{error.detail}"})
    if progress.scheduled:
        due = notices.Due(work.clock.today(), progress.as_of)
        await notices.give(work, "compiled", due, record.blocks, record.warnings)
    await proving.keep(work, proven)
    done = {"state": "compiled", "report_version": record.version, "trouble": {}, "seals": tuple(seals)}
    return await _noted(work, progress.model_copy(update=done), "compiled")


async def seals_arrived(work: Work, seals: Mapping[str, Seal]) -> bool:
    """Whether every source has sealed and every event up to its seal is held."""
    held = await kept_log.whole_upto(work)
    return all(service in seals and held.get(service, 0) >= seals[service].upto for service in SOURCES)


async def note_failure(work: Work, id: str, error: Exception) -> Progress:
    """Record that compiling failed for no reason a clerk could remove; it is tried again."""
    progress = await work.require(PROGRESS, id)
    if progress.state != "waiting":
        return progress
    reason = f"编制总结时程序出错（{type(error).__name__}），系统会自动再试；一直不成请联系维护人员"
    return await _troubled(work, progress, {OURS: reason})


async def _unproven(work: Work, progress: Progress, error: NotProven, seal_seconds: float) -> Progress:
    """Record why; ask for the seals anew where one that fits may come, each time after a longer while."""
    obstacles = await kept_log.obstacles(work)
    reasons = {s: "；".join(filter(None, (why, obstacles.get(s)))) for s, why in error.troubles.items()}
    if not (error.again and _due_again(progress, work.clock.now(), seal_seconds)):
        return await _troubled(work, progress, reasons)
    work.change(CLOSINGS, await work.require(CLOSINGS, progress.id), "requested")
    again = {"asked_again": progress.asked_again + 1, "asked_at": work.clock.now(), "trouble": reasons}
    return await _noted(work, progress.model_copy(update=again), "troubled")


def _due_again(progress: Progress, now: datetime, seal_seconds: float) -> bool:
    """At once the first time, then after `seal_seconds`, twice that, and so on up to REQUEST_SECONDS."""
    if progress.asked_at is None or now < progress.asked_at:
        return True
    wait = min(seal_seconds * 2.0 ** min(progress.asked_again - 1, 20), REQUEST_SECONDS)
    return (now - progress.asked_at).total_seconds() >= wait


async def _troubled(work: Work, progress: Progress, trouble: dict[str, str]) -> Progress:
    if progress.trouble == trouble:
        return progress
    return await _noted(work, progress.model_copy(update={"trouble": trouble}), "troubled")


async def _noted(work: Work, progress: Progress, verb: str) -> Progress:
    """Change a closing, and what the board says of it."""
    changed = work.change(PROGRESS, progress, verb)
    await board.note_progress(work, changed)
    return changed


async def closing_out(work: Work, period: str, closing_id: str, seal_seconds: float) -> ClosingOut:
    """Errors: NoReport."""
    progress = await work.get(PROGRESS, closing_id)
    if progress is None or progress.period != period:
        raise NoReport(f"{period_text(period)}没有编号为 {closing_id} 的封账")
    return await progress_out(work, progress, seal_seconds)


async def progress_out(work: Work, progress: Progress, seal_seconds: float) -> ClosingOut:
    sources = await source_progress(work, progress)
    return ClosingOut(
        state=state_of(work, progress, seal_seconds, sources),
        sources=sources,
        trouble=progress.trouble.get(OURS, ""),
        **progress.model_dump(exclude={"state", "trouble"}),
    )


def state_of(
    work: Work, progress: Progress, seal_seconds: float, sources: Sequence[SourceProgress] = ()
) -> str:
    """State shown: a waiting closing is `compiling`, or `incomplete` after the time limit or with trouble, also of
    the `sources` where they were read."""
    if progress.state != "waiting":
        return progress.state
    late = board.is_late(progress.started_at, work.clock.now(), seal_seconds)
    troubled = progress.trouble or any(source.trouble for source in sources)
    return "incomplete" if late or troubled else "compiling"


async def source_progress(work: Work, progress: Progress) -> list[SourceProgress]:
    seals = {seal.service: seal for seal in progress.seals} or await repository.seals_of(work, progress.id)
    held = await kept_log.whole_upto(work)
    obstacles = await kept_log.obstacles(work) if progress.state == "waiting" else {}
    states = []
    for service in SOURCES:
        seal = seals.get(service)
        upto = seal.upto if seal else None
        missing = max((upto or 0) - held.get(service, 0), 0)
        trouble = progress.trouble.get(service, "")
        if not trouble and (seal is None or missing):
            trouble = obstacles.get(service, "")
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
