"""What a service has taken in: one key per event, written in the transaction that applies it, and how far each stream
is whole.

Collections: `inbox` {_id: "source#sequence", hash, …} – with `keep` the whole event, so that the inbox is a copy of the
log; `sources` {_id: source, upto, seen}: every number up to `upto` is here, `seen` is the highest; `letters` {_id:
"source#sequence", reason, body, …}: what could not be applied, whole, until it is replayed or dropped. Its key stands
in `inbox` as `parked`, so that its number is not asked for again; it can still be applied later.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from shared.envelope import Event, service_of
from shared.storage import mongo, outbox
from shared.storage.store import Store
from shared.storage.work import Reader
from shared.transport import Delivery

COLLECTIONS: Final = ("inbox", "sources", "letters")
_PAGE: Final = 1_000
_POSITION: Final = re.compile(r"(/(\d{9})/([a-z]+))#(\d{12})")


@dataclass(frozen=True)
class DeadLetter:
    """An event that could not be applied. `id` is its position; `message` what the transport calls it."""

    id: str
    town: str
    source: str
    sequence: int
    type: str
    subject: str
    hash: str
    reason: str
    handler: str
    parked: datetime
    message: str
    body: str
    readable: bool

    @classmethod
    def of(
        cls, delivery: Delivery, event: Event | None, *, reason: str, handler: str, now: datetime
    ) -> "DeadLetter | None":
        """None for what is no event of any stream. One that cannot be decoded is known by the relay's name for it."""
        body = delivery.body.decode("utf-8", "replace")
        if event is not None:
            id, source, sequence = outbox.position(event.source, event.sequence), event.source, event.sequence
            said = (event.town, source, sequence, event.type, event.subject, event.hash)
        else:
            place = _POSITION.fullmatch(delivery.id)
            if place is None:
                return None
            id, said = delivery.id, (place[2], place[1], int(place[4]), delivery.type, "", "")
        return cls(id, *said, reason, handler, now, delivery.id, body, readable=event is not None)

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "DeadLetter":
        return cls(**{("id" if name == "_id" else name): value for name, value in document.items()})

    def document(self) -> dict[str, Any]:
        document = asdict(self)
        document["_id"] = document.pop("id")
        return document


@dataclass(frozen=True)
class Fresh:
    """Events not applied yet, each once, in the order given; `parked` are the positions of those tried before."""

    events: Sequence[Event]
    parked: frozenset[str]


class Inbox:
    def __init__(self, store: Store, *, streams: Sequence[str], keep: bool) -> None:
        self.store = store
        self.streams = frozenset(streams)
        """Services whose whole streams arrive here, so that a missing number is a gap."""
        self.keep = keep

    async def fresh(self, events: Sequence[Event]) -> Fresh:
        keys = {outbox.position(e.source, e.sequence): e for e in reversed(events)}
        known = await self.store.find("inbox", {"_id": {"$in": list(keys)}})
        parked = frozenset(document["_id"] for document in known if "parked" in document)
        taken = {document["_id"] for document in known} - parked
        return Fresh([event for key, event in reversed(keys.items()) if key not in taken], parked)

    async def take(self, fresh: Fresh, session: mongo.Session) -> None:
        """Write the keys of fresh events and move their streams' marks."""
        if fresh.parked:
            of_these = {"_id": {"$in": list(fresh.parked)}}
            await self.store.database["inbox"].delete_many(
                {**of_these, "parked": {"$exists": True}}, session=session
            )
            await self.store.database["letters"].delete_many(of_these, session=session)
        await self.store.database["inbox"].insert_many(
            [self._document(event) for event in fresh.events], session=session
        )
        arrived: dict[str, set[int]] = {}
        for event in fresh.events:
            arrived.setdefault(event.source, set()).add(event.sequence)
        await self._mark(arrived, session)

    async def park(self, letter: DeadLetter, session: mongo.Session) -> None:
        """Keep a letter and write its key, unless another replica could apply the event."""
        inbox, this = self.store.database["inbox"], {"_id": letter.id}
        known = await inbox.find_one(this, session=session)
        if known is not None and "parked" not in known:
            return
        key: dict[str, Any] = {"hash": letter.hash, "parked": letter.reason}
        if self.keep and letter.readable:
            key["body"] = letter.body
        await inbox.replace_one(this, key, upsert=True, session=session)
        await self.store.database["letters"].replace_one(
            this, letter.document(), upsert=True, session=session
        )
        await self._mark({letter.source: {letter.sequence}}, session)

    async def drop(self, letter: DeadLetter, note: Mapping[str, Any], session: mongo.Session) -> bool:
        """Give a letter up: its key stays, with `note` instead of a reason. False where it is no longer parked."""
        this = {"_id": letter.id}
        key = await self.store.database["inbox"].update_one(
            {**this, "parked": {"$exists": True}},
            {"$set": {"dropped": dict(note)}, "$unset": {"parked": ""}},
            session=session,
        )
        await self.store.database["letters"].delete_one(this, session=session)
        return key.matched_count == 1

    async def letters(self, town: str, *, after: str = "", limit: int = 0) -> list[DeadLetter]:
        """The town's letters in order of position, after the position `after`."""
        query = {"town": town, "_id": {"$gt": after}}
        found = await self.store.find("letters", query, sort=(("_id", 1),), limit=limit)
        return [DeadLetter.load(document) for document in found]

    async def letter(self, town: str, id: str) -> DeadLetter | None:
        found = await self.store.find("letters", {"_id": id, "town": town}, limit=1)
        return DeadLetter.load(found[0]) if found else None

    async def standing(self, id: str) -> str:
        """What became of an event by its position: `parked`, `taken` or, as far as is known here, nothing."""
        found = await self.store.find("inbox", {"_id": id}, limit=1)
        return ("parked" if "parked" in found[0] else "taken") if found else ""

    async def _mark(self, arrived: Mapping[str, set[int]], session: mongo.Session) -> None:
        for source, sequences in arrived.items():
            if service_of(source) not in self.streams:
                continue
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

    def _document(self, event: Event) -> dict[str, Any]:
        document: dict[str, Any] = {"_id": outbox.position(event.source, event.sequence), "hash": event.hash}
        if self.keep:
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


async def kept(reader: Reader, source: str, *, after: int = 0, upto: int = outbox.LAST) -> list[Event]:
    """Events of a stream after one number and up to another, in order; a parked number has no event."""
    documents = await reader.find("inbox", outbox.between(source, after + 1, upto), sort=(("_id", 1),))
    return [Event.decode(document["body"]) for document in documents if "body" in document]
