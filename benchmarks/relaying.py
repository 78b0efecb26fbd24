"""Benchmark of the relay, from the event log to the broker, against aio-pika alone with the same bodies."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

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
        await _fill(db, stream)
        exchange = await channel.get_exchange("relay.lvzhi.events")
        store = Store(db, service="roster", collections=(), clock=SystemClock())

        async def ours() -> float:
            await db["cursors"].delete_many({})
            await inbox.purge()
            relay = Relay(store, transport)  # one that has just become the leader
            begin = time.perf_counter()
            moved = await relay.drain()
            return moved / (time.perf_counter() - begin)

        async def bare() -> float:
            await inbox.purge()
            return await publish_barely(exchange, stream)

        rates = await in_turns({"ours": ours, BARE: bare}, rounds=3)
    return [Result("relay", rates["ours"], "events/s", BARE, rates[BARE], 0.8)]


async def _fill(db: Any, stream: Sequence[Event]) -> None:
    source = source_of(TOWNS[0], "roster")
    documents = [
        {"_id": position(source, e.sequence), "type": e.type, "body": e.encode().decode()} for e in stream
    ]
    await db["outbox"].insert_many(documents)
    await db["streams"].insert_one({"_id": source, "sequence": stream[-1].sequence, "hash": stream[-1].hash})


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
