"""The outbox, which is the event log of a service: append-only, written in the transaction that changes state.

Collections: `streams` {_id: source, sequence, hash, epoch}: the head of each stream; `outbox` {_id: "source#sequence",
type, body}: its events; `cursors` {_id: source, published}: the last sequence relayed; `replays` {_id, source, from,
to}: requests of consumers to publish events again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from shared.clock import Clock, timestamp
from shared.envelope import GENESIS, Event, source_of
from shared.ids import new_id
from shared.storage import mongo
from shared.storage.bulk import with_pauses
from shared.storage.reader import Reader
from shared.storage.work import Collection, Fact, Work

NAMED_PARKED: Final = 50
"""How many dead letters an inventory lists; it counts all of them."""
_QUOTING: Final = re.compile(r"([^()]+)\(")
LAST: Final = 10**12 - 1
"""The highest sequence for which positions sort in order."""
COLLECTIONS: Final = ("streams", "outbox", "cursors", "replays")


@dataclass(frozen=True)
class Head:
    """The last event of a stream. `epoch` is that of its events since the service was last restored:
    `{time}/{first sequence}`. The times of a stream's epochs ascend, as epochs are compared as text."""

    sequence: int = 0
    hash: str = GENESIS
    epoch: str | None = None


class HeadMoved(Exception):
    """Another process appended to a stream after its head was read."""


@dataclass(frozen=True)
class Appended:
    """The result of a transaction: the new head and the appended documents, in order, of each stream."""

    heads: Mapping[str, Head]
    documents: Mapping[str, Sequence[dict[str, Any]]]


def position(source: str, sequence: int) -> str:
    """The `_id` of an event in a log, which sorts by sequence within the source."""
    return f"{source}#{sequence:012d}"


def positions(source: str, first: int, last: int) -> list[str]:
    """The ids of the sequences first … last, which are contiguous, so that no range query is needed."""
    return [position(source, sequence) for sequence in range(first, last + 1)]


def between(source: str, first: int, last: int = LAST) -> dict[str, Any]:
    """Query for all documents at these positions, expected or not. It scans the collection on the embedded database,
    so it is for integrity checks only."""
    return {"_id": {"$gte": position(source, first), "$lte": position(source, last)}}


def sequence_at(position: str) -> int:
    return int(position.rpartition("#")[2])


def takes_inventory(works: Iterable[Work]) -> bool:
    return any(fact.inventory is not None for work in works for fact in work.facts)


async def append(
    database: mongo.Database,
    service: str,
    clock: Clock,
    works: Sequence[Work],
    session: mongo.Session,
    known: Mapping[str, Head],
) -> Appended:
    """Append the facts of `works` to their streams, with sequence and hash.

    `known`: cached heads, which are not read again. One insert and one bulk write for all streams together. The heads
    are the first documents written, so that of two replicas the second conflicts at once instead of after its work.
    Errors: HeadMoved.
    """
    by_source: dict[str, list[tuple[Work, Fact]]] = {}
    for work in works:
        for fact in work.facts:
            by_source.setdefault(source_of(work.town, service), []).append((work, fact))
    if not by_source:
        return Appended({}, {})
    before = await _heads(database, by_source, session, known)
    if takes_inventory(works):
        counted = {c.name for work in works for fact in work.facts for c in fact.inventory or ()}
        assert not counted & {name for work in works for name, _ in work.writes}, "not written yet"
        await _lock(database, by_source, before, session)
    now = clock.now()
    time = timestamp(now)
    heads: dict[str, Head] = {}
    documents: dict[str, list[dict[str, Any]]] = {}
    for source, entries in by_source.items():
        head, documents[source] = before.get(source, Head()), []
        async for work, fact in with_pauses(entries):
            if fact.begins_epoch:
                head = replace(head, epoch=_next_epoch(head, now))
            event = await _event(database, service, time, source, head, work, fact, session)
            head = Head(event.sequence, event.hash, head.epoch)
            documents[source].append(_document(event))
        heads[source] = head
    try:
        moves = [_move(source, before.get(source), head) for source, head in heads.items()]
        if await mongo.bulk_write(database["streams"], moves, session) != len(heads):
            raise HeadMoved
        await mongo.insert(database["outbox"], [d for added in documents.values() for d in added], session)
    except mongo.Duplicated:
        raise HeadMoved from None
    return Appended(heads, documents)


def _next_epoch(head: Head, now: datetime) -> str:
    """The epoch of the next event: later than the last one, also where the clock was set back since."""
    if head.epoch is not None:
        last = datetime.fromisoformat(head.epoch.partition("/")[0])
        now = max(now, last + timedelta(milliseconds=1))
    return f"{timestamp(now)}/{head.sequence + 1}"


async def _lock(
    database: mongo.Database, sources: Iterable[str], before: Mapping[str, Head], session: mongo.Session
) -> None:
    """Write the heads before records are counted: whoever appends meanwhile conflicts, and the count is not lost.

    Errors: HeadMoved.
    """
    locks: list[mongo.WriteModel] = [
        mongo.UpdateOne(_seen(source, before[source]), {"$inc": {"held": 1}})
        for source in sources
        if source in before
    ]
    if locks and await mongo.bulk_write(database["streams"], locks, session) != len(locks):
        raise HeadMoved


