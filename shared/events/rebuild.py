"""Rebuild of a read model from the logs of other services, in small steps that do not block other writes.

It also initialises a service that was added later. The marks of its streams are `rebuilding` until the last step, and
have the `claim` of the run that is at it: a later run takes the claim over, and an earlier one then deletes no more. A
run whose process ended, or that failed, is resumed by another. What handlers did beside copying stays done: the marks
say to which events they reacted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

import structlog

from shared.clock import Clock
from shared.envelope import GENESIS, Event, source_of
from shared.events.dead_letter import DeadLetter
from shared.events.marks import UNKNOWN, Mark, first_of
from shared.events.sorting import ABANDONED
from shared.ids import new_id
from shared.storage import bulk, mongo, outbox, presence
from shared.storage.reader import Reader
from shared.storage.units import Superseded, Unit
from shared.storage.work import Collection, Work

log = structlog.get_logger(__name__)

_running: Final = set[str]()
"""The claims of the runs of this process."""


class Store(Reader, Protocol):
    """The part of shared.storage.store.Store that a rebuild needs."""

    @property
    def service(self) -> str: ...

    @property
    def process(self) -> str: ...

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


@dataclass
class Run:
    """One run of a rebuild. `claim`: `{process}/{id}`."""

    store: Store
    town: str
    model: ReadModel
    claim: str = field(init=False)

    def __post_init__(self) -> None:
        self.claim = f"{self.store.process}/{new_id()}"

    @property
    def sources(self) -> list[str]:
        return self.model.sources(self.town)

    def claimed(self, source: str) -> dict[str, Any]:
        """The query of a mark for as long as this run may write it."""
        return {"_id": source, "claim": self.claim}

    async def mark(self, source: str) -> Mark:
        """Errors: Superseded where another run took the claim over."""
        documents = await self.store.find("sources", self.claimed(source), limit=1)
        if not documents:
            raise Superseded(self.claim)
        return Mark.load(documents[0])

    async def check(self) -> None:
        """Errors: Superseded as of `mark`."""
        # All marks are claimed in one transaction: one tells of all.
        await self.mark(self.sources[0])


async def rebuild(
    store: Store, town: str, model: ReadModel, *, restored: Mapping[str, str] | None = None
) -> list[str]:
    """Empty the town's read model and request its streams again; return their sources.

    `restored`: the new epoch of sources that were restored from a backup. Events that the restore removed are kept as
    dead letters, because they may be the only copy. Errors: Superseded where another run began at the same moment.
    """
    run = Run(store, town, model)
    await _execute(run, restored or {}, {})
    return run.sources


async def rewind(store: Store, source: str, epoch: str) -> None:
    """Drop the events that a restore of the source removed, where handlers react to events instead of copying them:
    those before must not be handled twice. Errors: Superseded where another process moved the mark."""
    (document,) = await store.find("sources", {"_id": source}, limit=1)
    mark = Mark.load(document)
    conflicting, _ = await _conflicting(store, source, mark)
    first = _first_undone(conflicting, epoch)
    await _keep_abandoned(store, source, mark, first)
    unmoved = {"_id": source, "moves": mark.moves}

    async def check() -> None:
        """What was received after another process followed the restore stays."""
        if not await store.find("sources", unmoved, limit=1):
            raise Superseded(source)

    undone = outbox.positions(source, first, mark.seen)
    for name in ("inbox", "letters"):
        await bulk.delete(store.database[name], undone, before=check)
    twins = {"source": source, "sequence": {"$gte": first}, "reason": {"$ne": ABANDONED}}
    await bulk.delete_all(store.database["letters"], twins, before=check)
    last = await store.find("inbox", {"_id": outbox.position(source, first - 1)}, limit=1)
    hash = last[0]["hash"] if last else GENESIS if first == 1 else UNKNOWN
    pruned, deleted = min(mark.pruned, first - 1), min(mark.deleted, first - 1)
    begun = Mark(upto=first - 1, seen=first - 1, hash=hash, epoch=epoch, pruned=pruned, deleted=deleted)
    change = {"$set": begun.document(), "$inc": {"moves": 1}}
    if await mongo.bulk_write(store.database["sources"], [mongo.UpdateOne(unmoved, change)]) != 1:
        raise Superseded(source)


async def resume(store: Store, model: ReadModel) -> None:
    """Resume rebuilds that nobody is at: their process ended, or the run failed. One of an earlier release has no
    claim."""
    claims: dict[str, dict[str, str | None]] = {}
    for document in await store.find("sources", {"rebuilding": {"$exists": True}}):
        town = document["_id"].split("/")[1]
        claims.setdefault(town, {})[document["_id"]] = document.get("claim")
    for town, claimed in sorted(claims.items()):
        if not await _is_any_running(store, {claim for claim in claimed.values() if claim}):
            try:
                await _execute(Run(store, town, model), {}, claimed)
            except Superseded:
                log.info("resumed by another process", town=town)


async def _is_any_running(store: Store, claims: set[str]) -> bool:
    elsewhere = {claim.split("/")[0] for claim in claims} - {store.process}
    return not claims.isdisjoint(_running) or bool(await presence.known(store, elsewhere))


async def _execute(run: Run, restored: Mapping[str, str], before: Mapping[str, str | None]) -> None:
    """Execute all steps. Errors: Superseded where it could not begin; one that is overtaken later just ends, as what is
    left is done by the other."""
    _running.add(run.claim)
    try:
        await run.store.commit(Unit([], also=partial(_begin, run, restored, before)))
        await _empty(run)
    finally:
        _running.discard(run.claim)


async def _begin(
    run: Run, restored: Mapping[str, str], before: Mapping[str, str | None], session: mongo.Session | None
) -> None:
    """Set `rebuilding` in the marks, so that no event of these streams is applied by any process, and the claim.

    `before`: claims that marks must still have. Errors: Superseded, Duplicated.
    """
    writes: list[mongo.WriteModel] = []
    for source in run.sources:
        query: dict[str, Any] = {"_id": source}
        if source in before:
            query |= {"rebuilding": {"$exists": True}, "claim": before[source]}
        change = {
            "$setOnInsert": Mark().document(),
            "$set": {"claim": run.claim},
            # A restore that is being followed stays so.
            "$max": {"rebuilding": restored.get(source, "")},
            "$inc": {"moves": 1},
        }
        writes.append(mongo.UpdateOne(query, change, upsert=source not in before))
    if await mongo.bulk_write(run.store.database["sources"], writes, session) != len(writes):
        raise Superseded(run.claim)


async def _empty(run: Run) -> None:
    documents = await run.store.find("sources", {"_id": {"$in": run.sources}})
    epochs = {document["_id"]: document.get("rebuilding", "") for document in documents}
    try:
        for source, epoch in epochs.items():
            first = await _settle_conflicts(run, source, epoch)
            mark = await _note_handled(run, source, first)
            if epoch:
                await _keep_abandoned(run.store, source, mark, first)
            await _delete_keys(run, source, mark)
        await _delete_all(run)
        await _finish(run, epochs)
    except Superseded:
        log.info("rebuilt by another run", town=run.town)
        return
    log.info("read model emptied", town=run.town, streams=len(documents))


async def _settle_conflicts(run: Run, source: str, epoch: str) -> int:
    """Delete the dead letters of foreign events, whose positions were handled; return the first sequence undone."""
    conflicting, foreign = await _conflicting(run.store, source, await run.mark(source))
    await bulk.delete(run.store.database["letters"], [letter.id for letter in foreign], before=run.check)
    return _first_undone(conflicting, epoch)


async def _conflicting(store: Store, source: str, mark: Mark) -> tuple[list[DeadLetter], list[DeadLetter]]:
    """The conflicting events of a stream: those that its log may have, and the foreign ones."""
    query = {"source": source, "conflicting": True, "reason": {"$ne": ABANDONED}}
    letters = [DeadLetter.load(document) for document in await store.find("letters", query)]
    foreign = [letter for letter in letters if letter.is_foreign(mark)]
    return [letter for letter in letters if letter not in foreign], foreign


def _first_undone(conflicting: Sequence[DeadLetter], epoch: str) -> int:
    """The first sequence at which the restored log may differ: that of the epoch, or of a conflicting event before it,
    where the source went on before its restore was announced. Without either it is beyond all."""
    begins = first_of(epoch) if epoch else outbox.LAST
    return min([begins, *(letter.sequence for letter in conflicting)])


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


async def _note_handled(run: Run, source: str, first: int) -> Mark:
    """Record to which events of the log as it is now the handlers reacted; return the mark, which is then empty. Once
    for each rebuild, because the dead letters, to which they did not, are deleted next: nothing is before that.
    Errors: Superseded."""
    while True:
        mark = await run.mark(source)
        # After the mark, which is moved with each that is parked.
        letters = await run.store.find(
            "letters", {"source": source, "reason": {"$ne": ABANDONED}}, fields=("sequence",)
        )
        handled = mark.handled_below(first, [int(letter["sequence"]) for letter in letters])
        change = {"$set": {"handled": handled, "upto": 0, "early": []}, "$inc": {"moves": 1}}
        unmoved = mongo.UpdateOne({**run.claimed(source), "moves": mark.moves}, change)
        # A held event counts as seen, which writes the mark too.
        if await mongo.bulk_write(run.store.database["sources"], [unmoved]) == 1:
            return mark


async def _delete_keys(run: Run, source: str, mark: Mark) -> None:
    """All are received again, except those that a restore removed. The keys of dropped events stay, by which they are
    not handled again."""
    settled = {"source": source, "reason": {"$ne": ABANDONED}}
    # Their keys are not pruned with the others: one that stayed would make its event a duplicate.
    letters = await run.store.find("letters", settled, fields=("sequence",))
    parked = [outbox.position(source, int(letter["sequence"])) for letter in letters]
    handled = await run.mark(source)
    dropped = {outbox.position(source, n) for n in handled.dropped if handled.was_handled(n, "")}
    positions = [p for p in outbox.positions(source, mark.deleted + 1, mark.seen) if p not in dropped]
    await bulk.delete(run.store.database["inbox"], [*parked, *positions], before=run.check)
    await bulk.delete_all(run.store.database["letters"], settled, before=run.check)


async def _delete_all(run: Run) -> None:
    for collection in run.model.collections:
        await bulk.delete_all(run.store.database[collection.name], {"town": run.town}, before=run.check)


async def _finish(run: Run, epochs: Mapping[str, str]) -> None:
    """Reset the marks and request all events, in one transaction. Errors: Superseded."""
    work = run.store.reading(run.town, f"service:{run.store.service}")
    for source in run.sources:
        work.announce("replay.requested.v1", f"stream{source}", {"source": source, "from": 1, "to": 0})

    async def begin_anew(session: mongo.Session | None) -> None:
        writes: list[mongo.WriteModel] = []
        for source in run.sources:
            mark = Mark(epoch=epochs.get(source, ""))
            finished = {"$unset": {"rebuilding": "", "claim": ""}, "$inc": {"moves": 1}}
            writes.append(mongo.UpdateOne(run.claimed(source), {"$set": mark.document(), **finished}))
        if await mongo.bulk_write(run.store.database["sources"], writes, session) != len(writes):
            raise Superseded(run.claim)

    await run.store.commit(Unit([work], also=begin_anew))
