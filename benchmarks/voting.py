"""Ballots by slip, each on disk before its receipt: as many as come through, and two hundred a second for a minute.

The peer does the least that keeps a vote: one read, and one guarded, journalled replacement of the slip's document.
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
"""Ballots a second that a hall sends; voters at once and their ballots in one round, when as many come as can."""
SOCKETS: Final = 100
"""Connections at once; who finds none free waits for one, and that wait is measured too."""


@dataclass
class Box:
    """A process that takes votes, and the slips nobody has used yet."""

    url: str
    deputy: str
    codes: Iterator[str]
    client: aiohttp.ClientSession
    waits: list[float] = field(default_factory=list)

    async def vote(self) -> None:
        """Errors: RuntimeError when the ballot was not accepted."""
        begin = time.perf_counter()
        body = {"choices": {self.deputy: "satisfied"}}
        async with self.client.post(f"{self.url}/r/{next(self.codes)}", json=body) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"answered {answer.status}")
        self.waits.append(time.perf_counter() - begin)

    async def rush(self) -> float:
        """Ballots a second when each voter of AT_ONCE is followed by the next at once."""
        begin = time.perf_counter()

        async def queue() -> None:
            for _ in range(RUSH // AT_ONCE):
                await self.vote()

        await asyncio.gather(*(queue() for _ in range(AT_ONCE)))
        return RUSH // AT_ONCE * AT_ONCE / (time.perf_counter() - begin)

    async def hall(self, seconds: int) -> float:
        """Ballots a second that got their receipt, when HALL a second come whether or not those before are through."""
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


def _box(client: aiohttp.ClientSession, told: str) -> Box:
    said: dict[str, Any] = json.loads(told)
    return Box(said["url"], said["deputy"], iter(said["codes"]), client)


def _rushes(boxes: dict[str, Box]) -> dict[str, Callable[[], Awaitable[float]]]:
    return {name: box.rush for name, box in boxes.items()}
