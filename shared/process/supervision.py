"""Supervision of background tasks: a failed task is restarted, and the service is not ready while one is down."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

import structlog

from shared.clock import Backoff
from shared.transport import TransportStopped

FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 30.0
SETTLED_SECONDS: Final = 1.0
"""How long a restarted task must run before it counts as up again."""

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[None]]


class Supervisor:
    """Runs jobs as tasks until stopped. A job may end by itself only with TransportStopped."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.down: set[str] = set()
        """Names of the tasks that are not running."""
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, jobs: Mapping[str, Job]) -> None:
        for name, job in jobs.items():
            self._tasks[name] = asyncio.create_task(self._keep(name, job), name=f"{self.service} {name}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._tasks)

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _keep(self, name: str, job: Job) -> None:
        backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        with suppress(TransportStopped):
            while True:
                settled = asyncio.get_running_loop().call_later(SETTLED_SECONDS, self.down.discard, name)
                started = asyncio.get_running_loop().time()
                try:
                    await job()
                except TransportStopped:
                    raise
                except Exception:
                    log.exception("task failed", task=name)
                    self.down.add(name)
                else:
                    log.error("task ended", task=name)
                    self.down.add(name)
                finally:
                    settled.cancel()
                if asyncio.get_running_loop().time() - started > LONGEST_WAIT:
                    backoff.reset()
                await backoff.sleep()
