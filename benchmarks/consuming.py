"""Benchmark of the consumer, from a full queue to the committed projection, against FastStream and a manual batch."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.peers import batch_by_hand, stream_consumer
from benchmarks.relaying import publish_barely
from benchmarks.samples import events
from benchmarks.stand import Result, Stand, in_turns
from services.activities.app import build as activities
from services.activities.settings import Settings as ActivitiesSettings
from shared.envelope import Event
from shared.process.runtime import running
from shared.process.serve import started
from shared.transport.rabbit import RabbitTransport

FASTSTREAM, BY_HAND = "FastStream + Motor, upsert per message", "the same batch by hand"
NAMESPACE = "consume"
INBOX = f"{NAMESPACE}.activities.inbox"
POLL_SECONDS = 0.01


async def measure(stand: Stand) -> list[Result]:
    stream = events(stand.scaled(6_000))
    rates = await in_turns(
        {
            "ours": lambda: _ours(stand, stream),
            BY_HAND: lambda: _by_hand(stand, stream),
            FASTSTREAM: lambda: _faststream(stand, stream),
        },
        rounds=1 if stand.quick else 3,
    )
    return [
        Result("consume to commit", rates["ours"], "events/s", FASTSTREAM, rates[FASTSTREAM], 4),
        Result("consume to commit", rates["ours"], "events/s", BY_HAND, rates[BY_HAND], 0.75),
    ]


async def _fill(stand: Stand, stream: Sequence[Event]) -> None:
    """Fill the queue with exactly these events, without a consumer."""
    transport = RabbitTransport(stand.amqp_url, service="roster", namespace=NAMESPACE)
    async with started(transport), stand.channel() as channel:
        await (await transport.subscribe("activities", ("roster.#",))).stop()
        await (await channel.get_queue(INBOX)).purge()
        await publish_barely(await channel.get_exchange(f"{NAMESPACE}.lvzhi.events"), stream)


async def _rate(db: Any, count: int) -> float:
    """Events a second from the first that is in the projection to the last, for all contestants alike: connecting and
    preparing are not consuming."""
    people = db["people"]
    while not (before := await people.estimated_document_count()):
        await asyncio.sleep(POLL_SECONDS)
    begin = time.perf_counter()
    while await people.estimated_document_count() < count:
        await asyncio.sleep(POLL_SECONDS)
    return float(count - before) / (time.perf_counter() - begin)


async def _ours(stand: Stand, stream: Sequence[Event]) -> float:
    await _fill(stand, stream)
    transport = RabbitTransport(stand.amqp_url, service="activities", namespace=NAMESPACE)
    async with (
        stand.database("bench_consume") as db,
        started(transport),
        running(
            activities(ActivitiesSettings()),
            mongo_url=stand.mongo_url,
            transport=transport,
            database="bench_consume",
        ),
    ):
        return await _rate(db, len(stream))


async def _index(db: Any) -> None:
    """The one our projection has."""
    await db["people"].create_index([("town", 1), ("name", 1)])


async def _by_hand(stand: Stand, stream: Sequence[Event]) -> float:
    await _fill(stand, stream)
    async with stand.database("bench_consume") as db, stand.channel() as channel:
        for name in ("inbox", "people", "sources"):
            await db.create_collection(name)
        await _index(db)
        queue = await channel.get_queue(INBOX)
        async with asyncio.TaskGroup() as consuming:
            consuming.create_task(batch_by_hand.apply_all(queue, db, len(stream)))
            return await _rate(db, len(stream))


async def _faststream(stand: Stand, stream: Sequence[Event]) -> float:
    await _fill(stand, stream)
    async with stand.database("bench_consume") as db:
        await _index(db)
        broker = stream_consumer.consumer(stand.amqp_url, INBOX, db["people"])
        await broker.start()
        try:
            return await _rate(db, len(stream))
        finally:
            await broker.stop()
