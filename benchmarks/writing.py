"""Benchmark of the write path, POST with validation, state, event and head, against the same writes without checks."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack

import aiohttp

from benchmarks.samples import PERSON, TOWNS
from benchmarks.stand import Result, Stand, in_turns, load
from shared.security.keystore import KeyStore

OURS, BARE, FASTAPI = "ours", "bare aiohttp + Motor", "FastAPI + Motor"
ALONE_BARE, ALONE_FASTAPI = 0.55, 0.65
"""A single client gains nothing by groups, and pays for what the peers do not do (ADR 0010)."""


async def measure(stand: Stand) -> list[Result]:
    """Measure 32 clients of 32 towns, and a single client."""
    keys = stand.folder / "keys"
    token = KeyStore(keys).mint("clerk", TOWNS[0][:6], ("office",))
    auth = {"Authorization": f"Bearer {token}"}
    async with stand.database("bench_ours"), stand.database("bench_bare"), stand.database("bench_fastapi"):
        with ExitStack() as running:
            ours = running.enter_context(
                stand.child("benchmarks.door", stand.mongo_url, "bench_ours", str(keys))
            )
            bare = running.enter_context(
                stand.child("benchmarks.peers.bare_aiohttp", stand.mongo_url, "bench_bare")
            )
            fastapi = running.enter_context(
                stand.child("benchmarks.peers.fastapi_motor", stand.mongo_url, "bench_fastapi")
            )
            await register_towns(f"{ours}/roster/v1", auth)
            urls = {OURS: f"{ours}/roster/v1", BARE: bare, FASTAPI: fastapi}
            together = await in_turns(
                {name: posting(stand, url, auth, 32) for name, url in urls.items()}, rounds=3
            )
            alone = await in_turns(
                {name: posting(stand, url, auth, 1) for name, url in urls.items()}, rounds=3
            )
    return [
        Result("POST, 32 at once", together[OURS], "req/s", BARE, together[BARE], 2),
        Result("POST, 32 at once", together[OURS], "req/s", FASTAPI, together[FASTAPI], 2),
        Result("POST, one by one", alone[OURS], "req/s", BARE, alone[BARE], ALONE_BARE),
        Result("POST, one by one", alone[OURS], "req/s", FASTAPI, alone[FASTAPI], ALONE_FASTAPI),
    ]


async def register_towns(base: str, auth: dict[str, str]) -> None:
    async with aiohttp.ClientSession(headers=auth) as session:
        for town in TOWNS:
            async with session.put(f"{base}/towns/{town}", json={"name": "某某镇"}) as answer:
                answer.raise_for_status()


def posting(
    stand: Stand, base: str, auth: dict[str, str], workers: int, *, towns: Sequence[str] = TOWNS
) -> Callable[[], Awaitable[float]]:
    """A measurement with `workers` clients, distributed over `towns`."""

    async def post(session: aiohttp.ClientSession, worker: int) -> int:
        url = f"{base}/towns/{towns[worker % len(towns)]}/people"
        async with session.post(url, json=PERSON, headers=auth) as answer:
            await answer.read()
            return answer.status

    return lambda: load(post, seconds=1.5 if stand.quick else 5, workers=workers)
