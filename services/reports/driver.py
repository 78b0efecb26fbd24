"""Background tasks: advance closings, close on schedule, erase withdrawn photographs; safe in several replicas."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog

from services.reports import repository
from services.reports.handlers import closings, photographs
from services.reports.repository import Progress
from services.reports.settings import Settings
from shared.errors import Problem
from shared.process.service import Running
from shared.storage.mongo import erase_file

RETRY_SECONDS: Final = 10.0
"""Interval between attempts at a closing whose logs do not match its seals."""

log = structlog.get_logger(__name__)


async def drive_closings(alive: Running) -> None:
    """Advance every closing whose seals have arrived; its state is in the database, so any replica may do it."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    tried: dict[str, float] = {}
    while True:
        try:
            ready = await _ready(alive, tried, settings.progress_seconds)
            for progress in ready:
                tried[progress.id] = time.monotonic()
                await _advance(alive, progress, settings)
        except Exception as error:
            log.warning("closings wait", reason=repr(error)[:200])
            await asyncio.sleep(settings.progress_seconds)


async def erase_withdrawn(alive: Running) -> None:
    """Erase the bytes of withdrawn photographs, retried until none is left."""
    await _now_and_then(alive, erase_now, "erasing waits")


async def erase_now(alive: Running) -> None:
    for photograph in await repository.photographs_to_erase(alive.store):
        await erase_file(alive.store.database, photograph.file)
        await alive.store.execute(
            town=photograph.town,
            actor="service:reports",
            run=partial(photographs.project_erased, id=photograph.id),
        )


async def close_on_schedule(alive: Running) -> None:
    """Request closings on the day set by each town's rule pack."""
    await _now_and_then(alive, _close_now, "schedule waits")


async def _close_now(alive: Running) -> None:
    for town in await repository.scheduled_towns(alive.store):
        for step in (closings.announce_scheduled, closings.close_as_scheduled):
            await alive.store.execute(
                town=town.town, actor="service:reports", run=partial(step, closing_on=town.closing_on)
            )


async def _now_and_then(alive: Running, act: Callable[[Running], Awaitable[None]], waits: str) -> None:
    """Run `act` periodically, forever; a failure is logged as `waits` and retried at the next interval."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    while True:
        try:
            await act(alive)
        except Exception as error:
            log.warning(waits, reason=repr(error)[:200])
        await asyncio.sleep(settings.schedule_seconds)


async def _ready(alive: Running, tried: dict[str, float], seconds: float) -> list[Progress]:
    """Closings that can advance, waited for up to `seconds`."""
    ready: list[Progress] = []

    async def some() -> bool:
        ready.clear()
        for progress in await repository.open_closings(alive.store):
            rested = time.monotonic() - tried.get(progress.id, float("-inf")) > RETRY_SECONDS
            if (rested or not progress.trouble) and await _arrived(alive, progress):
                ready.append(progress)
        return bool(ready)

    await alive.store.arrival(some, within=seconds)
    return ready


async def _arrived(alive: Running, progress: Progress) -> bool:
    work = alive.store.reading(progress.town, "")
    return await closings.seals_arrived(work, await repository.seals_of(work, progress.id))


async def _advance(alive: Running, progress: Progress, settings: Settings) -> None:
    try:
        await alive.store.execute(
            town=progress.town,
            actor="service:reports",
            run=lambda work: closings.advance(work, progress.id, settings.templates_dir),
        )
    except Problem as problem:
        log.warning("closing not advanced", closing=progress.id, reason=problem.detail)
