"""A polling relay: every 50 ms up to 100 unsent events are read, published with confirms, and marked as sent."""

import asyncio
import sys

import aio_pika

from benchmarks.peers.writes import database


async def main(mongo_url: str, name: str, amqp_url: str) -> None:
    outbox = database(mongo_url, name)["outbox"]
    async with await aio_pika.connect_robust(amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("peer.events")
        print("ready", flush=True)
        while True:
            batch = await outbox.find({"sent": False}).sort("_id", 1).limit(100).to_list(None)
            if not batch:
                await asyncio.sleep(0.05)
                continue
            await asyncio.gather(
                *(
                    exchange.publish(
                        aio_pika.Message(
                            event["body"].encode(),
                            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                            content_type="application/json",
                        ),
                        "roster.person.registered.v1",
                    )
                    for event in batch
                )
            )
            sent = [event["_id"] for event in batch]
            await outbox.update_many({"_id": {"$in": sent}}, {"$set": {"sent": True}})


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
