"""Bulkheads: so many jobs at once, so many waiting, the others refused."""

import asyncio
import threading

import pytest

from shared.errors import Busy
from shared.http.bulkhead import Bulkhead, off_the_loop
from tests.probes import eventually


async def test_no_more_run_at_once_and_no_more_wait_than_allowed() -> None:
    bulkhead, go_on = Bulkhead(at_once=2, waiting=1, retry_seconds=3), asyncio.Event()
    running: list[int] = []

    async def job(number: int) -> None:
        async with bulkhead.turn():
            running.append(number)
            await go_on.wait()

    jobs = [asyncio.create_task(job(number)) for number in range(3)]
    await eventually(lambda: running == [0, 1])
    with pytest.raises(Busy) as refused:
        await job(3)
    assert refused.value.headers == {"Retry-After": "3"}
    go_on.set()
    await asyncio.gather(*jobs)
    await job(4)
    assert running == [0, 1, 2, 4]


async def test_who_gives_up_waiting_leaves_his_place() -> None:
    bulkhead = Bulkhead(at_once=1, waiting=1, retry_seconds=3)
    async with bulkhead.turn():
        waiting = asyncio.create_task(bulkhead.turn().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        another = asyncio.create_task(bulkhead.turn().__aenter__())
        await asyncio.sleep(0)
    await another


async def test_a_cancelled_job_keeps_its_turn_until_its_thread_is_done() -> None:
    bulkhead, started, go_on = (
        Bulkhead(at_once=1, waiting=0, retry_seconds=3),
        threading.Event(),
        threading.Event(),
    )

    def job() -> None:
        started.set()
        go_on.wait()

    async def in_turn() -> None:
        async with bulkhead.turn():
            await off_the_loop(job)

    running = asyncio.create_task(in_turn())
    await eventually(started.is_set)
    running.cancel()
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await in_turn()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    await in_turn()
