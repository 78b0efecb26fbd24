"""The inbox of a service: one key per event, written together with its effects, and one mark per stream.

Collections: `inbox` {_id: "source#sequence", hash, …}, with `keep` the whole event, so that the inbox is a copy of the
log; `sources` {_id: source, …}: a `Mark`; `letters` {_id: id of a dead letter, reason, body, …}: events that could not
be applied, until they are replayed or dropped. Their keys in `inbox` are `parked`, so that they are not requested
again but can still be applied.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from shared.envelope import Event, service_of, source_of
from shared.events.dead_letter import DeadLetter
from shared.events.marks import BROKEN, UNKNOWN, Mark
from shared.events.sorting import ABANDONED, KEYS_KEPT, Sorted, Sorting
from shared.storage import bulk, mongo, outbox
from shared.storage.indexes import IndexSpec
from shared.storage.reader import Reader
from shared.storage.store import Store
from shared.storage.units import Superseded

COLLECTIONS: Final = ("inbox", "sources", "letters")
INDEXES: Final = (
    IndexSpec("letters", ("town", "_id")),
    IndexSpec("letters", ("source", "_id")),
    IndexSpec("sources", ("rebuilding",), where={"rebuilding": {"$exists": True}}),
)
APPLIED: Final = {"parked": {"$exists": False}, "dropped": {"$exists": False}}
PRUNED_AT_ONCE: Final = 10_000
ATTEMPTS: Final = 16


class Rebuilding(Exception):
    """The read model of a stream is being rebuilt: its events must wait."""


class Inbox:
    """The inbox of one service. `keep`: store whole events."""

    def __init__(self, store: Store, *, streams: Sequence[str], keep: bool) -> None:
        self.store = store
        self.streams = frozenset(streams)
        """Services whose streams are received completely, so that a missing sequence is a gap."""
        self.keep = keep
        self._marks: dict[str, Mark] = {}
        """Cached marks."""

    async def sort(self, events: Sequence[Event]) -> Sorted:
        """Classify a batch. Nothing is read where every event is the next of its stream."""
        if (marks := self._continued(events)) is not None:
            return Sorted(events, marks=marks, again=_again(events, marks))
        return await self._sorted(events)

    def forget(self, events: Sequence[Event]) -> None:
        """Drop the cached marks of these streams, which another process has changed."""
        for event in events:
            self._marks.pop(event.source, None)

    async def take(self, batch: Sorted, session: mongo.Session | None) -> None:
        """Write the keys of fresh events and the marks. Errors: Superseded where another process was faster.

        A key without its mark counts as not written. With `keep` the keys are first, so that a mark never counts an
        event whose body is not here.
        """
        database = self.store.database
        if batch.parked:
            parked = sorted(batch.parked)
            await bulk.delete(database["inbox"], parked, {"parked": {"$exists": True}}, session)
            await bulk.delete(database["letters"], parked, session=session)
        try:
            if batch.fresh and session is None and not self.keep:
                # Concurrently: if only the mark is written, the event is redelivered, is fresh and changes nothing.
                await asyncio.gather(self._write_keys(batch, None), self._move(batch.marks, None))
                return
            await self._write_keys(batch, session)
            await self._move(batch.marks, session)
        except mongo.Duplicated as error:
            raise Superseded(str(error)) from error

    async def park(self, dead_letter: DeadLetter, session: mongo.Session | None) -> None:
        """Store a dead letter and write its key, unless its event was applied, or its position is another event's since
        a restore."""
        inbox, position = (
            self.store.database["inbox"],
            outbox.position(dead_letter.source, dead_letter.sequence),
        )
        known = await inbox.find_one({"_id": position}, session=session)
        if (known is None or "parked" in known) and dead_letter.reason != ABANDONED:
            key: dict[str, Any] = {"hash": dead_letter.hash, "parked": dead_letter.reason}
            if dead_letter.conflicting:
                key["conflicting"] = True
            if self.keep and dead_letter.readable:
                key["body"] = dead_letter.body
            await inbox.replace_one({"_id": position}, key, upsert=True, session=session)
            await self._arrive(dead_letter, session)
        elif not dead_letter.conflicting:
            if known is not None and "dropped" in known:
                await self._arrive(dead_letter, session)  # again, after a rebuild
            return
        else:
            mark = (await self._read_marks([dead_letter.source], session))[dead_letter.source]
            dead_letter = replace(dead_letter, upto=mark.upto)
        await self.store.database["letters"].replace_one(
            {"_id": dead_letter.id}, dead_letter.document(), upsert=True, session=session
        )

    async def drop(
        self, dead_letter: DeadLetter, note: Mapping[str, Any], session: mongo.Session | None
    ) -> bool:
        """Drop a dead letter; its key is kept, also by a rebuild, with `note` in place of the reason. False where there
        is none."""
        position = outbox.position(dead_letter.source, dead_letter.sequence)
        key = await self.store.database["inbox"].update_one(
            {"_id": position, "parked": {"$exists": True}, "hash": dead_letter.hash},
            {"$set": {"dropped": dict(note)}, "$unset": {"parked": ""}},
            session=session,
        )
        if key.modified_count and not dead_letter.conflicting:
            numbered = {"$addToSet": {"dropped": dead_letter.sequence}}
            await self.store.database["sources"].update_one(
                {"_id": dead_letter.source}, numbered, session=session
            )
        deleted = await self.store.database["letters"].delete_one({"_id": dead_letter.id}, session=session)
        return deleted.deleted_count == 1

    async def dead_letters(self, town: str, *, after: str = "", limit: int = 0) -> list[DeadLetter]:
        """The dead letters of a town in order of position, after the position `after`."""
        query = {"town": town, "_id": {"$gt": after}}
        documents = await self.store.find("letters", query, sort=(("_id", 1),), limit=limit)
        return [DeadLetter.load(document) for document in documents]

    async def dead_letter(self, town: str, id: str) -> DeadLetter | None:
        documents = await self.store.find("letters", {"_id": id, "town": town}, limit=1)
        return DeadLetter.load(documents[0]) if documents else None

    async def is_settled(self, dead_letter: DeadLetter) -> bool:
        """Whether the event was applied or parked before, so that the broker needs no second copy."""
        if dead_letter.conflicting:
            return bool(await self.store.find("letters", {"_id": dead_letter.id}, limit=1))
        return bool(await self.store.find("inbox", {"_id": dead_letter.id}, limit=1))

    async def mark(self, source: str) -> Mark:
        return (await self._read_marks([source]))[source]

    async def marks(self, town: str | None = None) -> dict[str, Mark]:
        """The marks of one town or of all, by source."""
        ids = None if town is None else [source_of(town, service) for service in sorted(self.streams)]
        documents = await self.store.find("sources", {} if ids is None else {"_id": {"$in": ids}})
        return {document["_id"]: Mark.load(document) for document in documents}

    async def saw(self, source: str, sequence: int) -> None:
        """Record that a sequence exists, so that it is requested again, as its event was not applied.

        Errors: ValueError for a sequence that is too far from those seen.
        """

        def seen(mark: Mark) -> Mark:
            if not mark.reaches(sequence):
                raise ValueError(f"{source}: {sequence} is too far beyond {mark.seen}")
            return replace(mark, seen=max(mark.seen, sequence))

        await self._change(source, seen)

    async def ask(self, town: str, source: str, first: int, last: int) -> None:
        """Request that the source publishes first … last again; `last` 0 means up to its head."""
        work = self.store.reading(town, f"service:{self.store.service}")
        work.announce("replay.requested.v1", f"stream{source}", {"source": source, "from": first, "to": last})
        await self.store.commit_work(work)

    async def prune(self) -> int:
        """Delete keys that are older than the last KEYS_KEPT of their stream; return how many."""
        if self.keep:
            return 0
        deleted = 0
        for source, mark in (await self.marks()).items():
            if _pruned(mark).pruned - mark.deleted < bulk.IDS_AT_ONCE:
                continue
            # The mark first: a check meanwhile must not take deleted keys for events that were never received.
            # `deleted` last: the keys that a process left when it was killed in between are deleted by the next.
            begun = await self._change(source, _pruned)
            ids = outbox.positions(source, begun.deleted + 1, begun.pruned)
            deleted += await bulk.delete(self.store.database["inbox"], ids, APPLIED)
            await self._change(source, partial(_deleted, upto=begun.pruned))
        return deleted

    def _continued(self, events: Sequence[Event]) -> dict[str, Mark] | None:
        """The marks after a batch that continues all its streams; None for any other batch."""
        marks: dict[str, Mark] = {}
        for event in events:
            mark = marks.get(event.source)
            if mark is None:
                cached = self._marks.get(event.source)
                if cached is None:
                    return None
                mark = cached
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
        return Sorted(
            sorting.fresh,
            frozenset(sorting.parked),
            frozenset(sorting.unmarked),
            _again(sorting.fresh, before) | sorting.again,
            sorting.conflicting,
            sorting.restored,
            moved,
        )

    async def _read_marks(
        self, sources: Sequence[str], session: mongo.Session | None = None
    ) -> dict[str, Mark]:
        if not sources:
            return {}
        query = {"_id": {"$in": list(sources)}}
        documents = await self.store.database["sources"].find(query, session=session).to_list(None)
        stored = {document["_id"]: Mark.load(document) for document in documents}
        marks = {source: stored.get(source, Mark()) for source in sources}
        self._marks |= marks
        return marks

    async def _move(self, marks: Mapping[str, Mark], session: mongo.Session | None) -> None:
        """Write marks in one bulk write, each only if its `moves` has not changed. Errors: Superseded, Duplicated."""
        if not marks:
            return
        writes: list[mongo.WriteModel] = []
        for source, mark in marks.items():
            change = {"$set": {**mark.document(), "moves": (mark.moves or 0) + 1}}
            seen = {"$exists": False} if mark.moves == 0 else mark.moves
            writes.append(mongo.UpdateOne({"_id": source, "moves": seen}, change, upsert=mark.moves == 0))
        moved = await mongo.bulk_write(self.store.database["sources"], writes, session)
        if moved != len(writes):
            raise Superseded("sources")
        for source, mark in marks.items():
            self._marks[source] = replace(mark, moves=(mark.moves or 0) + 1)

    async def _change(self, source: str, changed: Callable[[Mark], Mark]) -> Mark:
        """Write the mark of a stream as `changed` from what it is. Errors: Superseded, and those of `changed`."""
        for _ in range(ATTEMPTS):
            mark = changed(await self.mark(source))
            with suppress(Superseded, mongo.Duplicated):
                await self._move({source: mark}, None)
                return mark
        raise Superseded(source)

    async def _arrive(self, dead_letter: DeadLetter, session: mongo.Session | None) -> None:
        if service_of(dead_letter.source) not in self.streams:
            return
        mark = (await self._read_marks([dead_letter.source], session))[dead_letter.source]
        if not mark.reaches(dead_letter.sequence):
            return
        hash = BROKEN if dead_letter.conflicting else dead_letter.hash or UNKNOWN
        await self._move({dead_letter.source: mark.arrived(dead_letter.sequence, UNKNOWN, hash)}, session)

    async def _write_keys(self, batch: Sorted, session: mongo.Session | None) -> None:
        keys = [self._key(event) for event in batch.fresh]
        if new := [key for key in keys if key["_id"] not in batch.unmarked]:
            await mongo.insert(self.store.database["inbox"], new, session)
        anew: list[mongo.WriteModel] = [
            mongo.ReplaceOne({"_id": key["_id"]}, key, upsert=True)
            for key in keys
            if key["_id"] in batch.unmarked
        ]
        if anew:
            await mongo.bulk_write(self.store.database["inbox"], anew, session)

    def _key(self, event: Event) -> dict[str, Any]:
        key: dict[str, Any] = {"_id": outbox.position(event.source, event.sequence), "hash": event.hash}
        if self.keep:
            key["body"] = event.encode().decode()
        return key


def _again(events: Sequence[Event], marks: Mapping[str, Mark]) -> frozenset[str]:
    return frozenset(
        event.id
        for event in events
        if event.source in marks and marks[event.source].was_handled(event.sequence, event.epoch or "")
    )


def _pruned(mark: Mark) -> Mark:
    """The mark when the next keys that are old enough may be gone."""
    return replace(mark, pruned=max(mark.pruned, min(mark.upto - KEYS_KEPT, mark.deleted + PRUNED_AT_ONCE)))


def _deleted(mark: Mark, *, upto: int) -> Mark:
    """The mark when the keys up to there are gone, unless a rebuild began anew meanwhile."""
    return replace(mark, deleted=min(upto, mark.pruned))


async def kept(reader: Reader, source: str, *, after: int = 0, upto: int | None = None) -> list[Event]:
    """The stored events of a stream with a sequence greater than `after` and up to `upto`, in order.

    Without `upto` as far as the stream was received. Parked events are omitted.
    """
    if upto is None:
        marks = await reader.find("sources", {"_id": source}, limit=1)
        upto = marks[0]["seen"] if marks else 0
    documents = await outbox.documents(reader, "inbox", outbox.positions(source, after + 1, upto))
    return [Event.decode(document["body"]) for document in documents if "body" in document]
