"""The inbox of a service: one key per event, written with what the event changed, and one mark per stream.

Collections: `inbox` {_id: "source#sequence", hash, …} – with `keep` the whole event, so that the inbox is a copy of the
log; `sources` {_id: source, …}: a `Mark`; `letters` {_id: id of a dead letter, reason, body, …}: what could not be
applied, whole, until it is replayed or dropped. Its key stands in `inbox` as `parked`, so that its number is not asked
for again; it can still be applied later.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from shared.envelope import Event, service_of, source_of
from shared.events.letter import DeadLetter
from shared.events.marks import BROKEN, UNKNOWN, Mark
from shared.events.sorting import KEYS_KEPT, Sorted, Sorting
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.storage.units import Superseded
from shared.storage.work import Reader

COLLECTIONS: Final = ("inbox", "sources", "letters")
PRUNED_AT_ONCE: Final = 10_000
ATTEMPTS: Final = 16


class Rebuilding(Exception):
    """The read model of a stream is being emptied: its events wait."""


class Inbox:
    def __init__(self, store: Store, *, streams: Sequence[str], keep: bool) -> None:
        self.store = store
        self.streams = frozenset(streams)
        """Services whose whole streams arrive here, so that a missing number is a gap."""
        self.keep = keep
        self._marks: dict[str, tuple[Mark, int | None]] = {}
        """As last read or written, with how often each was moved; a write that finds it moved since is refused."""

    async def sort(self, events: Sequence[Event]) -> Sorted:
        """Nothing is read where every event is the next of its stream."""
        if (marks := self._continued(events)) is not None:
            return Sorted(events, marks=marks)
        return await self._sorted(events)

    def forget(self, events: Sequence[Event]) -> None:
        """Read the marks of these streams anew: another process moved them."""
        for event in events:
            self._marks.pop(event.source, None)

    async def take(self, batch: Sorted, session: mongo.Session | None) -> None:
        """Write the keys of fresh events, then the marks. Raises Superseded where another process was faster."""
        database = self.store.database
        if batch.parked:
            these = {"_id": {"$in": list(batch.parked)}}
            await database["inbox"].delete_many({**these, "parked": {"$exists": True}}, session=session)
            await database["letters"].delete_many(these, session=session)
        keys = [self._key(event) for event in batch.fresh]
        try:
            if keys and session is None and not self.keep:
                # At once: an event whose mark is written and whose key is not comes again, is new, and changes nothing.
                await asyncio.gather(mongo.insert(database["inbox"], keys), self._move(batch.marks, None))
                return
            if keys:
                await mongo.insert(database["inbox"], keys, session)
            await self._move(batch.marks, session)
        except mongo.Duplicated as error:
            raise Superseded(str(error)) from error

    async def park(self, letter: DeadLetter, session: mongo.Session | None) -> None:
        """Keep a dead letter and write its key, unless the position is taken."""
        inbox, position = self.store.database["inbox"], outbox.position(letter.source, letter.sequence)
        known = await inbox.find_one({"_id": position}, session=session)
        if known is None or "parked" in known:
            key: dict[str, Any] = {"hash": letter.hash, "parked": letter.reason}
            if letter.conflicting:
                key["conflicting"] = True
            if self.keep and letter.readable:
                key["body"] = letter.body
            await inbox.replace_one({"_id": position}, key, upsert=True, session=session)
            await self._arrive(letter, session)
        elif not letter.conflicting:
            return
        await self.store.database["letters"].replace_one(
            {"_id": letter.id}, letter.document(), upsert=True, session=session
        )

    async def drop(self, letter: DeadLetter, note: Mapping[str, Any], session: mongo.Session | None) -> bool:
        """Give a letter up: its key stays, with `note` instead of a reason. False where it is no longer parked."""
        position = outbox.position(letter.source, letter.sequence)
        await self.store.database["inbox"].update_one(
            {"_id": position, "parked": {"$exists": True}, "hash": letter.hash},
            {"$set": {"dropped": dict(note)}, "$unset": {"parked": ""}},
            session=session,
        )
        deleted = await self.store.database["letters"].delete_one({"_id": letter.id}, session=session)
        return deleted.deleted_count == 1

    async def letters(self, town: str, *, after: str = "", limit: int = 0) -> list[DeadLetter]:
        """The town's letters in order of position, after the position `after`."""
        query = {"town": town, "_id": {"$gt": after}}
        found = await self.store.find("letters", query, sort=(("_id", 1),), limit=limit)
        return [DeadLetter.load(document) for document in found]

    async def letter(self, town: str, id: str) -> DeadLetter | None:
        found = await self.store.find("letters", {"_id": id, "town": town}, limit=1)
        return DeadLetter.load(found[0]) if found else None

    async def is_settled(self, letter: DeadLetter) -> bool:
        """Whether its event was applied or parked before, so that the broker keeps no second copy."""
        if letter.conflicting:
            return bool(await self.store.find("letters", {"_id": letter.id}, limit=1))
        return bool(await self.store.find("inbox", {"_id": letter.id}, limit=1))

    async def mark(self, source: str) -> Mark:
        return (await self._read_marks([source]))[source]

    async def marks(self, town: str | None = None) -> dict[str, Mark]:
        """Of one town or of all, by source."""
        ids = None if town is None else [source_of(town, service) for service in sorted(self.streams)]
        found = await self.store.find("sources", {} if ids is None else {"_id": {"$in": ids}})
        return {document["_id"]: Mark.load(document) for document in found}

    async def saw(self, source: str, sequence: int) -> None:
        """Record that a number exists, so that it is asked for again though its event was not applied."""
        for _ in range(ATTEMPTS):
            mark = (await self._read_marks([source]))[source]
            try:
                await self._move({source: replace(mark, seen=max(mark.seen, sequence))}, None)
            except (Superseded, mongo.Duplicated):
                continue
            return
        raise Superseded(source)

    async def ask(self, town: str, source: str, first: int, last: int) -> None:
        """Ask the source to publish first … last again; `last` 0 means up to its head."""
        work = self.store.reading(town, f"service:{self.store.service}")
        work.announce("replay.requested.v1", f"stream{source}", {"source": source, "from": first, "to": last})
        await self.store.commit_work(work)

    async def prune(self) -> int:
        """Delete keys so old that no duplicate of theirs is on its way any more. Returns how many."""
        if self.keep:
            return 0
        pruned = 0
        for source, mark in (await self.marks()).items():
            upto = min(mark.upto - KEYS_KEPT, mark.pruned + PRUNED_AT_ONCE)
            if upto - mark.pruned < outbox.PAGE:
                continue
            ids = outbox.positions(source, mark.pruned + 1, upto)
            for start in range(0, len(ids), outbox.PAGE):
                these = {"_id": {"$in": ids[start : start + outbox.PAGE]}, "parked": {"$exists": False}}
                pruned += (await self.store.database["inbox"].delete_many(these)).deleted_count
            current = (await self._read_marks([source]))[source]
            await self._move({source: replace(current, pruned=upto)}, None)
        return pruned

    def _continued(self, events: Sequence[Event]) -> dict[str, Mark] | None:
        """The marks after a batch that continues every stream it speaks of; None where something else is in it."""
        marks: dict[str, Mark] = {}
        for event in events:
            mark = marks.get(event.source)
            if mark is None:
                cached = self._marks.get(event.source)
                if cached is None:
                    return None
                mark = cached[0]
            if not mark.continued_by(event):
                return None
            marks[event.source] = mark.arrived(event.sequence, event.previoushash, event.hash)
        return marks

    async def _sorted(self, events: Sequence[Event]) -> Sorted:
        ids = {outbox.position(event.source, event.sequence) for event in events}
        keys = {key["_id"]: key for key in await outbox.documents(self.store, "inbox", sorted(ids))}
        followed = {event.source for event in events if service_of(event.source) in self.streams}
        before = await self._read_marks(sorted(followed))
        if waiting := [source for source, mark in before.items() if mark.rebuilding]:
            raise Rebuilding(waiting[0])
        sorting = Sorting(keys, dict(before), forgets=not self.keep)
        for event in events:
            sorting.add(event)
        moved = {source: mark for source, mark in sorting.marks.items() if mark != before[source]}
        return Sorted(sorting.fresh, frozenset(sorting.parked), sorting.conflicting, sorting.restored, moved)

    async def _read_marks(
        self, sources: Sequence[str], session: mongo.Session | None = None
    ) -> dict[str, Mark]:
        if not sources:
            return {}
        query = {"_id": {"$in": list(sources)}}
        found = await self.store.database["sources"].find(query, session=session).to_list(None)
        stored = {document["_id"]: (Mark.load(document), document.get("moves")) for document in found}
        for source in sources:
            self._marks[source] = stored.get(source, (Mark(), 0))
        return {source: self._marks[source][0] for source in sources}

    async def _move(self, marks: Mapping[str, Mark], session: mongo.Session | None) -> None:
        """In one bulk write. Raises Superseded, Duplicated."""
        if not marks:
            return
        writes: list[mongo.WriteModel] = []
        for source, mark in marks.items():
            _, moves = self._marks[source]
            change = {"$set": {**mark.document(), "moves": (moves or 0) + 1}}
            seen = {"$exists": False} if moves == 0 else moves
            writes.append(mongo.UpdateOne({"_id": source, "moves": seen}, change, upsert=moves == 0))
        moved = await mongo.bulk_write(self.store.database["sources"], writes, session)
        if moved != len(writes):
            raise Superseded("sources")
        for source, mark in marks.items():
            self._marks[source] = (mark, (self._marks[source][1] or 0) + 1)

    async def _arrive(self, letter: DeadLetter, session: mongo.Session | None) -> None:
        if service_of(letter.source) not in self.streams:
            return
        mark = (await self._read_marks([letter.source], session))[letter.source]
        hash = BROKEN if letter.conflicting else letter.hash or UNKNOWN
        await self._move({letter.source: mark.arrived(letter.sequence, UNKNOWN, hash)}, session)

    def _key(self, event: Event) -> dict[str, Any]:
        key: dict[str, Any] = {"_id": outbox.position(event.source, event.sequence), "hash": event.hash}
        if self.keep:
            key["body"] = event.encode().decode()
        return key


async def kept(reader: Reader, source: str, *, after: int = 0, upto: int | None = None) -> list[Event]:
    """Events of a stream after one number and up to another, in order, from the copy that is kept.

    Without `upto` as far as the stream was received. A parked number has no event.
    """
    if upto is None:
        marks = await reader.find("sources", {"_id": source}, limit=1)
        upto = marks[0]["seen"] if marks else 0
    found = await outbox.documents(reader, "inbox", outbox.positions(source, after + 1, upto))
    return [Event.decode(document["body"]) for document in found if "body" in document]
