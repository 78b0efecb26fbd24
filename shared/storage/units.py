"""Writing of units of work: a group of them in one transaction, or projections without a transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from shared.clock import Clock
from shared.errors import Problem, Unavailable
from shared.storage import bulk, mongo, outbox, transactions
from shared.storage.encryption import Vault
from shared.storage.idempotency import Answer, Answers, IdempotencyKey
from shared.storage.outbox import Appended, Head
from shared.storage.work import Work, Write

log = structlog.get_logger(__name__)


class Superseded(Exception):
    """A document is no longer at the version that the unit of work read."""


class DatabaseUnavailable(Unavailable):
    """The database did not respond in time, or its disk is full."""


DISK_FULL: Final = "磁盘已满，不能登记；请管理员腾出空间，之后自动恢复"


Also = Callable[[mongo.Session | None], Awaitable[None]]
"""Additional writes in the same transaction; the session is None after projections, which need no transaction."""


@dataclass
class Unit:
    """Works committed together. `also`: additional writes in the same transaction, for the inbox."""

    works: Sequence[Work]
    answers: Sequence[tuple[IdempotencyKey, Answer]] = ()
    also: Also | None = None
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def empty(self) -> bool:
        return (
            not self.answers
            and self.also is None
            and not any(work.writes or work.facts for work in self.works)
        )

    @property
    def overtaken(self) -> bool:
        """Whether a record that it writes was read at two versions: what was decided by the first is of no other."""
        writes = (write for work in self.works for write in work.writes.values() if write.mode != "project")
        return any(write.seen is not None and write.seen.version != write.base for write in writes)

    @property
    def alone(self) -> bool:
        """Whether the unit must not share a transaction: an inventory would count records of other units."""
        return outbox.takes_inventory(self.works)


@dataclass(frozen=True)
class Trouble:
    """Which errors are the database's rather than a unit's, and what callers are told of them.

    `supervised` says of a database that this process runs what is wrong with it, in Chinese; empty when it is well.
    """

    supervised: Callable[[], str] | None = None

    @property
    def known(self) -> str:
        return self.supervised() if self.supervised is not None else ""

    @property
    def needs(self) -> dict[str, bool]:
        """For readiness: room on the disk, where this process can tell."""
        return {} if self.supervised is None else {"disk": self.known != DISK_FULL}

    def check_room(self) -> None:
        """Errors: DatabaseUnavailable when the disk is full: a write without room makes the server stop for good."""
        if self.known == DISK_FULL:
            raise DatabaseUnavailable(DISK_FULL)

    def is_cause_of(self, error: BaseException | None) -> bool:
        if isinstance(error, DatabaseUnavailable | transactions.OutcomeUnknown):
            return True
        return isinstance(error, mongo.Failed) and (mongo.is_temporary(error) or bool(self.known))

    def as_problem(self, error: Exception) -> Exception:
        """The error as callers get it."""
        if isinstance(error, Problem) or not self.is_cause_of(error):
            return error
        log.warning("database unavailable", reason=error)
        unavailable = DatabaseUnavailable(self.known or "数据库暂时不可用，请稍后再试")
        unavailable.__cause__ = error
        return unavailable


@dataclass
class Writer:
    """Writes units to the database of a service."""

    database: mongo.Database
    service: str
    clock: Clock
    vault: Vault
    personal: frozenset[str]
    """Names of the collections whose records can be erased."""
    answers: Answers

    async def commit(
        self, session: mongo.Session, units: Sequence[Unit], known: Mapping[str, Head]
    ) -> Appended:
        """Write all units in one transaction. `known`: cached heads of streams.

        Errors: Superseded, mongo.Duplicated, outbox.HeadMoved, transactions.OutcomeUnknown.
        """
        works = [work for unit in units for work in unit.works]
        evidence: list[tuple[str, Mapping[str, Any]]] = []

        async def body(session: mongo.Session) -> Appended:
            evidence.clear()
            appended = await outbox.append(self.database, self.service, self.clock, works, session, known)
            await self.answers.forget(set().union(*(work.forgotten for work in works)), session)
            for unit in units:
                evidence.extend(await self._keep_answers(unit, session))
            evidence.extend(await self._write(works, session))
            for unit in units:
                if unit.also is not None:
                    await unit.also(session)
            evidence.extend(("outbox", documents[-1]) for documents in appended.documents.values())
            return appended

        async def committed() -> bool:
            """Whether the transaction took effect: it did if a document that only it can have written exists.

            A majority read could miss a commit that is in effect on the primary but not yet acknowledged by a majority.
            """
            if not evidence:
                return False
            name, document = evidence[-1]
            stored = await mongo.linearizable(self.database[name]).find_one({"_id": document["_id"]})
            return stored is not None and all(stored.get(key) == value for key, value in document.items())

        return await transactions.in_transaction(session, body, committed=committed)

    async def project(self, works: Sequence[Work]) -> None:
        """Write projections without a transaction: each is guarded by its version, so writing is idempotent.

        Collections are written concurrently, because each write waits for the journal.
        """
        await asyncio.gather(*(self._project_alone(name, w) for name, w in _by_collection(works).items()))

    async def _project_alone(self, name: str, writes: Sequence[Write]) -> None:
        newest = list(_newest(writes).values())
        first = [self._document(write) for write in newest if write.record.version == 1]
        if first:
            await mongo.insert_missing(self.database[name], first)
        await self._project_later(name, [write for write in newest if write.record.version != 1])

    async def _project_later(self, name: str, writes: Sequence[Write]) -> None:
        if not writes:
            return
        replacements = [
            mongo.ReplaceOne({**_place(w), "version": {"$lt": w.record.version}}, self._document(w))
            for w in writes
        ]
        if await mongo.bulk_write(self.database[name], replacements) == len(writes):
            return
        # Those not replaced are missing, or as new already. One that appears in between is older: once more.
        inserted = await mongo.insert_missing(self.database[name], [self._document(w) for w in writes])
        if inserted < len(writes):
            await mongo.bulk_write(self.database[name], replacements)

    async def _write(
        self, works: Sequence[Work], session: mongo.Session
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """Batches by collection: first the changed documents, which may make room in a unique index for the new ones,
        then the new ones, then the projections.

        Returns what can be looked up to tell whether the transaction took effect.
        """
        evidence: list[tuple[str, Mapping[str, Any]]] = []
        for name, writes in _by_collection(works).items():
            changing = [w for w in writes if w.mode != "project" and w.base > 0]
            changes = [self._guarded(w) async for w in bulk.with_pauses(changing)]
            if changes:
                models = [model for model, _ in changes]
                if await mongo.bulk_write(self.database[name], models, session) != len(changes):
                    raise Superseded(name)
                evidence += [(name, document) for _, document in changes if document is not None][-1:]
            created = [w for w in writes if w.mode == "put" and w.base == 0]
            new = [self._document(w) async for w in bulk.with_pauses(created)]
            if new:
                await mongo.insert(self.database[name], new, session)
                evidence.append((name, new[-1]))
            await self._project(name, _newest(w for w in writes if w.mode == "project"), session)
        return evidence

    async def _project(self, name: str, newest: Mapping[str, Write], session: mongo.Session) -> None:
        """Write projections in a transaction, where inserting an existing document would abort everything."""
        if not newest:
            return
        stored: dict[str, int] = {}
        for query in bulk.short({"_id": {"$in": list(newest)}}):
            cursor = self.database[name].find(query, {"version": 1}, session=session)
            stored |= {document["_id"]: document["version"] async for document in cursor}
        new = [self._document(w) for id, w in newest.items() if id not in stored]
        newer: list[mongo.WriteModel] = [
            mongo.ReplaceOne(_place(w), self._document(w))
            for id, w in newest.items()
            if id in stored and stored[id] < w.record.version
        ]
        if new:
            await mongo.insert(self.database[name], new, session)
        if newer:
            await mongo.bulk_write(self.database[name], newer, session)

    def _document(self, write: Write) -> dict[str, Any]:
        return self.vault.encrypt_document(write.collection, write.document)

    def _guarded(self, write: Write) -> tuple[mongo.WriteModel, mongo.Document | None]:
        """The write of a document on the condition that it is at the version read, without a lock taken since; and the
        document put there: encrypted once more it would be another."""
        seen: dict[str, Any] = {**_place(write), "version": write.base}
        if write.mode == "lock":  # a write, because only writes conflict
            return mongo.UpdateOne(seen, {"$inc": {"held": 1}}), None
        if write.seen is not None:
            seen["held"] = write.seen.locks or None  # none: there is no such field
        if write.mode == "remove":
            return mongo.DeleteOne(seen), None
        document = self._document(write)
        return mongo.ReplaceOne(seen, document), document

    async def _keep_answers(self, unit: Unit, session: mongo.Session) -> list[tuple[str, Mapping[str, Any]]]:
        about = [id for work in unit.works for name, id in work.writes if name in self.personal]
        return await self.answers.keep(unit.answers, about=about, at=self.clock.now(), session=session)


def _place(write: Write) -> dict[str, Any]:
    """Where the document of a write is: a sharded cluster asks the town's shard alone."""
    return {"_id": write.record.id, "town": write.record.town}


def _by_collection(works: Sequence[Work]) -> dict[str, list[Write]]:
    by_collection: dict[str, list[Write]] = {}
    for work in works:
        for (name, _), write in work.writes.items():
            by_collection.setdefault(name, []).append(write)
    return by_collection


def _newest(projections: Iterable[Write]) -> dict[str, Write]:
    """The write with the highest version of each record."""
    newest: dict[str, Write] = {}
    for write in projections:
        before = newest.get(write.record.id)
        if before is None or before.record.version < write.record.version:
            newest[write.record.id] = write
    return newest
