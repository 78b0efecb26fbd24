"""Turns of a background task: each part and each record has its own, and one that fails holds up no other."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, TypeVar

import structlog
from prometheus_client import Gauge

from shared.clock import Backoff
from shared.observability.metrics import REGISTRY
from shared.storage import mongo, transactions
from shared.storage.units import DatabaseUnavailable

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 300.0
AWAY_TRIES: Final = 5
"""Attempts in a row after which a database that is away for one key alone is that key's own failure."""
FAILING: Final = Gauge(
    "background_turns_failing",
    "Parts of a background task, or records, whose turn failed and is tried again.",
    ["service", "task"],
    registry=REGISTRY,
)

log = structlog.get_logger(__name__)

Act = Callable[[], Awaitable[object]]


class Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Named)


def key_of(part: str, id: str) -> str:
    """The key of a record in a part of the task; the part alone is the key of the part."""
    return f"{part}/{id}"


@dataclass
class Turns:
    """Keys that failed rest, each twice as long as before, up to LONGEST_WAIT."""

    service: str
    task: str
    failing: dict[str, Backoff] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)
    """How often in a row the database was away, by key."""

    async def every(self, seconds: float, act: Act) -> None:
        """Do it for ever, at this interval; sooner where something failed."""
        while True:
            await act()
            failed = self.failing or self.away
            await asyncio.sleep(min(seconds, LONGEST_WAIT) if failed else seconds)

    async def each(
        self,
        part: str,
        find: Callable[[], Awaitable[Iterable[T]]],
        act: Callable[[T], Awaitable[object]],
    ) -> None:
        """A part that gives what it finds a turn each, but for those that rest."""

        async def all_found() -> None:
            due = {key_of(part, found.id): found for found in await find()}
            self.keep(part, due)
            for key, found in due.items():
                if not self.rests(key):
                    await self.take(key, partial(act, found))

        await self.by_itself(part, all_found)

    async def by_itself(self, part: str, act: Act) -> bool:
        """Whether a part of the task went well. A database that is away ends it for now, and is a failure after
        AWAY_TRIES."""
        try:
            return await self.take(part, act) is None
        except Exception as error:  # the database's, by `take`
            log.warning("part waits", task=self.task, part=part, reason=error)
            return False

    def failed(self, part: str) -> int:
        """How many records of a part failed. A part that finds only the first of many has to find so many more."""
        return sum(key.startswith(key_of(part, "")) for key in self.failing)

    def rests(self, key: str) -> bool:
        failure = self.failing.get(key)
        return failure is not None and not failure.is_due

    async def take(self, key: str, act: Act, *, clears: bool = True) -> Exception | None:
        """Run `act` and return the error it failed with. A database that is away is the trouble of all and raised,
        until it has been so AWAY_TRIES times in a row for this key.

        `clears`: success settles an earlier failure; not so where `act` is only a first part of the turn.
        """
        try:
            await act()
        except Exception as error:
            away = isinstance(error, DatabaseUnavailable | transactions.OutcomeUnknown) or mongo.is_temporary(
                error
            )
            if away:
                self.away[key] = self.away.get(key, 0) + 1
                if self.away[key] < AWAY_TRIES:
                    raise
            stack = None if away else error
            log.warning("turn failed", task=self.task, key=key, reason=error, exc_info=stack)
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

    def keep(self, part: str, keys: Collection[str]) -> None:
        """Of the records of a part forget all others: they are settled."""
        for key in {*self.failing, *self.away}:
            if key.startswith(key_of(part, "")) and key not in keys:
                self.settle(key)
        self._show()

    def _show(self) -> None:
        FAILING.labels(self.service, self.task).set(len(self.failing))
