"""Drills by schedule: when the newest backup was not tried for so many days, a process of its own tries it."""

import asyncio
import math
import sys
from asyncio.subprocess import Process
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Gauge

from services.host.backup import places
from services.host.embedded import dying_with_parent, server_program
from services.host.files import write_whole
from shared.observability.metrics import REGISTRY, refreshed_by
from shared.process import backups
from shared.process.backups import DRILL, DRILL_SECONDS, TOO_LONG, Drill, Kept, Watched
from shared.settings import Settings

CHECK_SECONDS: Final = 600.0
GRACE_SECONDS: Final = 60.0
"""How much longer a drill may take that does not end itself."""
KILLED_SECONDS: Final = 10.0
"""How long the end of a killed process is waited for; one that waits for a disk that is away does not end."""
MADE: Final = Gauge("backup_made_timestamp_seconds", "When the newest backup was made.", registry=REGISTRY)
TRIED: Final = Gauge("drill_timestamp_seconds", "When the last drill ended.", registry=REGISTRY)
PASSED: Final = Gauge("drill_passed", "1 where the last drill passed, 0 where it failed.", registry=REGISTRY)
for unknown in (MADE, TRIED, PASSED):
    unknown.set(math.nan)  # where no folder is set; zero says that there is no backup, or no drill yet

log = structlog.get_logger(__name__)


@contextmanager
def drills(settings: Settings) -> Iterator[None]:
    """Within the block drills are made and measured; nothing happens where no folder of backups is set."""
    if settings.backup_dir is None:
        yield
        return
    watched = backups.watched(settings.backup_dir)
    task = asyncio.create_task(_run(watched, settings.drill_days), name="drills")
    try:
        with refreshed_by(lambda: measure(watched, settings.drill_days)):
            yield
    finally:
        task.cancel()


def due(kept: Kept, days: float, now: datetime, tried: datetime | None = None) -> bool:
    """Whether there is a backup, and no drill within the last `days`; `tried`: one that could not store its result. A
    drill of the future was made by a wrong clock."""
    drills = (kept.drill.at if kept.drill else None, tried)
    recent = any(at is not None and timedelta(0) <= now - at < timedelta(days=days) for at in drills)
    return kept.made_at is not None and bool(days) and not recent


async def _run(watched: Watched, days: float) -> None:
    tried: datetime | None = None
    while True:
        try:
            await asyncio.to_thread(places.remove_scratch)
            kept, now = await watched.ask(backups.kept), datetime.now(UTC)
            if kept is not None and due(kept, days, now, tried):
                tried = now
                await _drill(watched, kept.newest)
        except Exception as error:
            log.warning("drill waits", reason=error, exc_info=error)
        await asyncio.sleep(CHECK_SECONDS)


async def _drill(watched: Watched, backup: str) -> None:
    """Errors: NotInstalled where no drill can be made, which says nothing of the backup."""
    server_program()
    began = datetime.now(UTC)
    command = dying_with_parent([sys.executable, "-m", "services.cli", "drill", str(watched.folder)])
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet)
    try:
        async with asyncio.timeout(DRILL_SECONDS + GRACE_SECONDS):
            status = await process.wait()
        told = f"演练没有做完（退出状态 {status}），原因见系统的日志"
    except TimeoutError:
        told = TOO_LONG
    finally:
        await _end(process)
    kept = await watched.ask(backups.kept)
    drill = kept.drill if kept is not None else None
    if drill is None or drill.at < began:  # it could not even say that it failed
        drill = Drill(at=datetime.now(UTC), backup=backup, passed=False, message=told)
        note = drill.model_dump_json(indent=1).encode()
        await watched.ask(lambda folder: write_whole(folder / DRILL, note))
    if drill.passed:
        log.info("drill passed", backup=drill.backup, seconds=drill.seconds)
    else:
        log.error("drill failed", backup=drill.backup)


async def _end(process: Process) -> None:
    """Kill the drill where it has not ended, and remove what it left."""
    if process.returncode is None:
        process.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(KILLED_SECONDS):
                await process.wait()
    await asyncio.to_thread(places.remove_scratch)


async def measure(watched: Watched, days: float) -> None:
    """A folder that is away, as a disk that is not plugged in, has no backup: an alert then says so."""
    kept = await watched.ask(backups.kept) or Kept()
    MADE.set(kept.made_at.timestamp() if kept.made_at else 0)
    TRIED.set(kept.drill.at.timestamp() if kept.drill else 0 if days else math.nan)
    PASSED.set(kept.drill.passed if kept.drill else math.nan)
