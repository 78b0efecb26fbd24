"""What a folder of backups says of itself: when the newest was made, and how the last drill ended."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

DRILL: Final = "drill.json"
DRILL_SECONDS: Final = 12 * 3600.0
"""How long a drill may take. The data of 1,500 towns take two hours."""
TOO_LONG: Final = f"演练 {DRILL_SECONDS / 3600:.0f} 小时没有做完，已经中止：看看临时的地方和备份所在的磁盘"
ANSWER_SECONDS: Final = 2.0
"""How long a folder is waited for: a disk over the network may hang."""
ID: Final = re.compile(r"[0-9]{8}T[0-9]{12}Z")
"""Ids of backups: the time, to the microsecond, so that they sort."""
_TIME: Final = "%Y%m%dT%H%M%S%fZ"
T = TypeVar("T")

log = structlog.get_logger(__name__)


class Drill(BaseModel):
    """How a drill ended. `message`: what was counted or what is wrong, in Chinese, without personal data."""

    at: datetime
    backup: str
    passed: bool
    message: str
    seconds: float = 0.0


class Kept(BaseModel):
    """`newest`: the id of the newest backup, and `made_at` when it was made, where there is one. `drill`: the last one,
    where there was one."""

    newest: str = ""
    made_at: datetime | None = None
    drill: Drill | None = None


def id_of(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_TIME)


def next_id(folder: Path, at: datetime) -> str:
    """The id of a backup that is made then: behind all others also where the clock was set back, as the last one made
    is what is restored and kept."""
    last = [_time_of(id) + timedelta(microseconds=1) for id in ids(folder)[-1:]]
    return id_of(max([at, *last]))


def ids(folder: Path) -> list[str]:
    """The ids of the backups in a folder, oldest first; none where it is missing. Errors: OSError where it cannot be
    read, over which `Path.glob` passes."""
    try:
        return sorted(
            path.stem for path in folder.iterdir() if path.suffix == ".json" and ID.fullmatch(path.stem)
        )
    except FileNotFoundError:
        return []


def kept(folder: Path) -> Kept:
    """A folder that is missing has no backups; a result of a drill that cannot be read is that of a failed one."""
    drill = _drill(folder / DRILL)
    if not (made := ids(folder)):
        return Kept(drill=drill)
    # After a clock that was ahead an id is later than its backup, and after a copy the file.
    written = datetime.fromtimestamp((folder / f"{made[-1]}.json").stat().st_mtime, UTC)
    return Kept(newest=made[-1], made_at=min(_time_of(made[-1]), written), drill=drill)


def _time_of(id: str) -> datetime:
    return datetime.strptime(id, _TIME).replace(tzinfo=UTC)


def _drill(path: Path) -> Drill | None:
    try:
        return Drill.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Drill(at=at, backup="", passed=False, message="演练的结果读不出来，请再演练一次")


class Watched:
    """A folder that a process looks at. A disk that hangs holds one thread, which nobody waits for, also not the end of
    the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._busy: Future[Any] | None = None

    async def ask(self, act: Callable[[Path], T]) -> T | None:
        """What `act` returns for the folder; None where the disk does not answer, or with an error."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while self._busy is not None and not self._busy.done():
                    await asyncio.wait([asyncio.wrap_future(self._busy)])
                self._busy = _in_a_thread(partial(act, self.folder))
                return await asyncio.shield(asyncio.wrap_future(self._busy))
        except OSError as error:  # TimeoutError too
            log.warning("the disk of the backups does not answer", reason=error)
            return None


@cache
def watched(folder: Path) -> Watched:
    """The one of this process."""
    return Watched(folder)


def _in_a_thread(act: Callable[[], T]) -> Future[T]:
    """In a daemon thread: those of an executor are few, and are waited for at the end of the process."""
    future = Future[T]()

    def run() -> None:
        try:
            future.set_result(act())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="backups", daemon=True).start()
    return future
