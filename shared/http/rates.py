"""How many requests a program may make in a time, and the headers that say so.

The headers are those of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` and `RateLimit`.
"""

import time
from collections.abc import Mapping
from typing import Final

from shared.errors import TooMany

KEPT: Final = 10_000


class Rates:
    """Counts requests by key, in windows of `seconds`; in this process alone."""

    def __init__(self, name: str, quota: int, seconds: int) -> None:
        self.name, self.quota, self.seconds = name, quota, seconds
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, key: str) -> Mapping[str, str]:
        """Count a request and return the headers of its answer. Errors: TooMany, with them and Retry-After."""
        now = time.monotonic()
        began, count = self._windows.get(key, (now, 0))
        if now - began >= self.seconds:
            began, count = now, 0
        if key not in self._windows and len(self._windows) >= KEPT:
            self._windows.clear()
        self._windows[key] = began, count + 1
        left = max(int(began + self.seconds - now), 1)
        headers = {
            "RateLimit-Policy": f'"{self.name}";q={self.quota};w={self.seconds}',
            "RateLimit": f'"{self.name}";r={max(self.quota - count - 1, 0)};t={left}',
        }
        if count >= self.quota:
            raise TooMany(
                f"每 {self.seconds} 秒最多 {self.quota} 次，请过 {left} 秒再试",
                headers=headers | {"Retry-After": str(left)},
            )
        return headers
