"""One unit of work: what a handler reads, writes and announces, as a value that is committed in one transaction.

A handler calls `create`, `change` or `project` on a Work; nothing reaches the database before a `Store` commits it.
State and event are made from the same record in the same call, so they cannot disagree.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.clock import Clock
from shared.errors import Conflict, FieldError, Invalid, NotFound, Problem

ARRIVAL_SECONDS: Final = 5.0
"""How long a foreign record that is not here yet is waited for."""


class Record(BaseModel):
    """State of one aggregate or copy of a foreign one. Stored as its JSON form, `_id` being `id`, so dates are
    `YYYY-MM-DD` strings that sort. `version` is 0 until it is first written."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    town: str
    version: int = 0


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Index:
    """`where` makes a partial index; `duplicate` is what a second entry of a unique one is told."""

    keys: tuple[str, ...]
    unique: bool = False
    where: Mapping[str, Any] | None = None
    duplicate: type[Problem] = Conflict


@dataclass(frozen=True)
class Collection(Generic[R]):
    """Where records of one kind are kept, and as what they are announced.

    `noun` empty: nothing is announced (foreign copies, internal records).
    `fact` is the public state that leaves the service: what it does not name stays here.
    `encrypted` names the texts that are encrypted where they are stored; nobody else sees that they are.
    """

    name: str
    model: type[R]
    noun: str = ""
    fact: type[BaseModel] | None = None
    indexes: tuple[Index, ...] = ()
    encrypted: tuple[str, ...] = ()

    def load(self, document: Mapping[str, Any]) -> R:
        return self.model.model_validate({**document, "id": document["_id"]})

    def store(self, record: Record) -> dict[str, Any]:
        document = record.model_dump(mode="json")
        document["_id"] = document.pop("id")
        return document


@dataclass
class Write:
    """What happens to one document. `base` is the version it must have now: 0 for none; for a `project`, any lower one.

    A `lock` leaves it as it is, and is in the way of whoever would change it at the same time.
    """

    mode: Literal["put", "project", "remove", "lock"]
    collection: Collection[Any]
    record: Record
    base: int


@dataclass(frozen=True)
class Fact:
    """An event to be: its type without the service, its subject and its data.

    `inventory`: collections whose records are counted inside the transaction; the data then also states the head of the
    stream before it (`upto_sequence`, `hash`), the `counts` by noun, and what is `parked` in the inbox.
    """

    type: str
    subject: str
    data: Mapping[str, Any]
    inventory: tuple[Collection[Any], ...] | None = None


class Reader(Protocol):
    """What a Work reads through: the service's database, and news of what consumers have committed."""

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> list[dict[str, Any]]: ...

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        """Wait until `condition` holds, asked again after each commit of this process and now and then besides."""
        ...


