"""Rate limits of the ballot page: per slip, and for all wrong codes together, never per client.

No address, cookie or browser is considered, so that a hall behind one address is not limited. Counts are held in this
process and cleared together, so that no count has a time of its own.
"""

import math
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from services.ratings.errors import TooManyTries

WINDOW_SECONDS: Final = 60.0
SLIP_TIMES: Final = 60
"""Requests with one slip in a window: ballot, review, changes, reloads in a bad network."""
WRONG_TIMES: Final = 600
"""Requests with unknown codes, of all voters of all towns: far more than the typing errors of a full hall, but less
than guessing needs. Requests with a valid code are not affected."""


class Window:
    """Fixed-window rate limit: at most `most` requests per key and window."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._counts: Counter[str] = Counter()
        self._ends = 0.0

    def take(self, key: str = "") -> None:
        """Count one request. Errors: TooManyTries with `Retry-After` (RFC 9110 §10.2.3)."""
        now = self._clock()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + WINDOW_SECONDS
        self._counts[key] += 1
        if self._counts[key] > self._most:
            wait = math.ceil(self._ends - now)
            raise TooManyTries(f"请过 {wait} 秒再试。票没有作废。", headers={"Retry-After": str(wait)})
