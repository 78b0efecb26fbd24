"""Benchmark of following the feed of an area of 1,500 towns, against the feed of one town with as many events."""

import time
from typing import Final

import aiohttp

from benchmarks.samples import events, keep_logs
from benchmarks.stand import Result, Stand
from shared.security.keystore import KeyStore

EVENTS: Final = 100_000
TOWNS: Final = 1_500
AREA: Final = "34"
ALONE: Final = "350281199"
PAGE: Final = 1_000
BUDGET: Final = 2.0
"""Times the elapsed seconds of one town's feed."""


async def measure(stand: Stand) -> list[Result]:
    each = stand.scaled(EVENTS) // TOWNS
    data = stand.folder / "feed"
    token = KeyStore(data / "keys").mint("county", "3", ("county",))
    env = {
        "LVZHI_DATA_DIR": str(data),
        "LVZHI_DATABASE_PREFIX": "bench_feed_",
        "LVZHI_BROKER_NAMESPACE": "feed",
        "LVZHI_LOG_LEVEL": "ERROR",
    }
    async with stand.database("bench_feed_roster") as database, stand.service("roster", env) as alive:
        towns = [events(each, town=f"{AREA}{town:07d}") for town in range(TOWNS)]
        await keep_logs(database, [*towns, events(each * TOWNS, town=ALONE)])
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(alive.url, headers=headers) as session:
            area = await _follow(session, f"/roster/v1/events?area={AREA}&limit={PAGE}", each * TOWNS)
            alone = await _follow(session, f"/roster/v1/towns/{ALONE}/events?limit={PAGE}", each * TOWNS)
    name = f"feed of {TOWNS:,} towns, {each * TOWNS:,} events"
    peer = "one town's feed of as many"
    return [Result(name, area, "s", peer, alone, BUDGET, less_is_better=True)]


async def _follow(session: aiohttp.ClientSession, path: str, expected: int) -> float:
    """Seconds until the feed has given all."""
    got, begin = 0, time.perf_counter()
    while got < expected:
        async with session.get(path) as answer:
            answer.raise_for_status()
            page = await answer.json(content_type=None)
            if not page:
                raise RuntimeError(f"the feed ended after {got} of {expected} events")
            got, path = got + len(page), str(answer.links["next"]["url"])
    return time.perf_counter() - begin
