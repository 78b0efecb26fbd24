"""The event log of a service: appended in the transaction that changes state, never written again.

Collections: `streams` {_id: source, sequence, hash, epoch} holds the head of each stream; `outbox` {_id:
"source#sequence", type, body} its events; `cursors` {_id: source, published} how far each was relayed; `replays`
{_id, source, from, to} what a consumer asked for again.
"""

import re
from collections.abc import Collection as Members
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.clock import Clock, timestamp
from shared.envelope import GENESIS, Event, source_of
from shared.ids import new_id
from shared.storage import mongo
from shared.storage.work import Collection, Fact, Reader, Work

NAMED_PARKED: Final = 50
"""How many of the events it could not apply an inventory names; it counts all."""
PAGE: Final = 100
"""Ids in one query. The time of `$in` grows with the square of their number on the embedded database."""
_QUOTING: Final = re.compile(r"([^()]+)\(")
LAST: Final = 10**12 - 1
"""The highest sequence that `position` keeps in order."""
COLLECTIONS: Final = ("streams", "outbox", "cursors", "replays")


@dataclass(frozen=True)
class Head:
    """The last event of a stream. `epoch` is that of its events since the service was last restored."""

    sequence: int = 0
    hash: str = GENESIS
    epoch: str | None = None


class HeadMoved(Exception):
    """Another process appended to a stream since its head was read; `sources` are the streams of this transaction."""

    def __init__(self, sources: Iterable[str]) -> None:
        super().__init__()
        self.sources = frozenset(sources)


@dataclass(frozen=True)
class Appended:
    """What one transaction added: the new heads and the documents of each stream in order."""

    heads: Mapping[str, Head]
    documents: Mapping[str, Sequence[dict[str, Any]]]


def position(source: str, sequence: int) -> str:
    """`_id` of an event in a log; sorts by sequence within the source."""
    return f"{source}#{sequence:012d}"


def positions(source: str, first: int, last: int) -> list[str]:
    """Ids of the sequences first … last: numbers are contiguous, so a range is known without a range query."""
    return [position(source, sequence) for sequence in range(first, last + 1)]


def between(source: str, first: int, last: int = LAST) -> dict[str, Any]:
    """Query for whatever stands at these positions, also where nobody expects it. A scan on the embedded database:
    for checks, not for the ordinary way."""
    return {"_id": {"$gte": position(source, first), "$lte": position(source, last)}}


def sequence_at(position: str) -> int:
    return int(position.rpartition("#")[2])


async def append(
    database: mongo.Database,
    service: str,
    clock: Clock,
    works: Sequence[Work],
    session: mongo.Session,
    known: Mapping[str, Head],
) -> Appended:
    """Give the facts of `works` their numbers and hashes and add them to their streams.

    `known` heads save reading them; HeadMoved when one is no longer the head. One insert and one bulk write for all
    streams together.
    """
    by_source: dict[str, list[tuple[Work, Fact]]] = {}
    for work in works:
        for fact in work.facts:
            by_source.setdefault(source_of(work.town, service), []).append((work, fact))
    if not by_source:
        return Appended({}, {})
    before = dict(known) | await _heads(database, by_source.keys() - known.keys(), session)
    time = timestamp(clock.now())
    heads: dict[str, Head] = {}
    documents: dict[str, list[dict[str, Any]]] = {}
    for source, entries in by_source.items():
        head, documents[source] = before.get(source, Head()), []
        for work, fact in entries:
            event = await _event(database, service, time, source, head, work, fact, session)
            head = Head(event.sequence, event.hash, head.epoch)
            documents[source].append(_document(event))
        heads[source] = head
    try:
        await mongo.insert(database["outbox"], [d for added in documents.values() for d in added], session)
        moves = [_move(source, before.get(source), head) for source, head in heads.items()]
        moved = await mongo.bulk_write(database["streams"], moves, session)
    except mongo.Duplicated:
        raise HeadMoved(by_source) from None
    if moved != len(heads):
        raise HeadMoved(by_source)
    return Appended(heads, documents)


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
    """Guarded by the sequence it was read with; a stream that another process began collides on its `_id`."""
    change = {"$set": {"sequence": head.sequence, "hash": head.hash}}
    if before is None:
        return mongo.UpdateOne({"_id": source, "sequence": {"$exists": False}}, change, upsert=True)
    seen = {"_id": source, "sequence": before.sequence, "epoch": before.epoch}
    return mongo.UpdateOne(seen, change)


async def _heads(
    database: mongo.Database, sources: Members[str], session: mongo.Session | None = None
) -> dict[str, Head]:
    if not sources:
        return {}
    cursor = database["streams"].find({"_id": {"$in": sorted(sources)}}, session=session)
    return {document["_id"]: _head(document) for document in await cursor.to_list(None)}


def _head(document: Mapping[str, Any]) -> Head:
    return Head(document["sequence"], document["hash"], document.get("epoch"))


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
    sequence, _ = await head(store, source)
    upto = min(after + limit, sequence)
    return [
        document["body"] for document in await documents(store, "outbox", positions(source, after + 1, upto))
    ]


async def documents(store: Reader, collection: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Documents of a log at these positions, in order of position; those not there are left out."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(ids), PAGE):
        page = await store.find(collection, {"_id": {"$in": list(ids[start : start + PAGE])}})
        found += sorted(page, key=lambda document: str(document["_id"]))
    return found