async def _event(
    database: mongo.Database,
    service: str,
    time: str,
    source: str,
    head: Head,
    work: Work,
    fact: Fact,
    session: mongo.Session,
) -> Event:
    data = dict(fact.data)
    if fact.inventory is not None:
        data |= await _inventory(database, work.town, fact.inventory, session)
        data |= {"upto_sequence": head.sequence, "hash": head.hash}
    if fact.begins_epoch:
        data |= {"epoch": head.epoch}
    return Event(
        id=new_id(),
        source=source,
        type=f"{service}.{fact.type}",
        subject=fact.subject,
        time=time,
        town=work.town,
        sequence=head.sequence + 1,
        epoch=head.epoch,
        previoushash=head.hash,
        actor=work.actor,
        traceparent=work.traceparent,
        data=data,
    ).hashed()


def _document(event: Event) -> dict[str, Any]:
    body = event.encode().decode()
    return {"_id": position(event.source, event.sequence), "type": event.type, "body": body}


def _move(source: str, before: Head | None, head: Head) -> mongo.WriteModel:
    """The update of a head if it still is at the sequence read. A stream that another process began violates the
    unique `_id`."""
    began = {} if head.epoch is None else {"epoch": head.epoch}
    change = {"$set": {"sequence": head.sequence, "hash": head.hash} | began}
    if before is None:
        return mongo.UpdateOne({"_id": source, "sequence": {"$exists": False}}, change, upsert=True)
    return mongo.UpdateOne(_seen(source, before), change)


def _seen(source: str, head: Head) -> dict[str, Any]:
    return {"_id": source, "sequence": head.sequence, "epoch": head.epoch}


async def _heads(
    database: mongo.Database, sources: Iterable[str], session: mongo.Session, known: Mapping[str, Head]
) -> dict[str, Head]:
    """The heads of streams: what is `known` of them, and what is read of the others."""
    heads = {source: known[source] for source in sources if source in known}
    if unknown := sorted(set(sources) - heads.keys()):
        cursor = database["streams"].find({"_id": {"$in": unknown}}, session=session)
        heads |= {document["_id"]: _head(document) for document in await cursor.to_list(None)}
    return heads


def _head(document: Mapping[str, Any]) -> Head:
    return Head(document["sequence"], document["hash"], document.get("epoch"))


async def _inventory(
    database: mongo.Database, town: str, collections: Sequence[Collection[Any]], session: mongo.Session
) -> dict[str, Any]:
    """Counts of records and dead letters. They are counted in the records, not in the log, to be checked against it.
    Records of the same unit are not written yet, so a unit with an inventory may not write any that it counts."""
    counts = {
        c.noun: await database[c.name].count_documents({"town": town}, session=session)
        for c in collections
        if c.noun
    }
    dead_letters = (
        await database["letters"].find({"town": town}, session=session).sort("_id", 1).to_list(None)
    )
    return {
        "counts": counts,
        "parked": len(dead_letters),
        "parked_events": [parked_event(dead_letter) for dead_letter in dead_letters[:NAMED_PARKED]],
    }


def parked_event(dead_letter: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a dead letter and the reason."""
    about = {name: dead_letter[name] for name in ("source", "sequence", "type")}
    return about | {"reason": without_values(dead_letter["reason"])}


def without_values(reason: str) -> str:
    """The reason of a dead letter without what it quotes in round brackets (see `events.faults.reason_of`)."""
    refused = _QUOTING.match(reason)
    return refused[1] if refused else reason


async def head(store: Reader, source: str) -> tuple[int, str]:
    """(sequence, hash) of a stream's last event; (0, GENESIS) before the first."""
    documents = await store.find("streams", {"_id": source}, limit=1)
    return (documents[0]["sequence"], documents[0]["hash"]) if documents else (0, GENESIS)


async def heads(store: Reader, prefix: str) -> dict[str, Head]:
    """By source, in order: the heads of the streams whose source begins with `prefix`."""
    query = {"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}}
    return {d["_id"]: _head(d) for d in await store.find("streams", query, sort=(("_id", 1),))}


async def sequences(store: Reader, prefix: str) -> dict[str, int]:
    """As `heads`, but the sequences alone."""
    query = {"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}}
    found = await store.find("streams", query, sort=(("_id", 1),), fields=("sequence",))
    return {document["_id"]: document["sequence"] for document in found}


async def read(store: Reader, source: str, *, after: int, limit: int) -> list[Event]:
    """Events of a stream with a sequence greater than `after`, in order."""
    return [Event.decode(body) for body in await bodies(store, source, after=after, limit=limit)]


async def bodies(store: Reader, source: str, *, after: int, limit: int) -> list[str]:
    sequence, _ = await head(store, source)
    upto = min(after + limit, sequence)
    return [
        document["body"] for document in await documents(store, "outbox", positions(source, after + 1, upto))
    ]


async def documents(store: Reader, collection: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The documents of a log at these positions, in order of position; missing ones are omitted."""
    unordered = await store.find(collection, {"_id": {"$in": list(ids)}})
    return sorted(unordered, key=lambda document: str(document["_id"]))
