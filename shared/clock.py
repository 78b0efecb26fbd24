"""Clocks, passed as arguments so that rules and tests do not depend on the system time."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class FixedClock:
    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.astimezone(BEIJING).date()


def timestamp(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, e.g. `2020-12-07T01:02:03.456Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
