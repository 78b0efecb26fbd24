"""Turns of a background task: each key has its own, and one that fails holds up no other."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Final

import structlog
from prometheus_client import Gauge

from shared.clock import Backoff
from shared.observability.metrics import REGISTRY
from shared.storage import mongo
from shared.storage.units import DatabaseUnavailable

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 300.0
AWAY_TRIES: Final = 5
"""Attempts in a row after which a database that is away for one key alone is that key's own failure."""
FAILING: Final = Gauge(
    "background_turns_failing",
    "Closings, towns or photographs whose turn of a background task failed and is tried again.",
    ["service", "task"],
    registry=REGISTRY,
)

log = structlog.get_logger(__name__)


@dataclass
class Turns:
    """Keys that failed rest, each twice as long as before, up to LONGEST_WAIT."""

    service: str
    task: str
    failing: dict[str, Backoff] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)
    """How often in a row the database was away, by key."""

    def rests(self, key: str) -> bool:
        failure = self.failing.get(key)
        return failure is not None and not failure.is_due

    async def take(
        self, key: str, act: Callable[[], Awaitable[None]], *, clears: bool = True
    ) -> Exception | None:
        """Run `act` and return the error it failed with. A database that is away is the trouble of all and raised,
        until it has been so AWAY_TRIES times in a row for this key.

        `clears`: success settles an earlier failure; not so where `act` is only a first part of the turn.
        """
        try:
            await act()
        except Exception as error:
            if isinstance(error, DatabaseUnavailable | mongo.OutcomeUnknown) or mongo.is_temporary(error):
                self.away[key] = self.away.get(key, 0) + 1
                if self.away[key] < AWAY_TRIES:
                    raise
            log.warning("turn failed", task=self.task, key=key, reason=error, exc_info=error)
            self.failing.setdefault(key, Backoff(FIRST_WAIT, LONGEST_WAIT)).postpone()
            return error
        else:
            if clears:
                self.settle(key)
            return None
        finally:
            self._show()

    def settle(self, key: str) -> None:
        """The turn is over without an error."""
        self.failing.pop(key, None)
        self.away.pop(key, None)

    def keep(self, keys: Collection[str]) -> None:
        """Forget all others: they are settled."""
        self.failing = {key: failure for key, failure in self.failing.items() if key in keys}
        self.away = {key: tries for key, tries in self.away.items() if key in keys}
        self._show()

    def _show(self) -> None:
        FAILING.labels(self.service, self.task).set(len(self.failing))
