"""The service's event log: appended in the transaction that changes state, never written again, relayed in order.

Collections: `streams` {_id: source, sequence, hash} holds each stream's head; `outbox` {_id: "source#sequence", …}
its events; `cursors` {_id: source, published} how far each was handed to the broker.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.clock import Clock, timestamp
from shared.envelope import GENESIS, Event, source_of
from shared.ids import new_id
from shared.storage import mongo
from shared.storage.work import Collection, Fact, Reader, Work

NAMED_PARKED: Final = 50
"""How many of the events it could not apply an inventory names; it counts all."""
_QUOTING: Final = re.compile(r"([^()]+)\(")
LAST: Final = 10**12 - 1
"""The highest sequence that `position` keeps in order."""
COLLECTIONS: Final = ("streams", "outbox", "cursors", "replays")


def position(source: str, sequence: int) -> str:
    """`_id` of an event in a log; sorts by sequence within the source."""
    return f"{source}#{sequence:012d}"


async def append(
    database: mongo.Database, service: str, clock: Clock, works: Sequence[Work], session: mongo.Session
) -> frozenset[str]:
    """Give the facts of `works` their numbers and hashes and add them to their streams. Returns these streams."""
    by_source: dict[str, list[tuple[Work, Fact]]] = {}
    for work in works:
        for fact in work.facts:
            by_source.setdefault(source_of(work.town, service), []).append((work, fact))
    for source, entries in by_source.items():
        await _append_to(database, service, timestamp(clock.now()), source, entries, session)
    return frozenset(by_source)


async def _append_to(
    database: mongo.Database,
    service: str,
    time: str,
    source: str,
    entries: Sequence[tuple[Work, Fact]],
    session: mongo.Session,
) -> None:
    head = await database["streams"].find_one({"_id": source}, session=session)
    sequence, previous = (head["sequence"], head["hash"]) if head else (0, GENESIS)
    documents = []
    for work, fact in entries:
        data = dict(fact.data)
        if fact.inventory is not None:
            data |= await _inventory(database, work.town, fact.inventory, session)
            data |= {"upto_sequence": sequence, "hash": previous}
        sequence += 1
        event = Event(
            id=new_id(),
            source=source,
            type=f"{service}.{fact.type}",
            subject=fact.subject,
            time=time,
            town=work.town,
            sequence=sequence,
            previoushash=previous,
            actor=work.actor,
            traceparent=work.traceparent,
            data=data,
        ).hashed()
        previous = event.hash
        body = event.encode().decode()
        documents.append({"_id": position(source, sequence), "type": event.type, "body": body})
    await database["outbox"].insert_many(documents, session=session)
    await database["streams"].replace_one(
        {"_id": source}, {"sequence": sequence, "hash": previous}, upsert=True, session=session
    )


async def _inventory(
    database: mongo.Database, town: str, collections: Sequence[Collection[Any]], session: mongo.Session
) -> dict[str, Any]:
    """Counts come from the records, not from the log, so that they test the log."""
    counts = {
        c.noun: await database[c.name].count_documents({"town": town}, session=session)
        for c in collections
        if c.noun
    }
    letters = await database["letters"].find({"town": town}, session=session).sort("_id", 1).to_list(None)
    return {
        "counts": counts,
        "parked": len(letters),
        "parked_events": [parked_event(letter) for letter in letters[:NAMED_PARKED]],
    }


def parked_event(letter: Mapping[str, Any]) -> dict[str, Any]:
    """Which event a letter is and why it was refused, without values: a refusal of ours may quote some."""
    refused = _QUOTING.match(letter["reason"])
    reason = refused[1] if refused else letter["reason"]
    return {name: letter[name] for name in ("source", "sequence", "type")} | {"reason": reason}


async def head(store: Reader, source: str) -> tuple[int, str]:
    """(sequence, hash) of a stream's last event; (0, GENESIS) before the first."""
    found = await store.find("streams", {"_id": source}, limit=1)
    return (found[0]["sequence"], found[0]["hash"]) if found else (0, GENESIS)


async def heads(store: Reader, prefix: str) -> list[tuple[str, int]]:
    """(source, sequence) of the streams whose source begins with `prefix`, in order of source."""
    query = {"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}}
    return [(d["_id"], d["sequence"]) for d in await store.find("streams", query, sort=(("_id", 1),))]


async def read(store: Reader, source: str, *, after: int, limit: int) -> list[Event]:
    """Events of a stream with a sequence greater than `after`, in order."""
    return [Event.decode(body) for body in await bodies(store, source, after=after, limit=limit)]


async def bodies(store: Reader, source: str, *, after: int, limit: int) -> list[str]:
    documents = await store.find("outbox", between(source, after + 1, after + limit), sort=(("_id", 1),))
    return [document["body"] for document in documents]


def between(source: str, first: int, last: int) -> dict[str, Any]:
    """Query on a log's `_id` for the sequences first … last of a source."""
    return {"_id": {"$gte": position(source, first), "$lte": position(source, last)}}
