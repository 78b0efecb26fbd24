"""Benchmark of the relay against aio-pika alone with the same bodies: just committed, and a backlog in the log of one
stream and of many."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import aio_pika

from benchmarks.samples import TOWNS, events, keep_logs
from benchmarks.stand import Result, Stand, in_turns
from shared.clock import SystemClock
from shared.envelope import Event, source_of
from shared.events.relay import Relay
from shared.process.serve import started
from shared.storage.outbox import position
from shared.storage.store import Store
from shared.transport.rabbit import RabbitTransport

MANY = 1_500
ALONE = "relay, backlog in the log"
BARE = "bare aio-pika, 100 confirms at a time"


async def measure(stand: Stand) -> list[Result]:
    stream = events(stand.scaled(6_000))
    transport = RabbitTransport(stand.amqp_url, service="roster", namespace="relay")
    async with (
        stand.database("bench_relay") as db,
        stand.database("bench_relay_many") as db_of_many,
        stand.channel() as channel,
        started(transport),
    ):
        await (await transport.subscribe("reports", ())).stop()
        inbox = await channel.get_queue("relay.reports.inbox")
        await inbox.bind("relay.lvzhi.events", "roster.#")
        source = source_of(TOWNS[0], "roster")
        documents = [
            {"_id": position(source, e.sequence), "type": e.type, "body": e.encode().decode()} for e in stream
        ]
        head = {"_id": source, "sequence": stream[-1].sequence, "hash": stream[-1].hash}
        await db["outbox"].insert_many([dict(document) for document in documents])
        await db["streams"].insert_one(dict(head))
        exchange = await channel.get_exchange("relay.lvzhi.events")
        store = Store(db, service="roster", collections=(), clock=SystemClock())
        await keep_logs(db_of_many, [events(len(stream) // MANY, town=f"34{n:07d}") for n in range(MANY)])
        store_of_many = Store(db_of_many, service="roster", collections=(), clock=SystemClock())

        async def backlog(store: Store) -> float:
            await inbox.purge()
            return await publish_backlog(store, transport)

        async def committed() -> float:
            """A hundred at a time, as a commit passes them on."""
            await db["cursors"].delete_many({})
            await db["streams"].delete_many({})
            await inbox.purge()
            relay = Relay(store, transport)
            await relay.drain()
            begin = time.perf_counter()
            for start in range(0, len(documents), 100):
                store.appended = {source: documents[start : start + 100]}
                await relay.drain()
            taken = time.perf_counter() - begin
            await db["streams"].insert_one(head)
            return relay.published / taken

        async def bare() -> float:
            await inbox.purge()
            return await publish_barely(exchange, stream)

        paths: dict[str, Callable[[], Awaitable[float]]] = {
            "committed": committed,
            ALONE: partial(backlog, store),
            "many": partial(backlog, store_of_many),
            BARE: bare,
        }
        rates = await in_turns(paths, rounds=3)
    return [
        Result("relay, just committed", rates["committed"], "events/s", BARE, rates[BARE], 0.8),
        Result(ALONE, rates[ALONE], "events/s", BARE, rates[BARE], 0.8),
        # Without a budget: a cursor is written for each stream, and a quick run has one event of each.
        Result(f"relay, backlog of {MANY:,} streams", rates["many"], "events/s", ALONE, rates[ALONE]),
    ]


async def publish_backlog(store: Store, transport: RabbitTransport) -> float:
    """Events per second through a relay that has just become the leader, with nothing published yet."""
    await store.database["cursors"].delete_many({})
    relay = Relay(store, transport)
    begin = time.perf_counter()
    moved = await relay.drain()
    return moved / (time.perf_counter() - begin)


async def publish_barely(exchange: aio_pika.abc.AbstractExchange, stream: Sequence[Event]) -> float:
    """Events per second through aio-pika alone: 100 persistent messages at a time, each confirmed."""
    bodies = [event.encode() for event in stream]
    begin = time.perf_counter()
    for start in range(0, len(bodies), 100):
        await asyncio.gather(
            *(
                exchange.publish(
                    aio_pika.Message(
                        body,
                        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                        content_type="application/json",
                    ),
                    stream[0].type,
                )
                for body in bodies[start : start + 100]
            )
        )
    return len(bodies) / (time.perf_counter() - begin)
