"""Bulkheads: how many expensive jobs run at once, and how many wait; more are refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from shared.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")


class Bulkhead:
    """`at_once` jobs run and `waiting` wait for their turn. `retry_seconds` is what those refused are told."""

    def __init__(self, *, at_once: int, waiting: int, retry_seconds: int) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._places = at_once + waiting
        self._retry_seconds = retry_seconds

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for its turn. Errors: Busy, with Retry-After, where too many wait already."""
        if self._places == 0:
            raise Busy(
                f"请过 {self._retry_seconds} 秒再试", headers={"Retry-After": str(self._retry_seconds)}
            )
        self._places -= 1
        try:
            async with self._turns:
                yield
        finally:
            self._places += 1


async def off_the_loop(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking job in a thread. Whoever is cancelled waits for its end, because a thread cannot be stopped: a
    turn is over only then."""
    running = asyncio.ensure_future(asyncio.to_thread(job, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        running.exception()  # nobody asks for it any more
        raise
