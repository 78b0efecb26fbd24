"""Benchmark of the relay against aio-pika alone with the same bodies: just committed, and a backlog in the log."""

import asyncio
import time
from collections.abc import Sequence

import aio_pika

from benchmarks.samples import TOWNS, events
from benchmarks.stand import Result, Stand, in_turns
from shared.clock import SystemClock
from shared.envelope import Event, source_of
from shared.events.relay import Relay
from shared.process.serve import started
from shared.storage.outbox import position
from shared.storage.store import Store
from shared.transport.rabbit import RabbitTransport

BARE = "bare aio-pika, 100 confirms at a time"


async def measure(stand: Stand) -> list[Result]:
    stream = events(stand.scaled(6_000))
    transport = RabbitTransport(stand.amqp_url, service="roster", namespace="relay")
    async with stand.database("bench_relay") as db, stand.channel() as channel, started(transport):
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

        async def backlog() -> float:
            await db["cursors"].delete_many({})
            await inbox.purge()
            relay = Relay(store, transport)  # one that has just become the leader
            begin = time.perf_counter()
            moved = await relay.drain()
            return moved / (time.perf_counter() - begin)

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

        rates = await in_turns({"committed": committed, "backlog": backlog, BARE: bare}, rounds=3)
    return [
        Result("relay, just committed", rates["committed"], "events/s", BARE, rates[BARE], 0.8),
        Result("relay, backlog in the log", rates["backlog"], "events/s", BARE, rates[BARE], 0.8),
    ]


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
