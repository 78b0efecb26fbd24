"""Background tasks: advance closings, close on schedule, erase photographs given up, deliver webhooks; safe in several
replicas.

Every closing, town and photograph has a turn of its own.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from services.reports import repository, towns
from services.reports.events_in import SOURCES
from services.reports.handlers import closings, photographs, schedule
from services.reports.handlers.schedule import SteadyClock
from services.reports.repository import PROGRESS, TOWNS, Progress
from services.reports.settings import Settings
from services.reports.webhooks import dispatch
from shared.clock import Backoff
from shared.process import orphans
from shared.process.service import Running
from shared.process.turns import Turns, key_of
from shared.storage.mongo import erase_file
from shared.storage.paging import Place
from shared.storage.work import Work

SHORTEST_REST: Final = 0.1
"""Between two looks at the closings, however much is written meanwhile."""
FIRST_REST: Final = 10.0
LONGEST_REST: Final = 60.0
"""Interval between attempts at a closing whose logs do not match its seals, while no other seal arrives."""
ACTOR: Final = "service:reports"

Waiting = Progress | Place
Versions = tuple[tuple[str, int], ...]
"""Seals of a closing, by service and version."""


@dataclass(frozen=True)
class Attempt:
    """The last attempt at a closing: the seals it had, and when it is due again should they stay the same."""

    seals: Versions
    backoff: Backoff


async def drive_closings(alive: Running) -> None:
    """Advance the closings of this process's towns whose seals have arrived. Their state is in the database, so any
    replica may do it."""
    settings = _settings(alive)
    tried: dict[str, Attempt] = {}
    turns = Turns(alive.service.name, "drive_closings")

    async def advance() -> None:
        for progress, seals in await _ready(alive, tried, turns):
            tried[progress.id] = _next(tried.get(progress.id), seals, settings.seal_seconds)
            await _advance(alive, progress, turns, settings)

    while True:
        seen = alive.store.commits
        if await turns.by_itself("look", advance):
            await asyncio.sleep(min(SHORTEST_REST, settings.progress_seconds))
            await alive.store.next_commit(after=seen, within=settings.progress_seconds)
        else:
            await asyncio.sleep(settings.progress_seconds)


def _next(last: Attempt | None, seals: Versions, seal_seconds: float) -> Attempt:
    if last is None or last.seals != seals:
        last = Attempt(seals, Backoff(min(FIRST_REST, seal_seconds), LONGEST_REST))
    last.backoff.postpone()
    return last


async def deliver_webhooks(alive: Running) -> None:
    """Push events to their webhooks, from the process that leads."""
    await dispatch.deliver(alive, _settings(alive).webhook_networks)


async def erase_withdrawn(alive: Running) -> None:
    """Erase photographs that no activity cites."""
    turns = Turns(alive.service.name, "erase_withdrawn")
    await turns.every(_settings(alive).schedule_seconds, partial(erase_now, alive, turns))


async def erase_now(alive: Running, turns: Turns) -> None:
    await turns.each("photographs", partial(towns.photographs_to_erase, alive.store), partial(_erase, alive))


async def _erase(alive: Running, place: Place) -> None:
    """The record first: the bytes of one that is handed in again meanwhile are others. Should the process end in
    between, the file is one that no record names (`erase_orphans`)."""
    given_up = partial(photographs.give_up, id=place.id)
    if (photograph := await alive.store.execute(town=place.town, actor=ACTOR, run=given_up)) is not None:
        await erase_file(alive.store.database, photograph.file)


async def erase_orphans(alive: Running) -> None:
    await orphans.erase(alive, towns.orphaned_files)


async def close_on_schedule(alive: Running) -> None:
    """Request closings on the day set by each town's rule pack."""
    turns, seconds = Turns(alive.service.name, "close_on_schedule"), _settings(alive).schedule_seconds
    await turns.every(seconds, partial(close_now, alive, turns, SteadyClock(seconds / 2)))


async def close_now(alive: Running, turns: Turns, clock: SteadyClock) -> None:
    today = clock.day(alive.store.clock, time.monotonic())
    if today is not None:
        find = partial(towns.scheduled_towns, alive.store)
        await turns.each("towns", find, partial(_look_at, alive, today=today))


async def _look_at(alive: Running, place: Place, today: date) -> None:
    async def look(work: Work) -> None:
        town = await work.require(TOWNS, place.id)
        await schedule.look(work, schedule.days_named(town), today)

    await alive.store.execute(town=place.town, actor=ACTOR, run=look)


async def _ready(alive: Running, tried: dict[str, Attempt], turns: Turns) -> list[tuple[Progress, Versions]]:
    """Closings that can advance, with their seals. Those that wait for a seal are read together, in two queries."""
    ready: list[tuple[Progress, Versions]] = []

    async def look(document: Mapping[str, Any], seals: Versions) -> None:
        progress = PROGRESS.load(document)
        last = tried.get(progress.id)
        if seals and progress.trouble and last and last.seals == seals and not last.backoff.is_due:
            return
        if seals and await _arrived(alive, progress):
            ready.append((progress, seals))
        else:
            turns.settle(_key(progress))

    found = await towns.open_closings(alive.store)
    waiting = {place.id: place for place in found if alive.serves(place.town)}
    turns.keep("closings", {_key(place) for place in waiting.values()})
    for id in tried.keys() - waiting.keys():
        del tried[id]
    sealed = await _sealed(alive, waiting)
    for id, place in waiting.items():
        if not turns.rests(_key(place)):
            error = await turns.take(
                _key(place), partial(look, found[place], sealed.get(id, ())), clears=False
            )
            if error is not None:
                await _note(alive, place, turns, error)
    return ready


async def _sealed(alive: Running, ids: Collection[str]) -> dict[str, Versions]:
    """Of these closings those that every source has sealed, with their seals."""
    versions: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for seal in await towns.seals_of_closings(alive.store, list(ids)):
        versions[seal.closing_id][seal.service] = seal.version
    return {
        id: tuple(sorted(seals.items())) for id, seals in versions.items() if seals.keys() >= set(SOURCES)
    }


def _key(closing: Waiting) -> str:
    return key_of("closings", closing.id)


async def _arrived(alive: Running, progress: Progress) -> bool:
    """Whether every event up to the seals of a closing is held."""
    work = alive.store.reading(progress.town, "")
    return await closings.seals_arrived(work, await repository.seals_of(work, progress.id))


async def _advance(alive: Running, progress: Progress, turns: Turns, settings: Settings) -> None:
    """An error that is nobody's fault but the program's is told to the clerk and retried, and stops no other town."""

    async def advance() -> None:
        await _of(alive, progress, partial(closings.advance, id=progress.id, settings=settings))

    error = await turns.take(_key(progress), advance)
    if error is not None:
        await _note(alive, progress, turns, error)


async def _note(alive: Running, closing: Waiting, turns: Turns, error: Exception) -> None:
    """A part of the same turn: where it fails as well, the closings behind this one go on."""
    note = partial(closings.note_failure, id=closing.id, error=error)
    await turns.take(_key(closing), partial(_of, alive, closing, note), clears=False)


async def _of(alive: Running, closing: Waiting, run: Callable[..., Awaitable[Progress]]) -> None:
    await alive.store.execute(town=closing.town, actor=ACTOR, run=run)


def _settings(alive: Running) -> Settings:
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    return settings
