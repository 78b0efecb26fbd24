"""The unit of work: reads, writes and events of a handler, committed in one transaction.

A handler calls `create`, `change` or `project` on a Work; nothing is written before a `Store` commits it. State and
event are made from the same record in the same call, so they cannot disagree.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.clock import Clock
from shared.errors import Conflict, FieldError, Invalid, NotFound, Problem
from shared.storage.conditions import Condition, conditions_of, matches, values_at, wanted_value
from shared.storage.lookups import Lookup
from shared.storage.reader import Reader, Seen, State

ARRIVAL_SECONDS: Final = 5.0
"""How long to wait for a foreign record whose event has not arrived yet."""


class Record(BaseModel):
    """The state of an aggregate, or a copy of a foreign one. It is stored in its JSON form with `id` as `_id`; dates
    are `YYYY-MM-DD` strings, which sort. `version` is 0 before the first write."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    town: str
    version: int = 0


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Index:
    """An index of a collection. `where`: filter of a partial index; `duplicate`: the error for a second entry."""

    keys: tuple[str, ...]
    unique: bool = False
    where: Mapping[str, Any] | None = None
    duplicate: type[Problem] = Conflict


BY_TOWN: Final = Index(("town", "_id"))
"""Every collection has it: the records of a town, in order of id, which is the order of lists."""


@dataclass(frozen=True)
class Collection(Generic[R]):
    """The collection of a kind of record, and the events about it.

    `noun`: the noun of the event types; empty for records without events (foreign copies, internal records).
    `fact`: the model of the data of events; fields that it does not have are not published.
    `encrypted`: text fields that are encrypted in the database; records contain them in plain text.
    `erasable`: stored responses about the records can be deleted; so are those of records with encrypted fields.
    `left`: keys of indexes that earlier releases declared, which are dropped at the start.
    """

    name: str
    model: type[R]
    noun: str = ""
    fact: type[BaseModel] | None = None
    indexes: tuple[Index, ...] = ()
    encrypted: tuple[str, ...] = ()
    erasable: bool = False
    left: tuple[tuple[str, ...], ...] = ()

    @property
    def personal(self) -> bool:
        return self.erasable or bool(self.encrypted)

    def load(self, document: Mapping[str, Any]) -> R:
        return self.model.model_validate({**document, "id": document["_id"]})

    def store(self, record: Record) -> dict[str, Any]:
        fields = record.model_dump(mode="json")
        return {"_id": fields.pop("id"), **fields}


