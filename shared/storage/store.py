"""The committer: runs handlers and writes their units of work, many waiting ones in one transaction (group commit)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog

from shared.clock import Clock
from shared.errors import Stale, Unavailable
from shared.observability.tracing import step
from shared.storage import idempotency, mongo, outbox
from shared.storage.encryption import Vault
from shared.storage.idempotency import AlreadyAnswered, Answer, IdempotencyKey
from shared.storage.work import Collection, Work, Write

T = TypeVar("T")

log = structlog.get_logger(__name__)

GROUP_LIMIT: Final = 100
ATTEMPTS: Final = 32
POLL_SECONDS: Final = 0.25


class Superseded(Exception):
    """A document was no longer at the version the unit of work was made from."""


Also = Callable[[mongo.Session], Awaitable[None]]


@dataclass
class Unit:
    """What is committed together. `also` writes more in the same transaction, for the inbox."""

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


class Store:
    """One service's database. `service` is the last part of its streams' source."""

    def __init__(
        self,
        database: mongo.Database,
        *,
        service: str,
        collections: Sequence[Collection[Any]],
        clock: Clock,
        vault: Vault | None = None,
    ) -> None:
        self.database = database
        self.service = service
        self.clock = clock
        self.committed = asyncio.Event()
        """Set after each commit; the relay waits for it."""
        self.touched: set[str] = set()
        """Streams written to since the relay last asked."""
        self.vault = vault or Vault()
        self._answers = idempotency.Answers(database, self.vault)
        self._encrypted = {c.name: c for c in collections if c.encrypted}
        self._session: mongo.Session | None = None
        self._arrivals = asyncio.Condition()
        self._waiting: deque[Unit] = deque()
        self._committer: asyncio.Task[None] | None = None
        self._indexes = {
            mongo.IndexSpec(c.name, index.keys).name: index.duplicate
            for c in collections
            for index in c.indexes
            if index.unique
        }

    async def open(self) -> mongo.Session:
        """The one session all transactions run in, opened before the first so that others know whom to end."""
        if self._session is None:
            self._session = await mongo.open_session(self.database)
        return self._session

    @property
    def session_id(self) -> dict[str, Any] | None:
        """By which another process ends the session should this one be killed."""
        return mongo.name_of(self._session) if self._session is not None else None

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> list[dict[str, Any]]:
        cursor = self.database[collection].find(query, limit=limit)
        if sort:
            cursor = cursor.sort(list(sort))
        try:
            found = await cursor.to_list(None)
        except mongo.PASSING as error:
            raise _away(error) from error
        encrypting = self._encrypted.get(collection)
        return (
            found
            if encrypting is None
            else [self.vault.decrypt_document(encrypting, document) for document in found]
        )

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        deadline = asyncio.get_running_loop().time() + within
        while not await condition():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            async with self._arrivals:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, POLL_SECONDS)):
                        await self._arrivals.wait()
        return True

    def take_touched(self) -> frozenset[str]:
        touched, self.touched = frozenset(self.touched), set()
        return touched

    def reading(self, town: str, actor: str) -> Work:
        """A Work to read through; it is never committed."""
        return Work(town, actor, self.clock, self)

    async def execute(
        self, *, town: str, actor: str, run: Callable[[Work], Awaitable[T]], retry: bool = True
    ) -> T:
        """Run a use case and commit what it did.

        Another change in between makes `run` start again, or raises Stale when `retry` is false.
        """
        outcome = await self.execute_once(town=town, actor=actor, run=run, retry=retry)
        assert not isinstance(outcome, Answer), "only a key has an answer kept for it"
        return outcome

    async def execute_once(
        self,
        *,
        town: str,
        actor: str,
        run: Callable[[Work], Awaitable[T]],
        answer: Callable[[T], Answer] | None = None,
        key: IdempotencyKey | None = None,
        retry: bool = True,
        traceparent: str | None = None,
    ) -> T | Answer:
        """As `execute`, with its answer kept where `key` is given: a repeated key returns that Answer instead.

        Errors: Conflict when the key was used for a different request.
        """
        for _ in range(ATTEMPTS):
            if key is not None and (stored := await self._answered(key)) is not None:
                return stored
            work = Work(town, actor, self.clock, self, traceparent)
            result = await run(work)
            kept = [(key, answer(result))] if key is not None and answer is not None else []
            try:
                with step("commit"):
                    await self.commit(Unit([work], kept))
            except Superseded:
                if not retry:
                    raise Stale("这条记录刚被别人修改，请重新读取后再改") from None
            except AlreadyAnswered:
                continue
            else:
                return result
        raise Unavailable("同一记录被频繁修改，请稍后再试")

    async def commit(self, unit: Unit) -> None:
        """Write a unit whole or not at all. Raises Superseded, AlreadyAnswered, or the Problem a unique index names."""
        if unit.empty:
            return
        self._waiting.append(unit)
        if self._committer is None or self._committer.done():
            self._committer = asyncio.create_task(self._commit_waiting(), name=f"{self.service} committer")
        await asyncio.shield(unit.done)

    async def commit_work(self, work: Work) -> None:
        await self.commit(Unit([work]))

    async def close(self) -> None:
        """Wait until everything handed in is written."""
        if self._committer is not None:
            await self._committer
        if self._session is not None:
            await self._session.end_session()
            self._session = None

    async def _answered(self, key: IdempotencyKey) -> Answer | None:
        return self._answers.opened(key, await self.find(idempotency.NAME, {"_id": key.key}, limit=1))

    async def _commit_waiting(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP_LIMIT))]
            try:
                await self._commit_together(group)
            except Exception as error:
                if len(group) == 1:
                    _fail(group[0], error)
                else:
                    await self._commit_one_by_one(group)
            else:
                for unit in group:
                    _succeed(unit)
            self.committed.set()
            async with self._arrivals:
                self._arrivals.notify_all()

    async def _commit_one_by_one(self, group: Sequence[Unit]) -> None:
        """One unit of a group was refused; the others must not suffer for it."""
        for unit in group:
            try:
                await self._commit_together([unit])
            except Exception as error:
                _fail(unit, error)
            else:
                _succeed(unit)

    async def _commit_together(self, group: Sequence[Unit]) -> None:
        async def body(session: mongo.Session) -> None:
            works = [work for unit in group for work in unit.works]
            await self._answers.forget(set().union(*(work.forgotten for work in works)), session)
            for unit in group:
                await self._keep_answers(unit, session)
            await self._write(works, session)
            for unit in group:
                if unit.also is not None:
                    await unit.also(session)
            touched = await outbox.append(self.database, self.service, self.clock, works, session)
            self.touched |= touched

        try:
            await mongo.in_transaction(await self.open(), body)
        except mongo.DUPLICATE as error:
            raise self._duplicate(error) from error

    async def _write(self, works: Sequence[Work], session: mongo.Session) -> None:
        """Batches by collection: first the new documents, then the changed, then the projections."""
        by_collection: dict[str, list[Write]] = {}
        for work in works:
            for (name, _), write in work.writes.items():
                by_collection.setdefault(name, []).append(write)
        for name, writes in by_collection.items():
            new = [self._document(w) for w in writes if w.mode == "put" and w.base == 0]
            if new:
                await self.database[name].insert_many(new, session=session)
            changes = [self._guarded(write) for write in writes if write.mode != "project" and write.base > 0]
            if changes:
                result = await self.database[name].bulk_write(changes, session=session)
                if result.matched_count + result.deleted_count != len(changes):
                    raise Superseded(name)
            await self._project(name, [write for write in writes if write.mode == "project"], session)

    async def _project(self, name: str, projections: Sequence[Write], session: mongo.Session) -> None:
        """Projections: the newest of the batch, if newer than what is stored."""
        newest: dict[str, Write] = {}
        for write in projections:
            held = newest.get(write.record.id)
            if held is None or held.record.version < write.record.version:
                newest[write.record.id] = write
        if not newest:
            return
        cursor = self.database[name].find({"_id": {"$in": list(newest)}}, {"version": 1}, session=session)
        stored = {document["_id"]: document["version"] async for document in cursor}
        new = [self._document(w) for id, w in newest.items() if id not in stored]
        newer: list[mongo.WriteModel] = [
            mongo.ReplaceOne({"_id": id}, self._document(w))
            for id, w in newest.items()
            if id in stored and stored[id] < w.record.version
        ]
        if new:
            await self.database[name].insert_many(new, session=session)
        if newer:
            await self.database[name].bulk_write(newer, session=session)

    def _document(self, write: Write) -> dict[str, Any]:
        return self.vault.encrypt_document(write.collection, write.collection.store(write.record))

    def _guarded(self, write: Write) -> mongo.WriteModel:
        """Change, remove or lock a document only if it still is at the version it was read with."""
        seen = {"_id": write.record.id, "version": write.base}
        match write.mode:
            case "remove":
                return mongo.DeleteOne(seen)
            case "lock":  # a write, for only writes get in each other's way
                return mongo.UpdateOne(seen, {"$inc": {"held": 1}})
        return mongo.ReplaceOne(seen, self._document(write))

    async def _keep_answers(self, unit: Unit, session: mongo.Session) -> None:
        about = [id for work in unit.works for name, id in work.writes if name in self._encrypted]
        await self._answers.keep(unit.answers, about=about, at=self.clock.now(), session=session)

    def _duplicate(self, error: Exception) -> Exception:
        """The Problem that the violated index stands for, found by the index's name in the server's message."""
        message = mongo.duplicate_message(error)
        if ".answers" in message:
            return AlreadyAnswered()
        for name, problem in self._indexes.items():
            if name in message:
                return problem("已有相同的记录")
        return Superseded(message)


def _succeed(unit: Unit) -> None:
    if not unit.done.done():
        unit.done.set_result(None)


def _fail(unit: Unit, error: Exception) -> None:
    if not unit.done.done():
        trouble: Exception = error
        if mongo.is_passing(error):
            trouble = _away(error)
            trouble.__cause__ = error
        unit.done.set_exception(trouble)


def _away(error: Exception) -> Unavailable:
    log.warning("database away", reason=type(error).__name__)
    return Unavailable("数据库暂时不可用，请稍后再试")