@dataclass
class Work:
    town: str
    actor: str
    clock: Clock
    reader: Reader
    traceparent: str | None = None
    writes: dict[tuple[str, str], Write] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    """Ids of records that no answer kept for repeated requests may speak of any more."""
    patience: float = field(default_factory=lambda: ARRIVAL_SECONDS)
    """How long to wait for foreign records named here; none where the caller said what he saw, and that has come."""

    async def get(self, collection: Collection[R], id: str) -> R | None:
        pending = self.writes.get((collection.name, id))
        if pending is not None:
            return None if pending.mode == "remove" else _as(collection, pending.record)
        found = await self.reader.find(collection.name, {"_id": id, "town": self.town}, limit=1)
        return collection.load(found[0]) if found else None

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
        """Records of the town that match. Own pending writes are laid over what the database holds.

        Errors: ValueError for what cannot be decided on a pending write: `$or`, `$exists`, a dotted path; a query that
        needs those goes to `reader`.
        """
        wanted = {"town": self.town, **(query or {})}
        _check(wanted)
        stored = await self.reader.find(collection.name, wanted, sort=sort, limit=limit)
        records = {document["_id"]: collection.load(document) for document in stored}
        for (name, id), write in self.writes.items():
            if name != collection.name:
                continue
            records.pop(id, None)
            if write.mode != "remove" and _matches(collection.store(write.record), wanted):
                records[id] = _as(collection, write.record)
        return list(records.values())

    async def page(
        self, collection: Collection[R], query: Mapping[str, Any], *, after: str | None, limit: int
    ) -> list[R]:
        """Up to `limit` records after the id `after`, in order of id, that is of creation."""
        wanted: dict[str, Any] = {"town": self.town, **query}
        if after is not None:
            wanted["_id"] = {"$gt": after}
        found = await self.reader.find(collection.name, wanted, sort=(("_id", 1),), limit=limit)
        return [collection.load(document) for document in found]

    def create(self, collection: Collection[R], record: R, verb: str) -> R:
        created = record.model_copy(update={"version": 1})
        self.writes[collection.name, record.id] = Write("put", collection, created, 0)
        self._announce(collection, created, verb)
        return created

    def change(self, collection: Collection[R], record: R, verb: str) -> R:
        """Write the next version of a record that was read with `record.version`."""
        changed = record.model_copy(update={"version": record.version + 1})
        before = self.writes.get((collection.name, record.id))
        base = before.base if before is not None else record.version
        self.writes[collection.name, record.id] = Write("put", collection, changed, base)
        self._announce(collection, changed, verb)
        return changed

    def project(self, collection: Collection[R], record: R) -> None:
        """Keep a foreign record unless a newer version of it is here already."""
        before = self.writes.get((collection.name, record.id))
        if before is None or before.record.version < record.version:
            self.writes[collection.name, record.id] = Write("project", collection, record, 0)

    def lock(self, collection: Collection[R], record: R) -> None:
        """What is written rests on this record: when it is committed that must still be at this version, or the work is
        done again."""
        self.writes.setdefault(
            (collection.name, record.id), Write("lock", collection, record, record.version)
        )

    def remove(self, collection: Collection[R], record: R) -> None:
        self.writes[collection.name, record.id] = Write("remove", collection, record, record.version)

    def announce(
        self,
        type: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        inventory: Sequence[Collection[Any]] | None = None,
    ) -> None:
        """An event that is not the state of a record. `type` without the service: `replay.requested.v1`."""
        self.facts.append(Fact(type, subject, data, None if inventory is None else tuple(inventory)))

    async def known(self, collection: Collection[R], ids: Iterable[str], loc: str) -> list[R]:
        """The records of `ids` in their order. Those not here yet are waited for; then Invalid names `loc`."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, R] = {}

        async def complete() -> bool:
            missing = [id for id in wanted if id not in found]
            if missing:
                for record in await self.find(collection, {"_id": {"$in": missing}}):
                    found[record.id] = record
            return len(found) == len(wanted)

        if not await self.reader.arrival(complete, within=self.patience):
            unknown = [id for id in wanted if id not in found]
            raise Invalid(
                f"有 {len(unknown)} 个编号不存在：{'、'.join(unknown[:5])}",
                errors=[FieldError(loc, f"编号不存在：{id}") for id in unknown],
            )
        return [found[id] for id in wanted]

    def _announce(self, collection: Collection[Any], record: Record, verb: str) -> None:
        if collection.fact is None:
            return
        public = collection.fact.model_validate(record.model_dump())
        noun = collection.noun
        self.facts.append(Fact(f"{noun}.{verb}.v1", f"{noun}/{record.id}", public.model_dump(mode="json")))


def _as(collection: Collection[R], record: Record) -> R:
    if not isinstance(record, collection.model):
        raise TypeError(f"{collection.name} holds {collection.model.__name__}, not {type(record).__name__}")
    return record


def _check(query: Mapping[str, Any]) -> None:
    """Refuse what `_matches` would misread, whether or not there is a pending write to read it on."""
    unknown = [key for key in query if key.startswith("$") or "." in key]
    unknown += [
        operator for wanted in query.values() for operator in _tests(wanted) if operator not in _TESTS
    ]
    if unknown:
        raise ValueError(f"a unit of work cannot search by {', '.join(unknown)}")


def _matches(document: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Whether a record not yet written matches. Every operator is known: `_check` has seen the query."""
    return all(
        _TESTS[operator](document.get(key), operand)
        for key, wanted in query.items()
        for operator, operand in _tests(wanted).items()
    )


def _tests(wanted: Any) -> Mapping[str, Any]:
    return wanted if isinstance(wanted, Mapping) else {"$eq": wanted}


def _equal(value: Any, operand: Any) -> bool:
    return bool(value == operand) or (isinstance(value, list) and operand in value)


_TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "$eq": _equal,
    "$ne": lambda value, operand: not _equal(value, operand),
    "$in": lambda value, operand: any(_equal(value, choice) for choice in operand),
    "$nin": lambda value, operand: not any(_equal(value, choice) for choice in operand),
    "$lt": lambda value, operand: value is not None and value < operand,
    "$lte": lambda value, operand: value is not None and value <= operand,
    "$gt": lambda value, operand: value is not None and value > operand,
    "$gte": lambda value, operand: value is not None and value >= operand,
}
