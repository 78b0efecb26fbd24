"""Presence of the processes of a service by heartbeat, election of the eldest as leader, and shares of partitions.

Each process measures the others' heartbeats by its own monotonic clock, so that clocks are never compared. A process
without heartbeat is removed and its database session ended: a transaction that a killed process left open would block
the heads of its streams, and so all writes of those towns, for up to a minute.

Collection: `processes` {_id: owner, beat, session}.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from shared.ids import new_id
from shared.storage import mongo, transactions
from shared.storage.reader import Reader

BEAT_SECONDS: Final = 1.0
GONE_SECONDS: Final = 5.0
"""A process without heartbeat for this long is removed. One that was only slow returns with its next heartbeat."""

UNHEARD_SECONDS: Final = 3.0
"""The database counts as not writable if no heartbeat was written for this long."""

COLLECTIONS: Final = ("processes",)

log = structlog.get_logger(__name__)


@dataclass
class Presence:
    """The presence of this process. `session`: the id of the session of its transactions, once there is one."""

    database: mongo.Database
    session: Callable[[], dict[str, Any] | None]
    owner: str = field(default_factory=new_id)
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict)
    _beats: int = 0
    _alive: Sequence[str] = ()
    """The processes that were alive at the last heartbeat, eldest first."""
    _present_until: float = 0.0
    _beaten: float = 0.0
    refused: bool = False
    """Whether the database answered the last heartbeat with an error that waiting does not mend."""

    async def run(self) -> None:
        """Write heartbeats until cancelled; after an error of the database with the next one."""
        while True:
            try:
                await self.beat()
                self.refused = False
            except Exception as error:
                self.refused = isinstance(error, mongo.Failed) and not mongo.is_temporary(error)
                log.warning("no heartbeat", reason=error)
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        now = time.monotonic()
        if now - self._beaten > 2 * BEAT_SECONDS:
            # The database was unavailable or this process was suspended: the others' time starts again.
            self._seen = {owner: (beat, now) for owner, (beat, _) in self._seen.items()}
        self._beats += 1  # counted here, so that a process that returns after its removal does not start at 1
        change = {"$set": {"beat": self._beats, "session": self.session()}}
        processes = self.database["processes"]
        await processes.update_one({"_id": self.owner}, change, upsert=True)
        entries = {entry["_id"]: entry async for entry in processes.find({})}
        for owner, entry in entries.items():
            before = self._seen.get(owner)
            if before is None or before[0] != entry["beat"]:
                self._seen[owner] = (entry["beat"], now)
            elif owner != self.owner and now - before[1] > GONE_SECONDS:
                await self._remove(entry)
        self._seen = {owner: seen for owner, seen in self._seen.items() if owner in entries}
        self._beaten = time.monotonic()
        self._alive = sorted(owner for owner, (_, since) in self._seen.items() if now - since <= GONE_SECONDS)
        self._present_until = now + GONE_SECONDS / 2

    @property
    def is_leader(self) -> bool:
        """Whether this process is the leader, the eldest alive. For a moment there may be two leaders, or none."""
        return 0 in self.share(1)

    @property
    def is_present(self) -> bool:
        """Whether the last heartbeat of this process is recent enough for the others to count it as alive."""
        return time.monotonic() < self._present_until

    def share(self, number: int) -> frozenset[int]:
        """Which of so many partitions are this process's: the processes alive share them evenly. For a moment two may
        have the same one, or none."""
        if not self.is_present:
            return frozenset()
        alive = self._alive
        return frozenset(part for part in range(number) if alive[part % len(alive)] == self.owner)

    @property
    def writable(self) -> bool:
        """Whether a heartbeat of this process was written within the last seconds."""
        return time.monotonic() - self._beaten < UNHEARD_SECONDS

    @property
    def has_peers(self) -> bool:
        """Whether there are other processes of the service."""
        return any(owner != self.owner for owner in self._seen)

    async def leave(self) -> None:
        """Give up leadership and remove this process, so that the next eldest takes over at once."""
        self._present_until = 0.0
        await self.database["processes"].delete_one({"_id": self.owner})

    async def _remove(self, entry: dict[str, Any]) -> None:
        processes = self.database["processes"]
        removed = await processes.delete_one({"_id": entry["_id"], "beat": entry["beat"]})
        if removed.deleted_count:  # else another process removed it first
            log.warning("process gone", owner=entry["_id"])
            if entry.get("session") is not None:
                await transactions.end_session(self.database, entry["session"])


async def known(reader: Reader, owners: Collection[str]) -> bool:
    """Whether any of these processes is alive, or was until a moment ago."""
    return bool(owners) and bool(await reader.find("processes", {"_id": {"$in": sorted(owners)}}, limit=1))
