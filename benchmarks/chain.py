"""Benchmark of the whole path from the POST at one service to the projection at another, each in its own process.

One town, as on an embedded database. The peer does not number events, or its transactions would conflict at the head.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import aio_pika

from benchmarks.samples import PERSON, TOWNS
from benchmarks.stand import Result, Stand, percentile, reached
from benchmarks.writing import posting, register_towns
from services.activities.app import build as activities
from services.activities.settings import Settings as ActivitiesSettings
from services.roster.app import build as roster
from services.roster.handlers.people import register_person
from services.roster.handlers.towns import put_town
from services.roster.schemas.people import PersonIn
from services.roster.schemas.towns import TownIn
from services.roster.settings import Settings as RosterSettings
from shared.process.runtime import running
from shared.process.serve import started
from shared.process.service import Running
from shared.security.keystore import KeyStore
from shared.transport.rabbit import RabbitTransport

USUAL = "FastAPI + Motor, polling relay, FastStream"
RATE = 50  # events per second of the latency measurement


async def measure(stand: Stand) -> list[Result]:
    commits, latencies = await _latencies(stand)
    ours, usual = await _ours(stand), await _usual(stand)
    return [
        Result(
            "commit to projection, 50/s, p50",
            percentile(latencies, 0.5),
            "ms",
            "the commit alone",
            percentile(commits, 0.5),
            budget=3,
            less_is_better=True,
        ),
        Result(
            "commit to projection, 50/s, p99",
            percentile(latencies, 0.99),
            "ms",
            budget=100,
            less_is_better=True,
        ),
        Result("POST to projected, 32 at once", ours, "events/s", USUAL, usual, 5),
    ]


async def _latencies(stand: Stand) -> tuple[list[float], list[float]]:
    """Milliseconds of the commit at roster, and from there to the commit of the projection at activities, both in this
    process."""
    async with AsyncExitStack() as stack:
        services: dict[str, Running] = {}
        for service in (activities(ActivitiesSettings()), roster(RosterSettings())):
            name = f"bench_latency_{service.name}"
            transport = RabbitTransport(stand.amqp_url, service=service.name, namespace="latency")
            await stack.enter_async_context(stand.database(name))
            await stack.enter_async_context(started(transport))
            services[service.name] = await stack.enter_async_context(
                running(service, mongo_url=stand.mongo_url, transport=transport, database=name)
            )
        store, consumer = services["roster"].store, services["activities"].consumer
        await store.execute(
            town=TOWNS[0], actor="clerk", run=lambda work: put_town(work, TownIn(name="某某镇"))
        )
        await reached(lambda: consumer.applied == 1)
        commits: list[float] = []
        latencies: list[float] = []

        async def once(number: int) -> None:
            body = PersonIn.model_validate(PERSON)
            asked = time.perf_counter()
            await store.execute(town=TOWNS[0], actor="clerk", run=lambda work: register_person(work, body))
            begin = time.perf_counter()
            commits.append((begin - asked) * 1_000)
            await reached(lambda: consumer.applied > number)
            latencies.append((time.perf_counter() - begin) * 1_000)

        tasks = []
        for number in range(1, stand.scaled(600) + 1):
            tasks.append(asyncio.create_task(once(number)))
            await asyncio.sleep(1 / RATE)
        await asyncio.gather(*tasks)
        return commits, latencies


async def _ours(stand: Stand) -> float:
    data = stand.folder / "chain"
    token = KeyStore(data / "keys").mint("clerk", TOWNS[0][:6], ("office",))
    auth = {"Authorization": f"Bearer {token}"}
    env = {
        "LVZHI_DATA_DIR": str(data),
        "LVZHI_DATABASE_PREFIX": "bench_chain_",
        "LVZHI_BROKER_NAMESPACE": "chain",
        "LVZHI_LOG_LEVEL": "ERROR",
    }
    async with (
        stand.database("bench_chain_roster") as written,
        stand.database("bench_chain_activities") as read,
        stand.service("activities", env),
        stand.service("roster", env) as alive,
    ):
        await register_towns(f"{alive.url}/roster/v1", auth)
        return await _through(
            posting(stand, f"{alive.url}/roster/v1", auth, 32, towns=TOWNS[:1]),
            written["people"],
            read["people"],
        )


async def _usual(stand: Stand) -> float:
    async with stand.database("bench_usual") as db, stand.channel() as channel:
        exchange = await channel.declare_exchange("peer.events", aio_pika.ExchangeType.TOPIC, durable=True)
        inbox = await channel.declare_queue("peer.inbox", durable=True, arguments={"x-queue-type": "quorum"})
        await inbox.bind(exchange, "roster.#")
        place = (stand.mongo_url, "bench_usual")
        with (
            stand.child("benchmarks.peers.fastapi_motor", *place, "unnumbered") as url,
            stand.child("benchmarks.peers.polling_relay", *place, stand.amqp_url),
            stand.child("benchmarks.peers.stream_consumer", *place, stand.amqp_url),
        ):
            return await _through(posting(stand, url, {}, 32, towns=TOWNS[:1]), db["people"], db["projected"])


async def _through(post: Callable[[], Any], written: Any, projected: Any) -> float:
    """Events per second from the first POST to the last projection."""
    begin = time.perf_counter()
    await post()
    count = await written.estimated_document_count()
    while await projected.estimated_document_count() < count:
        await asyncio.sleep(0.02)
    return float(count / (time.perf_counter() - begin))