@dataclass
class Write:
    """A write of a document. `base` is the version it must have now; 0: it must not exist (`project`: any lower one).

    A `lock` leaves the document unchanged and conflicts with any concurrent change. `seen`: the record's state when the
    unit of work read it first; None where it did not, and nothing is compared.
    """

    mode: Literal["put", "project", "remove", "lock"]
    collection: Collection[Any]
    record: Record
    base: int
    seen: State | None = None

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The document to be stored, for queries of the same work."""
        return self.collection.store(self.record)


@dataclass(frozen=True)
class Fact:
    """An event before it is appended: its type without the service, its subject and its data.

    `inventory`: collections whose records are counted in the transaction; the data then also contains the head of the
    stream before the event (`upto_sequence`, `hash`), `counts` by noun, and the number `parked` in the inbox.
    `begins_epoch`: the stream goes on in a new epoch, of which this is the first event; the data then contains it.
    """

    type: str
    subject: str
    data: Mapping[str, Any]
    inventory: tuple[Collection[Any], ...] | None = None
    begins_epoch: bool = False


@dataclass
class Work:
    """A unit of work of one town and actor."""

    town: str
    actor: str
    clock: Clock
    reader: Reader
    traceparent: str | None = None
    writes: dict[tuple[str, str], Write] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    """Ids of erased records: the stored responses about them are deleted."""
    patience: float = field(default_factory=lambda: ARRIVAL_SECONDS)
    """How long to wait for foreign records, in seconds; 0 where the request had `Lvzhi-After`."""

    _seen: Seen = field(init=False, repr=False)
    _stored: dict[str, Sequence[Write]] = field(default_factory=dict, repr=False)
    """Of collections that were read as a whole: each record as a write that leaves it as it is."""
    _read: dict[tuple[str, str], Record] = field(default_factory=dict)
    _lookups: dict[tuple[str, Callable[[Any], Iterable[Hashable]]], Lookup[Record]] = field(
        default_factory=dict, repr=False
    )
    """Of records, stored and pending, by collection and the function of the keys."""
    _pending: dict[tuple[str, str], Lookup[Write]] = field(default_factory=dict, repr=False)
    """Of pending writes and of `_stored`, by collection and field."""

    def __post_init__(self) -> None:
        self.reader = self._seen = Seen(self.reader)

    async def get(self, collection: Collection[R], id: str) -> R | None:
        pending = self.writes.get((collection.name, id))
        if pending is not None:
            return None if pending.mode == "remove" else _as(collection, pending.record)
        if collection.name in self._stored:
            return next(iter(await self.find(collection, {"_id": id})), None)
        documents = await self.reader.find(collection.name, {"_id": id, "town": self.town}, limit=1)
        return collection.load(documents[0]) if documents else None

    async def get_once(self, collection: Collection[R], id: str) -> R | None:
        """As `get`, for a record that each of many commands of this unit of work needs: it is read once."""
        if (collection.name, id) in self.writes or (collection.name, id) not in self._read:
            record = await self.get(collection, id)
            if record is None:
                return None
            self._read[collection.name, id] = record
        return _as(collection, self._read[collection.name, id])

    async def require(self, collection: Collection[R], id: str) -> R:
        record = await self.get(collection, id)
        if record is None:
            raise NotFound(f"找不到编号为 {id} 的记录")
        return record

    async def find(
        self,
        collection: Collection[R],
        query: Mapping[str, Any] | None = None,
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> list[R]:
        """The records of the town that match, including pending writes of this work. None is read again after `all`.

        Errors: ValueError for operators that cannot be evaluated on pending writes: `$or`, `$exists`, a dotted path.
        For those use `reader`.
        """
        criteria = {**(query or {}), "town": self.town}  # last, because every pending write is of the town
        conditions = conditions_of(criteria)
        if collection.name in self._stored and not (sort or limit):
            return self._with_pending(collection, {}, conditions)
        stored = await self.reader.find(collection.name, criteria, sort=sort, limit=limit)
        records = {document["_id"]: collection.load(document) for document in stored}
        return self._with_pending(collection, records, conditions)

    async def all(self, collection: Collection[R]) -> list[R]:
        """The records of the town, including pending writes; those that are stored are read once per unit of work, so
        not for foreign ones, which may still arrive."""
        if collection.name not in self._stored:
            records = map(collection.load, await self.reader.find(collection.name, {"town": self.town}))
            self._stored[collection.name] = [
                Write("lock", collection, record, record.version) for record in records
            ]
            for place in [place for place in self._pending if place[0] == collection.name]:
                del self._pending[place]
        return self._with_pending(collection, {}, ())

    async def find_by_key(
        self, collection: Collection[R], keys: Callable[[R], Iterable[Hashable]], key: Hashable
    ) -> list[R]:
        """The records of the town, including pending writes, of which `keys` returns this key.

        For one unit of work that searches often: all stored records are read, once, and their keys are kept.
        """
        lookup = self._lookups.get((collection.name, keys))
        if lookup is None:
            lookup = Lookup[Record](keys)  # type: ignore[arg-type]  # only records of this collection are put in
            for record in await self.all(collection):
                lookup.put(record.id, record)
            self._lookups[collection.name, keys] = lookup
        return [_as(collection, record) for record in lookup.find(key)]

    def _with_pending(
        self, collection: Collection[R], records: dict[str, R], conditions: Sequence[Condition]
    ) -> list[R]:
        """The records, those with a pending write as it leaves them, and what else matches in memory."""
        found = {id: record for id, record in records.items() if (collection.name, id) not in self.writes}
        for write in self._candidates(collection.name, conditions):
            if write.mode != "remove" and matches(write.document, conditions):
                found[write.record.id] = _as(collection, write.record)
        return list(found.values())

    def _candidates(self, name: str, conditions: Sequence[Condition]) -> Iterable[Write]:
        """What of a collection is in memory, at least what matches. An import searches once per row: a walk over all of
        it would cost the square of their number."""
        place = wanted_value(conditions)
        if place is None:
            stored = (w for w in self._stored.get(name, ()) if (name, w.record.id) not in self.writes)
            return [*stored, *(write for (of, _), write in self.writes.items() if of == name)]
        path, value = place
        lookup = self._pending.get((name, path))
        if lookup is None:
            lookup = self._pending[name, path] = Lookup(lambda write: values_at(write.document, path))
            for write in self._candidates(name, ()):
                lookup.put(write.record.id, write)
        return lookup.find(value)

    async def page(
        self, collection: Collection[R], query: Mapping[str, Any], *, after: str | None, limit: int
    ) -> list[R]:
        """Up to `limit` records (all for 0) after the id `after`, in order of id, which is the order of creation."""
        beyond = {} if after is None else {"_id": {"$gt": after}}
        criteria = {"town": self.town, **query, **beyond}
        documents = await self.reader.find(collection.name, criteria, sort=(("_id", 1),), limit=limit)
        return [collection.load(document) for document in documents]

    def create(self, collection: Collection[R], record: R, verb: str) -> R:
        created = record.model_copy(update={"version": 1})
        self._write(Write("put", collection, created, 0))
        self._announce(collection, created, verb)
        return created

    def change(self, collection: Collection[R], record: R, verb: str) -> R:
        """Write the next version of a record that was read with `record.version`."""
        changed = record.model_copy(update={"version": record.version + 1})
        before = self.writes.get((collection.name, record.id))
        base = before.base if before is not None else record.version
        self._write(Write("put", collection, changed, base))
        self._announce(collection, changed, verb)
        return changed

    def project(self, collection: Collection[R], record: R) -> None:
        """Write the copy of a foreign record, unless a newer version is stored already."""
        before = self.writes.get((collection.name, record.id))
        if before is None or before.record.version < record.version:
            self._write(Write("project", collection, record, 0))

    def replace(self, collection: Collection[R], record: R, before: R) -> None:
        """Write the copy of a foreign record over `before`, unless that was changed or locked since it was read."""
        self._write(Write("put", collection, record, before.version))

    def lock(self, collection: Collection[R], record: R) -> None:
        """Commit only if this record, on which the work depends, is still at this version."""
        if (collection.name, record.id) not in self.writes:
            self._write(Write("lock", collection, record, record.version))

    def remove(self, collection: Collection[R], record: R) -> None:
        self._write(Write("remove", collection, record, record.version))

    def forget(self, collection: Collection[Any], id: str) -> None:
        """Delete the stored responses about a record that is erased. Errors: ValueError where none are marked so."""
        if not collection.personal:
            raise ValueError(f"{collection.name}: records that can be erased are of an erasable collection")
        self.forgotten.add(id)

    @property
    def only_copies(self) -> bool:
        """Whether it does nothing but write copies."""
        return not self.facts and all(write.mode == "project" for write in self.writes.values())

    def discard(self) -> None:
        """Remove all writes and events."""
        self.writes.clear()
        self.facts.clear()
        self._lookups.clear()
        self._pending.clear()

    def _write(self, write: Write) -> None:
        name, id = write.collection.name, write.record.id
        write.seen = self._seen.first.get((name, id))
        self.writes[name, id] = write
        for (of, _), lookup in self._lookups.items():
            if of == name and write.mode == "remove":
                lookup.remove(id)
            elif of == name:
                lookup.put(id, write.record)
        for (of, _), pending in self._pending.items():
            if of == name:
                pending.put(id, write)

    def announce(
        self,
        type: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        inventory: Sequence[Collection[Any]] | None = None,
        begins_epoch: bool = False,
    ) -> None:
        """Add an event that is not the state of a record. `type` without the service: `replay.requested.v1`."""
        collections = None if inventory is None else tuple(inventory)
        self.facts.append(Fact(type, subject, data, collections, begins_epoch))

    async def require_all(self, collection: Collection[R], ids: Iterable[str], loc: str) -> list[R]:
        """The records of `ids` in their order; waits for missing ones. Errors: Invalid at `loc` for unknown ids."""
        ids_in_order = list(dict.fromkeys(ids))
        records: dict[str, R] = {}

        async def complete() -> bool:
            missing = [id for id in ids_in_order if id not in records]
            if missing:
                for record in await self.find(collection, {"_id": {"$in": missing}}):
                    records[record.id] = record
            return len(records) == len(ids_in_order)

        if not await self.reader.arrival(complete, within=self.patience):
            unknown = [id for id in ids_in_order if id not in records]
            raise Invalid(
                f"有 {len(unknown)} 个编号不存在：{'、'.join(unknown[:5])}",
                errors=[FieldError(loc, f"编号不存在：{id}") for id in unknown],
            )
        return [records[id] for id in ids_in_order]

    def _announce(self, collection: Collection[Any], record: Record, verb: str) -> None:
        if collection.fact is None:
            return
        noun, public = collection.noun, collection.fact.model_validate(record.model_dump())
        self.facts.append(Fact(f"{noun}.{verb}.v1", f"{noun}/{record.id}", public.model_dump(mode="json")))


def _as(collection: Collection[R], record: Record) -> R:
    if not isinstance(record, collection.model):
        raise TypeError(f"{collection.name} holds {collection.model.__name__}, not {type(record).__name__}")
    return record
