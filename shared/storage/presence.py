"""Which processes of a service are alive: each beats, each watches the others' beats by its own sense of time.

No clocks are compared, so it does not matter what any of them says. The eldest alive relays. Whoever stopped beating is
struck off and his database session ended: a transaction that a killed process left open would hold the heads of its
streams, and with them all writes of those towns, until the server's limit of a minute.

Collection: `processes` {_id: owner, beat, session}.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from shared.ids import new_id
from shared.storage import mongo

BEAT_SECONDS: Final = 1.0
GONE_SECONDS: Final = 5.0
"""A process that has not beaten for this long is taken for dead. One that was only slow comes back by its next beat."""

UNHEARD_SECONDS: Final = 3.0
"""A database that has taken no beat for this long is not ready."""

COLLECTIONS: Final = ("processes",)

log = structlog.get_logger(__name__)


@dataclass
class Presence:
    """One process among its like. `session` names the session its transactions run in, once there is one."""

    database: mongo.Database
    session: Callable[[], dict[str, Any] | None]
    owner: str = field(default_factory=new_id)
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict)
    _beats: int = 0
    _eldest_until: float = 0.0
    _beaten: float = 0.0

    async def run(self) -> None:
        """Beat until cancelled. Trouble with the database is waited out."""
        while True:
            try:
                await self.beat()
            except Exception as error:
                log.warning("no heartbeat", reason=repr(error)[:200])
            await asyncio.sleep(BEAT_SECONDS)

    async def beat(self) -> None:
        now = time.monotonic()
        if now - self._beaten > 2 * BEAT_SECONDS:
            # Nobody could beat while the database was away, or this process slept: others start with a clean slate.
            self._seen = {owner: (beat, now) for owner, (beat, _) in self._seen.items()}
        self._beats += 1  # counted here, so that who comes back after he was struck off does not begin anew
        change = {"$set": {"beat": self._beats, "session": self.session()}}
        processes = self.database["processes"]
        await processes.update_one({"_id": self.owner}, change, upsert=True)
        found = {entry["_id"]: entry async for entry in processes.find({})}
        for owner, entry in found.items():
            before = self._seen.get(owner)
            if before is None or before[0] != entry["beat"]:
                self._seen[owner] = (entry["beat"], now)
            elif owner != self.owner and now - before[1] > GONE_SECONDS:
                await self._strike_off(entry)
        self._seen = {owner: seen for owner, seen in self._seen.items() if owner in found}
        self._beaten = time.monotonic()
        eldest = min(owner for owner, (_, since) in self._seen.items() if now - since <= GONE_SECONDS)
        self._eldest_until = now + GONE_SECONDS / 2 if eldest == self.owner else 0.0

    @property
    def eldest(self) -> bool:
        """Whether to do what one is enough for. For an instant two may think so, or none."""
        return time.monotonic() < self._eldest_until

    @property
    def writable(self) -> bool:
        """Whether the database took a write of this process lately; a beat is one."""
        return time.monotonic() - self._beaten < UNHEARD_SECONDS

    @property
    def accompanied(self) -> bool:
        """Whether other processes of the service are alive, or were until lately."""
        return any(owner != self.owner for owner in self._seen)

    async def leave(self) -> None:
        """Let the next in age step in at once."""
        self._eldest_until = 0.0
        await self.database["processes"].delete_one({"_id": self.owner})

    async def _strike_off(self, entry: dict[str, Any]) -> None:
        processes = self.database["processes"]
        struck = await processes.delete_one({"_id": entry["_id"], "beat": entry["beat"]})
        if struck.deleted_count:  # not by another who noticed as well
            log.warning("process gone", owner=entry["_id"])
            if entry.get("session") is not None:
                await mongo.end_session(self.database, entry["session"])
