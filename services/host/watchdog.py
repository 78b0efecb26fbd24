"""Watchdog of the embedded database: restarts it when it ends, answers with errors or not at all, and waits for room.

WiredTiger stops for good at the first write for which there is no room on disk: the server goes on answering a ping and
refuses everything else until it is started again. So a full disk is told before, while some room is left.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import structlog

from services.host.embedded import EmbeddedFailed, EmbeddedMongo
from shared.clock import Backoff
from shared.storage.presence import Presence
from shared.storage.units import DISK_FULL

POLL_SECONDS: Final = 0.5
REFUSED_SECONDS: Final = 2.0
"""After every service has got errors for its heartbeats for this long, the server is restarted."""

SILENT_SECONDS: Final = 30.0
"""After no service has got an answer to its heartbeat for this long, the server is restarted."""

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 30.0
SETTLED_SECONDS: Final = 3.0
ATTEMPTS: Final = 5
"""Restarts without a heartbeat in between, after which the process ends."""

log = structlog.get_logger(__name__)


@dataclass
class Watchdog:
    """Watches one server by the heartbeats of the services that use it."""

    server: EmbeddedMongo
    presences: list[Presence] = field(default_factory=list)
    _since: dict[str, float] = field(default_factory=dict)

    def trouble(self) -> str:
        """What to tell those whose request failed, in Chinese; empty where the server is well."""
        if self.server.disk_full:
            return DISK_FULL
        return "数据库正在重新启动，请稍后再试" if self._reason(0.0, 0.0) else ""

    async def run(self) -> None:
        """Watch until cancelled. Errors: EmbeddedFailed when restarts do not help."""
        attempts, backoff = 0, Backoff(FIRST_WAIT, LONGEST_WAIT)
        while True:
            await asyncio.sleep(POLL_SECONDS)
            reason = self._reason(REFUSED_SECONDS, SILENT_SECONDS)
            if not reason:
                if all(presence.writable for presence in self.presences):
                    attempts = 0
                    backoff.reset()
            elif not self.server.disk_full:  # a start needs room
                if attempts == ATTEMPTS:
                    raise EmbeddedFailed(
                        f"内嵌数据库重新启动 {ATTEMPTS} 次都不成，系统停止；原因见 {self.server.log}"
                    )
                log.error("database restarted", reason=reason, attempt=attempts)
                await self._restart(backoff)
                attempts += 1

    async def _restart(self, backoff: Backoff) -> None:
        try:
            await self.server.restart()
        except EmbeddedFailed as error:
            log.warning("database does not start", reason=error)
            await backoff.sleep()
        else:
            self._since.clear()
            await asyncio.sleep(SETTLED_SECONDS)  # the next heartbeats

    def _reason(self, refused_seconds: float, silent_seconds: float) -> str:
        if not self.server.running:
            return "ended"
        refused = all(presence.refused for presence in self.presences)
        silent = not any(presence.writable for presence in self.presences)
        if self.presences and self._lasts("refuses writes", refused_seconds, holds=refused):
            return "refuses writes"
        if self.presences and self._lasts("does not answer", silent_seconds, holds=silent):
            return "does not answer"
        return ""

    def _lasts(self, state: str, seconds: float, *, holds: bool) -> bool:
        if not holds:
            self._since.pop(state, None)
            return False
        return time.monotonic() - self._since.setdefault(state, time.monotonic()) >= seconds
