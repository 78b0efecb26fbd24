"""FastStream with Motor: one guarded upsert per message."""

import asyncio
import sys
from contextlib import suppress
from typing import Any

from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue
from pydantic import BaseModel
from pymongo.errors import DuplicateKeyError

from benchmarks.peers.writes import PersonOut, database
from shared.process.serve import until_stopped


class Registered(BaseModel):
    id: str
    source: str
    type: str
    sequence: int
    data: PersonOut


def consumer(amqp_url: str, queue: str, people: Any) -> RabbitBroker:
    """A broker that, once started, keeps `people` up to date from the queue."""
    broker = RabbitBroker(amqp_url, default_channel=Channel(prefetch_count=50), logger=None)

    @broker.subscriber(RabbitQueue(queue, durable=True, queue_type=QueueType.QUORUM, declare=False))
    async def registered(event: Registered) -> None:
        document = event.data.model_dump(mode="json", exclude={"id"})
        newer = {"_id": event.data.id, "version": {"$lt": event.data.version}}
        with suppress(DuplicateKeyError):  # what is stored is as new
            await people.update_one(newer, {"$set": document}, upsert=True)

    return broker


async def main(mongo_url: str, name: str, amqp_url: str) -> None:
    broker = consumer(amqp_url, "peer.inbox", database(mongo_url, name)["projected"])
    await broker.start()
    print("ready", flush=True)
    await until_stopped()
    await broker.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
