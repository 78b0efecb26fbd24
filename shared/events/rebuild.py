"""Rebuild of a read model from the logs of other services, in small steps that do not block other writes.

It also initialises a service that was added later. An interrupted rebuild is resumed: the marks of its streams are
`rebuilding` until the last step. What handlers did beside copying stays done: the marks say to which events they
reacted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from shared.clock import Clock
from shared.envelope import GENESIS, Event, source_of
from shared.events.dead_letter import DeadLetter
from shared.events.marks import UNKNOWN, Mark, first_of
from shared.events.sorting import ABANDONED
from shared.storage import bulk, mongo, outbox
from shared.storage.reader import Reader
from shared.storage.units import Superseded, Unit
from shared.storage.work import Collection, Work

log = structlog.get_logger(__name__)


class Store(Reader, Protocol):
    """The part of shared.storage.store.Store that a rebuild needs."""

    @property
    def service(self) -> str: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def database(self) -> mongo.Database: ...

    def reading(self, town: str, actor: str) -> Work: ...

    async def commit(self, unit: Unit) -> None: ...


@dataclass(frozen=True)
class ReadModel:
    """A read model: `collections` contain only what was derived from the streams of the services `streams`."""

    streams: tuple[str, ...]
    collections: tuple[Collection[Any], ...]

    def sources(self, town: str) -> list[str]:
        return [source_of(town, service) for service in self.streams]


async def rebuild(
    store: Store, town: str, model: ReadModel, *, restored: Mapping[str, str] | None = None
) -> list[str]:
    """Empty the town's read model and request its streams again; return their sources.

    `restored`: the new epoch of sources that were restored from a backup. Events that the restore removed are kept as
    dead letters, because they may be the only copy.
    """
    await _begin(store, model.sources(town), restored or {})
    await _resume_town(store, town, model)
    return model.sources(town)


async def rewind(store: Store, source: str, epoch: str) -> None:
    """Drop the events that a restore of the source removed, where handlers react to events instead of copying them:
    those before must not be handled twice. Errors: Superseded where another process moved the mark."""
    (document,) = await store.find("sources", {"_id": source}, limit=1)
    mark, first = Mark.load(document), await _first_undone(store, source, epoch)
    await _keep_abandoned(store, source, mark, first)
    undone = outbox.positions(source, first, mark.seen)
    for name in ("inbox", "letters"):
        await bulk.delete(store.database[name], undone)
    twins = {"source": source, "sequence": {"$gte": first}, "reason": {"$ne": ABANDONED}}
    await bulk.delete_all(store.database["letters"], twins)
    last = await store.find("inbox", {"_id": outbox.position(source, first - 1)}, limit=1)
    hash = last[0]["hash"] if last else GENESIS if first == 1 else UNKNOWN
    pruned, deleted = min(mark.pruned, first - 1), min(mark.deleted, first - 1)
    begun = Mark(upto=first - 1, seen=first - 1, hash=hash, epoch=epoch, pruned=pruned, deleted=deleted)
    change = {"$set": begun.document(), "$inc": {"moves": 1}}
    unmoved = mongo.UpdateOne({"_id": source, "moves": mark.moves}, change)
    if await mongo.bulk_write(store.database["sources"], [unmoved]) != 1:
        raise Superseded(source)


async def resume(store: Store, model: ReadModel) -> None:
    """Resume rebuilds that the end of a process interrupted."""
    documents = await store.find("sources", {"rebuilding": {"$exists": True}})
    for town in sorted({document["_id"].split("/")[1] for document in documents}):
        await _resume_town(store, town, model)


async def _begin(store: Store, sources: Sequence[str], restored: Mapping[str, str]) -> None:
    """Set `rebuilding` in the marks, so that no event of these streams is applied by any process."""
    known = {document["_id"] for document in await store.find("sources", {"_id": {"$in": list(sources)}})}
    writes: list[mongo.WriteModel] = []
    for source in sources:
        begun = {"rebuilding": restored.get(source, "")}
        change: dict[str, Any] = {"$set": begun, "$inc": {"moves": 1}}
        if source not in known:
            change["$set"] = {**Mark().document(), **begun}
        writes.append(mongo.UpdateOne({"_id": source}, change, upsert=True))
    await mongo.bulk_write(store.database["sources"], writes)


async def _resume_town(store: Store, town: str, model: ReadModel) -> None:
    documents = await store.find("sources", {"_id": {"$in": model.sources(town)}})
    epochs = {document["_id"]: document.get("rebuilding", "") for document in documents}
    try:
        for source, epoch in epochs.items():
            first = await _first_undone(store, source, epoch)
            mark = await _note_handled(store, source, first)
            if epoch:
                await _keep_abandoned(store, source, mark, first)
            await _delete_keys(store, source, mark)
        await _delete_all(store, town, model)
        await _finish(store, town, model, epochs)
    except Superseded:
        log.info("rebuilt by another process", town=town)
        return
    log.info("read model emptied", town=town, streams=len(documents))


async def _first_undone(store: Store, source: str, epoch: str) -> int:
    """The first sequence at which the restored log may differ: that of the epoch, or of a conflicting event before it,
    where the source went on before its restore was announced. Without either it is beyond all."""
    twins = {"source": source, "conflicting": True, "reason": {"$ne": ABANDONED}}
    conflicting = await store.find("letters", twins)
    begins = first_of(epoch) if epoch else outbox.LAST
    return min([begins, *(int(letter["sequence"]) for letter in conflicting)])


async def _keep_abandoned(store: Store, source: str, mark: Mark, first: int) -> None:
    positions = outbox.positions(source, first, mark.seen)
    for key in await outbox.documents(store, "inbox", positions):
        if "body" in key and "parked" not in key:
            dead_letter = DeadLetter.from_event(
                Event.decode(key["body"]), reason=ABANDONED, handler="chain", now=store.clock.now()
            )
            await store.database["letters"].replace_one(
                {"_id": dead_letter.id}, dead_letter.document(), upsert=True
            )


async def _note_handled(store: Store, source: str, first: int) -> Mark:
    """Record to which events of the log as it is now the handlers reacted; return the mark, which is then empty. Once
    for each rebuild, because the dead letters, to which they did not, are deleted next: nothing is before that.
    Errors: Superseded where the rebuild has ended."""
    while True:
        rebuilding = {"_id": source, "rebuilding": {"$exists": True}}
        documents = await store.find("sources", rebuilding, limit=1)
        if not documents:
            raise Superseded(source)
        mark = Mark.load(documents[0])
        # After the mark, which is moved with each that is parked.
        letters = await store.find(
            "letters", {"source": source, "reason": {"$ne": ABANDONED}}, fields=("sequence",)
        )
        handled = mark.handled_below(first, [int(letter["sequence"]) for letter in letters])
        change = {"$set": {"handled": handled, "upto": 0, "early": []}, "$inc": {"moves": 1}}
        unmoved = mongo.UpdateOne({**rebuilding, "moves": mark.moves}, change)
        # A held event counts as seen, which writes the mark too.
        if await mongo.bulk_write(store.database["sources"], [unmoved]) == 1:
            return mark


async def _delete_keys(store: Store, source: str, mark: Mark) -> None:
    """All are received again, except those that a restore removed."""
    settled = {"source": source, "reason": {"$ne": ABANDONED}}
    # Their keys are not pruned with the others: one that stayed would make its event a duplicate.
    letters = await store.find("letters", settled, fields=("sequence",))
    parked = [outbox.position(source, int(letter["sequence"])) for letter in letters]
    positions = outbox.positions(source, mark.deleted + 1, mark.seen)
    await bulk.delete(store.database["inbox"], [*parked, *positions])
    await bulk.delete_all(store.database["letters"], settled)


async def _delete_all(store: Store, town: str, model: ReadModel) -> None:
    for collection in model.collections:
        await bulk.delete_all(store.database[collection.name], {"town": town})


async def _finish(store: Store, town: str, model: ReadModel, epochs: Mapping[str, str]) -> None:
    """Reset the marks and request all events, in one transaction. Errors: Superseded."""
    work = store.reading(town, f"service:{store.service}")
    for source in model.sources(town):
        work.announce("replay.requested.v1", f"stream{source}", {"source": source, "from": 1, "to": 0})

    async def begin_anew(session: mongo.Session | None) -> None:
        writes: list[mongo.WriteModel] = []
        for source in model.sources(town):
            mark = Mark(epoch=epochs.get(source, ""))
            change = {"$set": mark.document(), "$unset": {"rebuilding": ""}, "$inc": {"moves": 1}}
            writes.append(mongo.UpdateOne({"_id": source, "rebuilding": {"$exists": True}}, change))
        if await mongo.bulk_write(store.database["sources"], writes, session) != len(writes):
            raise Superseded("rebuilding")

    await store.commit(Unit([work], also=begin_anew))
