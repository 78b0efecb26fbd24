"""What a service has taken in: one key per event, written in the transaction that applies it, and how far each stream
is whole.

Collections: `inbox` {_id: "source#sequence", hash, …} – with `keep` the whole event, so that the inbox is a copy of the
log; `sources` {_id: source, upto, seen}: every number up to `upto` is here, `seen` is the highest.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared import mongo, outbox
from shared.envelope import Event, service_of
from shared.store import Store

COLLECTIONS: Final = ("inbox", "sources")
_PAGE: Final = 1_000


class Inbox:
    def __init__(self, store: Store, *, streams: Sequence[str], keep: bool) -> None:
        self.store = store
        self.streams = frozenset(streams)
        """Services whose whole streams arrive here, so that a missing number is a gap."""
        self.keep = keep

    async def fresh(self, events: Sequence[Event]) -> list[Event]:
        """Those not taken in yet, each once, in the order given."""
        keys = {outbox.position(e.source, e.sequence): e for e in reversed(events)}
        known = {d["_id"] for d in await self.store.find("inbox", {"_id": {"$in": list(keys)}})}
        return [event for key, event in reversed(keys.items()) if key not in known]

    async def take(self, events: Sequence[Event], session: mongo.Session, *, parked: str = "") -> None:
        """Write the keys of fresh events and move their streams' marks. `parked` is the reason they were set aside."""
        if not events:
            return
        await self.store.database["inbox"].insert_many(
            [self._document(event, parked) for event in events], session=session
        )
        arrived: dict[str, set[int]] = {}
        for event in events:
            if service_of(event.source) in self.streams:
                arrived.setdefault(event.source, set()).add(event.sequence)
        for source, sequences in arrived.items():
            mark = await self.store.database["sources"].find_one({"_id": source}, session=session)
            upto, seen = (mark["upto"], mark["seen"]) if mark else (0, 0)
            upto = await self._whole_upto(source, upto, seen, sequences, session)
            await self.store.database["sources"].replace_one(
                {"_id": source}, {"upto": upto, "seen": max(seen, *sequences)}, upsert=True, session=session
            )

    async def _whole_upto(
        self, source: str, upto: int, seen: int, arrived: set[int], session: mongo.Session
    ) -> int:
        """The mark after `arrived`; what came early before is looked up only when a gap closes."""
        while upto + 1 in arrived:
            upto += 1
        while upto < seen:
            cursor = self.store.database["inbox"].find(
                outbox.between(source, upto + 1, upto + _PAGE), {"_id": 1}, session=session
            )
            early = {
                int(document["_id"].rpartition("#")[2]) for document in await cursor.to_list(None)
            } | arrived
            before = upto
            while upto + 1 in early:
                upto += 1
            if upto - before < _PAGE:
                break
        return upto

    def _document(self, event: Event, parked: str) -> dict[str, Any]:
        document: dict[str, Any] = {"_id": outbox.position(event.source, event.sequence), "hash": event.hash}
        if parked:
            document["parked"] = parked
        elif self.keep:
            document["body"] = event.encode().decode()
        return document

    async def marks(self, town: str | None = None) -> dict[str, tuple[int, int]]:
        """{source: (whole up to, highest seen)}, of one town or of all."""
        query: Mapping[str, Any] = {} if town is None else {"_id": {"$gte": f"/{town}/", "$lt": f"/{town}0"}}
        return {d["_id"]: (d["upto"], d["seen"]) for d in await self.store.find("sources", query)}

    async def missing(self, source: str, upto: int) -> list[tuple[int, int]]:
        """Stretches (first, last) of the numbers 1 … `upto` that are not here."""
        (whole, _) = (await self.marks()).get(source, (0, 0))
        gaps: list[tuple[int, int]] = []
        expected = whole + 1
        found = await self.store.find("inbox", outbox.between(source, expected, upto), sort=(("_id", 1),))
        for sequence in [int(d["_id"].rpartition("#")[2]) for d in found] + [upto + 1]:
            if sequence > expected:
                gaps.append((expected, sequence - 1))
            expected = sequence + 1
        return gaps

    async def ask(self, town: str, source: str, first: int, last: int) -> None:
        """Ask the source to publish first … last again; `last` 0 means up to its head."""
        work = self.store.reading(town, f"service:{self.store.service}")
        work.announce("replay.requested.v1", f"stream{source}", {"source": source, "from": first, "to": last})
        await self.store.commit_work(work)

    async def kept(self, source: str, *, upto: int) -> list[Event]:
        """Every event of a stream up to a number, in order, from the copy this service keeps."""
        documents = await self.store.find("inbox", outbox.between(source, 1, upto), sort=(("_id", 1),))
        return [Event.decode(document["body"]) for document in documents if "body" in document]
