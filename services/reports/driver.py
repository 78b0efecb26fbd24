"""The task that brings closings to their end: woken by what arrives, robust against restarts, harmless in replicas."""

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

TROUBLED_SECONDS: Final = 10.0
"""How often a closing whose logs were not borne out is tried again."""

log = structlog.get_logger(__name__)


async def drive_closings(alive: Running) -> None:
    """Advance every closing whose seals are all borne out; the state lies in the database, so any replica may do it."""
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
    """Erase the bytes of photographs that are nobody's evidence any more; tried again as long as one is left."""
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
    """Ask for closings on the day each town's rule pack names."""
    await _now_and_then(alive, _close_now, "schedule waits")


async def _close_now(alive: Running) -> None:
    for town in await repository.scheduled_towns(alive.store):
        for step in (closings.tell_of_schedule, closings.close_as_scheduled):
            await alive.store.execute(
                town=town.town, actor="service:reports", run=partial(step, closing_on=town.closing_on)
            )


async def _now_and_then(alive: Running, act: Callable[[Running], Awaitable[None]], waits: str) -> None:
    """For ever; what goes wrong is logged as `waits` and tried again when it is time."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    while True:
        try:
            await act(alive)
        except Exception as error:
            log.warning(waits, reason=repr(error)[:200])
        await asyncio.sleep(settings.schedule_seconds)


async def _ready(alive: Running, tried: dict[str, float], seconds: float) -> list[Progress]:
    """Closings that can go on, waited for up to `seconds`."""
    ready: list[Progress] = []

    async def some() -> bool:
        ready.clear()
        for progress in await repository.open_closings(alive.store):
            rested = time.monotonic() - tried.get(progress.id, float("-inf")) > TROUBLED_SECONDS
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
