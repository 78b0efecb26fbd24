"""Drills by schedule: when the newest backup was not tried for so many days, a process of its own tries it."""

import asyncio
import math
import sys
from asyncio.subprocess import Process
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import Gauge

from services.host.backup import places
from services.host.embedded import dying_with_parent
from services.host.files import write_whole
from shared.observability.metrics import REGISTRY, refreshed_by
from shared.process import backups
from shared.process.backups import DRILL, DRILL_SECONDS, TOO_LONG, Drill, Kept
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
    folder = settings.backup_dir
    task = asyncio.create_task(_run(folder, settings.drill_days), name="drills")
    try:
        with refreshed_by(lambda: measure(folder, settings.drill_days)):
            yield
    finally:
        task.cancel()


def due(kept: Kept, days: float, now: datetime) -> bool:
    """Whether there is a backup, and no drill within the last `days`."""
    if kept.made_at is None or not days:
        return False
    return kept.drill is None or now - kept.drill.at >= timedelta(days=days)


async def _run(folder: Path, days: float) -> None:
    await asyncio.to_thread(places.remove_scratch)
    while True:
        try:
            if due(backups.kept(folder), days, datetime.now(UTC)):
                await _drill(folder)
        except Exception as error:
            log.warning("drill waits", reason=repr(error)[:200])
        await asyncio.sleep(CHECK_SECONDS)


async def _drill(folder: Path) -> None:
    began = datetime.now(UTC)
    command = dying_with_parent([sys.executable, "-m", "services.cli", "drill", str(folder)])
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
    drill = backups.kept(folder).drill
    if drill is None or drill.at < began:  # it could not even say that it failed
        drill = Drill(at=datetime.now(UTC), backup=backups.ids(folder)[-1], passed=False, message=told)
        write_whole(folder / DRILL, drill.model_dump_json(indent=1).encode())
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


async def measure(folder: Path, days: float) -> None:
    """A folder that is away, as a disk that is not plugged in, has no backup: an alert then says so."""
    kept = backups.kept(folder)
    MADE.set(kept.made_at.timestamp() if kept.made_at else 0)
    if kept.drill is not None:
        TRIED.set(kept.drill.at.timestamp())
        PASSED.set(kept.drill.passed)
    elif days:
        TRIED.set(0)
