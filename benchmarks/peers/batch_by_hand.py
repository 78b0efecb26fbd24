"""A manual consumer with aio-pika and Motor that applies batches of 100."""

import asyncio
from typing import Any

from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from pymongo import ReplaceOne
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.envelope import Event


async def apply_all(queue: AbstractQueue, db: Any, count: int) -> None:
    """Apply `count` events: each batch in one transaction with its inbox keys, then one ack."""
    arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    await queue.channel.set_qos(prefetch_count=500)
    tag = await queue.consume(arrived.put)
    done = 0
    while done < count:
        batch = [await arrived.get()]
        await asyncio.sleep(0)
        while len(batch) < 100 and not arrived.empty():
            batch.append(arrived.get_nowait())
        await _apply(db, [Event.decode(message.body) for message in batch])
        await batch[-1].ack(multiple=True)
        done += len(batch)
    await queue.cancel(tag)


async def _apply(db: Any, events: list[Event]) -> None:
    keys = {f"{event.source}#{event.sequence:012d}": event for event in events}
    known = {d["_id"] async for d in db["inbox"].find({"_id": {"$in": list(keys)}}, {"_id": 1})}
    fresh = {key: event for key, event in keys.items() if key not in known}
    people = {event.data["id"]: event.data for event in fresh.values()}

    async def write(session: Any) -> None:
        await db["inbox"].insert_many([{"_id": k, "hash": e.hash} for k, e in fresh.items()], session=session)
        stored = db["people"].find({"_id": {"$in": list(people)}}, {"version": 1}, session=session)
        versions = {d["_id"]: d["version"] async for d in stored}
        new = [{"_id": id, **person} for id, person in people.items() if id not in versions]
        newer = [
            ReplaceOne({"_id": id}, person)
            for id, person in people.items()
            if id in versions and versions[id] < person["version"]
        ]
        if new:
            await db["people"].insert_many(new, session=session)
        if newer:
            await db["people"].bulk_write(newer, session=session)
        last = events[-1]
        mark = {"upto": last.sequence}
        await db["sources"].replace_one({"_id": last.source}, mark, upsert=True, session=session)

    async with await db.client.start_session() as session:
        await session.with_transaction(
            write, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority", j=True)
        )
