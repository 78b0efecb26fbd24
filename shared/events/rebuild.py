"""Read models thrown away and made again from the logs of the services they came from, in steps that let others write.

The same brings a service up to date that came late: whoever knows nothing asks for everything. A rebuild that was
interrupted goes on: the marks of its streams say `rebuilding` until the last step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from shared.clock import Clock
from shared.envelope import GENESIS, Event, source_of
from shared.events.letter import DeadLetter
from shared.events.marks import UNKNOWN, Mark, first_of
from shared.events.sorting import ABANDONED
from shared.storage import mongo, outbox
from shared.storage.units import Superseded, Unit
from shared.storage.work import Collection, Reader, Work

DELETED_AT_ONCE: Final = 100

log = structlog.get_logger(__name__)


class Store(Reader, Protocol):
    """What a rebuild needs of a shared.storage.store.Store."""

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
    """`collections` hold what was made of the streams of the services `streams`, and nothing else."""

    streams: tuple[str, ...]
    collections: tuple[Collection[Any], ...]

    def sources(self, town: str) -> list[str]:
        return [source_of(town, service) for service in self.streams]


async def rebuild(
    store: Store, town: str, model: ReadModel, *, restored: Mapping[str, str] | None = None
) -> list[str]:
    """Empty the town's read model and ask for its streams again. Returns the sources asked.

    `restored`: sources that began a new epoch, with it. What is held here of the past it undid is kept among the dead
    letters: it may be the only copy.
    """
    await _begin(store, model.sources(town), restored or {})
    await _resume_town(store, town, model)
    return model.sources(town)


async def rewind(store: Store, source: str, epoch: str) -> None:
    """Forget what a restore of the source undid, where handlers react to its events instead of copying them: those
    before the epoch must not be handled twice."""
    (document,) = await store.find("sources", {"_id": source}, limit=1)
    mark, first = Mark.load(document), first_of(epoch)
    await _keep_abandoned(store, source, mark, epoch)
    undone = outbox.positions(source, first, mark.seen)
    for start in range(0, len(undone), outbox.PAGE):
        these = {"_id": {"$in": undone[start : start + outbox.PAGE]}}
        await store.database["inbox"].delete_many(these)
        await store.database["letters"].delete_many(these)
    last = await store.find("inbox", {"_id": outbox.position(source, first - 1)}, limit=1)
    hash = last[0]["hash"] if last else GENESIS if first == 1 else UNKNOWN
    begun = Mark(upto=first - 1, seen=first - 1, hash=hash, epoch=epoch, pruned=min(mark.pruned, first - 1))
    change = {"$set": begun.document(), "$inc": {"moves": 1}}
    await mongo.bulk_write(store.database["sources"], [mongo.UpdateOne({"_id": source}, change)])


async def resume(store: Store, model: ReadModel) -> None:
    """Go on with what an end of the process interrupted."""
    found = await store.find("sources", {"rebuilding": {"$exists": True}})
    for town in sorted({document["_id"].split("/")[1] for document in found}):
        await _resume_town(store, town, model)


async def _begin(store: Store, sources: Sequence[str], restored: Mapping[str, str]) -> None:
    """From here on nothing of these streams is applied: whoever moves a mark sees that it has moved."""
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
    found = await store.find("sources", {"_id": {"$in": model.sources(town)}})
    epochs = {document["_id"]: document.get("rebuilding", "") for document in found}
    for document in found:
        mark = Mark.load(document)
        if epoch := epochs[document["_id"]]:
            await _keep_abandoned(store, document["_id"], mark, epoch)
        await _delete_keys(store, document["_id"], mark)
    for collection in model.collections:
        await _delete_all(store, collection.name, {"town": town})
    await _finish(store, town, model, epochs)
    log.info("read model emptied", town=town, streams=len(found))


async def _keep_abandoned(store: Store, source: str, mark: Mark, epoch: str) -> None:
    positions = outbox.positions(source, first_of(epoch), mark.seen)
    for key in await outbox.documents(store, "inbox", positions):
        if "body" in key and "parked" not in key:
            letter = DeadLetter.from_event(
                Event.decode(key["body"]), reason=ABANDONED, handler="chain", now=store.clock.now()
            )
            await store.database["letters"].replace_one({"_id": letter.id}, letter.document(), upsert=True)


async def _delete_keys(store: Store, source: str, mark: Mark) -> None:
    positions = outbox.positions(source, mark.pruned + 1, mark.seen)
    for start in range(0, len(positions), outbox.PAGE):
        these = {"_id": {"$in": positions[start : start + outbox.PAGE]}}
        await store.database["inbox"].delete_many(these)
    # All of it comes again but what a restore has undone.
    settled = {"source": source, "reason": {"$ne": ABANDONED}}
    await store.database["letters"].delete_many(settled)


async def _delete_all(store: Store, collection: str, query: Mapping[str, Any]) -> None:
    while True:
        cursor = store.database[collection].find(query, {"_id": 1}, limit=DELETED_AT_ONCE)
        ids = [document["_id"] async for document in cursor]
        if not ids:
            return
        await store.database[collection].delete_many({"_id": {"$in": ids}})


async def _finish(store: Store, town: str, model: ReadModel, epochs: Mapping[str, str]) -> None:
    """The marks begin anew together with the requests for everything: both or neither."""
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

    try:
        await store.commit(Unit([work], also=begin_anew))
    except Superseded:
        log.info("rebuilt by another process", town=town)
