"""How much the voters' door takes in, counted by slip and by wrong codes in all: never by who knocks.

No address, cookie or browser is looked at. Counts live in this process alone and are thrown away together, so that no
count has a time of its own; a hall behind one address is as free as a voter at home.
"""

import math
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from services.ratings.errors import TooManyTries

WINDOW_SECONDS: Final = 60.0
SLIP_TIMES: Final = 60
"""Requests with one slip in a window: ballot, review, changes, a page loaded again and again in a bad network."""
WRONG_TIMES: Final = 600
"""Requests with codes that are no slip's, of all voters of all towns: ten a second are slips of the pen of a full hall
many times over; only guessing needs more. They never hinder a code that is right."""


class Window:
    """At most `most` of each key in one window of time, counted from when the window before it ended or later."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._counts: Counter[str] = Counter()
        self._ends = 0.0

    def take(self, key: str = "") -> None:
        """Errors: TooManyTries saying after how many seconds, in `Retry-After` too (RFC 9110 §10.2.3)."""
        now = self._clock()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + WINDOW_SECONDS
        self._counts[key] += 1
        if self._counts[key] > self._most:
            wait = math.ceil(self._ends - now)
            raise TooManyTries(f"请过 {wait} 秒再试。票没有作废。", headers={"Retry-After": str(wait)})
