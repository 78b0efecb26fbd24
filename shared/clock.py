"""Clocks, passed as arguments so that rules and tests do not depend on the system time; delays between tries."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The time in UTC, truncated to milliseconds, the precision of MongoDB and the envelope."""
        ...

    def today(self) -> date:
        """The calendar date in China."""
        ...


class SystemClock:
    def now(self) -> datetime:
        instant = datetime.now(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    def today(self) -> date:
        return datetime.now(BEIJING).date()


@dataclass
class Turn:
    """How long the present turn of a task has gone without progress; a task that waits for work has none."""

    _moved: float | None = field(default=None, init=False)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._moved if self._moved is not None else 0.0

    def moved(self) -> None:
        """The turn began, or made progress."""
        self._moved = time.monotonic()

    def over(self) -> None:
        self._moved = None


@dataclass
class Backoff:
    """Delays between tries, in seconds: `first`, then twice as long each time, up to `longest`."""

    first: float
    longest: float
    wait: float = field(init=False)
    """The next delay."""
    _due: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.wait = self.first

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self._due

    def postpone(self) -> float:
        """Put off the next try; return by how long."""
        delay, self.wait = self.wait, min(self.wait * 2, self.longest)
        self._due = time.monotonic() + delay
        return delay

    def reset(self) -> None:
        self.wait, self._due = self.first, 0.0

    async def sleep(self) -> None:
        """Put off the next try, and wait until it is due."""
        await asyncio.sleep(self.postpone())


def timestamp(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, e.g. `2020-12-07T01:02:03.456Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
