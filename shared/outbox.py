"""The service's event log: appended in the transaction that changes state, never written again, relayed in order.

Collections: `streams` {_id: source, sequence, hash} holds each stream's head; `outbox` {_id: "source#sequence", …}
its events; `cursors` {_id: source, published} how far each was handed to the broker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from shared import mongo
from shared.clock import timestamp
from shared.envelope import GENESIS, Event, source_of
from shared.ids import new_id
from shared.work import Fact, Seal, Work

if TYPE_CHECKING:
    from shared.store import Store

NAMED_PARKED: Final = 50
"""How many of the events it could not apply a seal names; it counts all."""
_QUOTING: Final = re.compile(r"([^()]+)\(")
COLLECTIONS: Final = ("streams", "outbox", "cursors", "replays")


def position(source: str, sequence: int) -> str:
    """`_id` of an event in a log; sorts by sequence within the source."""
    return f"{source}#{sequence:012d}"


async def append(store: Store, works: Sequence[Work], session: mongo.Session) -> None:
    """Give the facts of `works` their numbers and hashes and add them to their streams."""
    by_source: dict[str, list[tuple[Work, Fact | Seal]]] = {}
    for work in works:
        items: tuple[Fact | Seal, ...] = (*work.facts, *work.seals)
        for item in items:
            by_source.setdefault(source_of(work.town, store.service), []).append((work, item))
    for source, entries in by_source.items():
        await _append_to(store, source, entries, session)
        store.touched.add(source)


async def _append_to(
    store: Store, source: str, entries: Sequence[tuple[Work, Fact | Seal]], session: mongo.Session
) -> None:
    head = await store.database["streams"].find_one({"_id": source}, session=session)
    sequence, previous = (head["sequence"], head["hash"]) if head else (0, GENESIS)
    time = timestamp(store.clock.now())
    documents = []
    for work, item in entries:
        fact = (
            await _sealing(store, work, item, sequence, previous, session) if isinstance(item, Seal) else item
        )
        sequence += 1
        event = _event(store, work, fact, source, sequence, previous, time)
        previous = event.hash
        body = event.encode().decode()
        documents.append({"_id": position(source, sequence), "type": event.type, "body": body})
    await store.database["outbox"].insert_many(documents, session=session)
    await store.database["streams"].replace_one(
        {"_id": source}, {"sequence": sequence, "hash": previous}, upsert=True, session=session
    )


def _event(
    store: Store, work: Work, fact: Fact, source: str, sequence: int, previous: str, time: str
) -> Event:
    return Event(
        id=new_id(),
        source=source,
        type=f"{store.service}.{fact.type}",
        subject=fact.subject,
        time=time,
        town=work.town,
        sequence=sequence,
        previoushash=previous,
        actor=work.actor,
        traceparent=work.traceparent,
        data=dict(fact.data),
    ).sealed()


async def _sealing(
    store: Store, work: Work, seal: Seal, sequence: int, hash: str, session: mongo.Session
) -> Fact:
    """The seal as a fact. Counts come from the records, not from the log, so that they test the log."""
    counts = {
        c.noun: await store.database[c.name].count_documents({"town": work.town}, session=session)
        for c in seal.collections
        if c.noun
    }
    letters = store.database["letters"].find({"town": work.town}, session=session).sort("_id", 1)
    parked = await letters.to_list(None)
    return Fact(
        "year.sealed.v1",
        f"year/{seal.year}",
        {
            "closing_id": seal.closing_id,
            "year": seal.year,
            "as_of": seal.as_of.isoformat(),
            "upto_sequence": sequence,
            "hash": hash,
            "counts": counts,
            "parked": len(parked),
            "parked_events": [parked_event(letter) for letter in parked[:NAMED_PARKED]],
        },
    )


def parked_event(letter: Mapping[str, Any]) -> dict[str, Any]:
    """Which event a letter is and why it was refused, without values: a refusal of ours may quote some."""
    refused = _QUOTING.match(letter["reason"])
    reason = refused[1] if refused else letter["reason"]
    return {name: letter[name] for name in ("source", "sequence", "type")} | {"reason": reason}


async def head(store: Store, source: str) -> tuple[int, str]:
    """(sequence, hash) of a stream's last event; (0, GENESIS) before the first."""
    found = await store.find("streams", {"_id": source}, limit=1)
    return (found[0]["sequence"], found[0]["hash"]) if found else (0, GENESIS)


async def heads(store: Store, prefix: str) -> list[tuple[str, int]]:
    """(source, sequence) of the streams whose source begins with `prefix`, in order of source."""
    query = {"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}}
    return [(d["_id"], d["sequence"]) for d in await store.find("streams", query, sort=(("_id", 1),))]


async def read(store: Store, source: str, *, after: int, limit: int) -> list[Event]:
    """Events of a stream with a sequence greater than `after`, in order."""
    return [Event.decode(body) for body in await bodies(store, source, after=after, limit=limit)]


async def bodies(store: Store, source: str, *, after: int, limit: int) -> list[str]:
    documents = await store.find("outbox", between(source, after + 1, after + limit), sort=(("_id", 1),))
    return [document["body"] for document in documents]


def between(source: str, first: int, last: int) -> dict[str, Any]:
    """Query on a log's `_id` for the sequences first … last of a source."""
    return {"_id": {"$gte": position(source, first), "$lte": position(source, last)}}
