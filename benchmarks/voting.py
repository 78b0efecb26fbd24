"""Benchmark of ballots, each on disk before its receipt: maximum throughput, and 200 per second for a minute.

The peer does the minimum for a vote: one read, and one guarded, journaled replacement of the slip's document.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from benchmarks.stand import Result, Stand, in_turns, percentile

OURS, BARE = "ours", "bare aiohttp + Motor"
HALL, AT_ONCE, RUSH = 200, 32, 600
"""HALL: ballots per second of the constant load. AT_ONCE, RUSH: concurrent voters and ballots of a throughput run."""
SOCKETS: Final = 100
"""Limit of concurrent connections; the wait for a free one is measured too."""


@dataclass
class Box:
    """A process that accepts ballots, and the codes of unused slips."""

    url: str
    deputy: str
    codes: Iterator[str]
    client: aiohttp.ClientSession
    waits: list[float] = field(default_factory=list)

    async def vote(self) -> None:
        """Cast a ballot. Errors: RuntimeError where it is not accepted."""
        begin = time.perf_counter()
        body = {"choices": {self.deputy: "satisfied"}}
        async with self.client.post(f"{self.url}/r/{next(self.codes)}", json=body) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"answered {answer.status}")
        self.waits.append(time.perf_counter() - begin)

    async def rush(self) -> float:
        """Ballots per second with AT_ONCE voters at a time."""
        begin = time.perf_counter()

        async def queue() -> None:
            for _ in range(RUSH // AT_ONCE):
                await self.vote()

        await asyncio.gather(*(queue() for _ in range(AT_ONCE)))
        return RUSH // AT_ONCE * AT_ONCE / (time.perf_counter() - begin)

    async def hall(self, seconds: int) -> float:
        """Ballots per second with a receipt, while HALL ballots per second are sent regardless of responses."""
        self.waits.clear()
        begin = time.perf_counter()
        async with asyncio.TaskGroup() as voters:
            for n in range(HALL * seconds):
                await asyncio.sleep(begin + n / HALL - time.perf_counter())
                voters.create_task(self.vote())
        return HALL * seconds / (time.perf_counter() - begin)


async def measure(stand: Stand) -> list[Result]:
    seconds, rounds = (10, 2) if stand.quick else (60, 3)
    count = str(RUSH * rounds + HALL * seconds)
    connector = aiohttp.TCPConnector(limit=SOCKETS)
    async with (
        stand.database("bench_hall"),
        stand.database("bench_votes"),
        aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None)) as client,
    ):
        folder = str(stand.folder / "hall")
        with (
            stand.child("benchmarks.hall", stand.mongo_url, "bench_hall", folder, count) as ours,
            stand.child("benchmarks.peers.bare_votes", stand.mongo_url, "bench_votes", count) as bare,
        ):
            boxes = {OURS: _box(client, ours), BARE: _box(client, bare)}
            most = await in_turns(_rushes(boxes), rounds=rounds)
            kept = await boxes[OURS].hall(seconds)
            waited = percentile(boxes[OURS].waits, 0.99) * 1000
            peer = await boxes[BARE].hall(seconds)
    return [
        Result(f"ballots, {AT_ONCE} at once", most[OURS], "/s", BARE, most[BARE], 0.6),
        Result(f"ballots, {HALL}/s for {seconds} s", kept, "/s", BARE, peer, 0.95),
        Result("99 of 100 have their receipt in", waited, "ms", budget=1000, less_is_better=True),
    ]


def _box(client: aiohttp.ClientSession, line: str) -> Box:
    ready: dict[str, Any] = json.loads(line)
    return Box(ready["url"], ready["deputy"], iter(ready["codes"]), client)


def _rushes(boxes: dict[str, Box]) -> dict[str, Callable[[], Awaitable[float]]]:
    return {name: box.rush for name, box in boxes.items()}
