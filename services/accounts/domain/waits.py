"""Growing waits between attempts to sign in: per name and source, and a shorter one per source.

Another's failures at another place never keep anybody out: what is counted is a name as it was typed, from one source.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from services.accounts.domain.values import Instant
from shared.storage.work import Record

FREE: Final = 5
"""Failures without a wait."""
FREE_OF_SOURCE: Final = 50
FIRST_SECONDS: Final = 5
LONGEST_SECONDS: Final = 900
LONGEST_OF_SOURCE_SECONDS: Final = 30
FORGOTTEN: Final = timedelta(days=1)


class Attempts(Record):
    """Failures in a row of one name from one source, or of one source. The id tells neither."""

    failures: int = 0
    last_at: Instant

    def after(self, now: datetime) -> "Attempts":
        """With one more, counted before its outcome is known, so that many at once do not count as one."""
        failures = 0 if now - self.last_at > FORGOTTEN else self.failures
        return self.model_copy(update={"failures": failures + 1, "last_at": now})


def key(source: str, name: str | None = None) -> str:
    text = f"source\n{source}" if name is None else f"name\n{source}\n{name}"
    return hashlib.sha256(text.encode()).hexdigest()


def seconds_left(attempts: Attempts | None, now: datetime, *, free: int, longest: int) -> int:
    """How long to wait still; 0: not at all. After `free` failures FIRST_SECONDS, then twice as long
    each time."""
    if attempts is None or attempts.failures < free or now - attempts.last_at > FORGOTTEN:
        return 0
    wait = min(FIRST_SECONDS << min(attempts.failures - free, 20), longest)
    left = wait - (now - attempts.last_at).total_seconds()
    return max(int(left) + (left > int(left)), 0)
