"""What towns are called now: roster says it, and is asked again a minute later, as sessions outlive names."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from services.console.api import CARD_SECONDS, LATE_SECONDS, Client, part
from services.console.errors import SignedOut

FRESH_SECONDS: Final = 60.0
RETRY_SECONDS: Final = 5.0
"""How long a page does not ask again after roster was late or away."""


@dataclass
class TownNames:
    """Of this process. `now`: a clock that only goes forward."""

    now: Callable[[], float] = time.monotonic
    _names: dict[str, str] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)

    async def read(self, api: Client, town: str) -> str:
        """The name, as it was before where roster does not say; empty where none is known."""
        if town and self.now() >= self._due.get(town, 0.0):
            await self._ask(api, town)
        return self._names.get(town, "")

    async def _ask(self, api: Client, town: str) -> None:
        seconds = CARD_SECONDS if town in self._names else LATE_SECONDS
        found = None
        with suppress(SignedOut):  # what the page itself asks for says so, if it asks
            found = await part(api.maybe(f"/roster/v1/towns/{town}"), seconds)
        if found is not None:
            self._names[town] = found["name"]
        self._due[town] = self.now() + (RETRY_SECONDS if found is None else FRESH_SECONDS)

    def forget(self, town: str) -> None:
        """The town may have been renamed just now."""
        self._due.pop(town, None)
