"""The store of one service: runs use cases and commits their units of work, waiting ones together (group commit)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

import structlog

from shared.clock import Clock
from shared.errors import Problem, Stale, Unavailable
from shared.observability.tracing import step
from shared.storage import idempotency, mongo
from shared.storage.encryption import Vault
from shared.storage.idempotency import AlreadyAnswered, Answer, IdempotencyKey
from shared.storage.outbox import Appended, Head, HeadMoved
from shared.storage.units import Also, DatabaseAway, Superseded, Unit, Writer
from shared.storage.work import Collection, Work

T = TypeVar("T")

log = structlog.get_logger(__name__)

GROUP_LIMIT: Final = 100
ATTEMPTS: Final = 32
POLL_SECONDS: Final = 0.25
HANDED_OVER: Final = 2_000
"""Events kept in memory for the relay; what is beyond it reads from the log."""


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
        self.appended: dict[str, list[dict[str, Any]]] = {}
        """Documents added to each stream since the relay last asked, in order; see `take_appended`."""
        self.replay_requested = True
        self.vault = vault or Vault()
        self._answers = idempotency.Answers(database, self.vault)
        self._encrypted = {c.name: c for c in collections if c.encrypted}
        self._writer = Writer(database, service, clock, self.vault, frozenset(self._encrypted), self._answers)
        self._session: mongo.Session | None = None
        self._arrivals = asyncio.Condition()
        self._waiting: deque[Unit] = deque()
        self._committer: asyncio.Task[None] | None = None
        self._heads: dict[str, Head] = {}
        self._unique = {
            (c.name, tuple(key.lstrip("-") for key in index.keys)): index.duplicate
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
        encrypted = self._encrypted.get(collection)
        if encrypted is None:
            return found
        return [self.vault.decrypt_document(encrypted, document) for document in found]

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

    def take_appended(self) -> dict[str, list[dict[str, Any]]]:
        """Streams appended to since the last call, with what was appended; empty lists where that was too much."""
        appended, self.appended = self.appended, {}
        return appended

    def request_replay(self) -> None:
        """Tell the relay that events were asked for again."""
        self.replay_requested = True
        self.committed.set()

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

    async def project(self, works: Sequence[Work], also: Also) -> None:
        """Write what handlers made of events, then `also`, which keeps their inbox keys.

        Projections alone are written without a transaction: should the process end before `also`, the events come
        again and change nothing. Anything else is committed as a unit.
        """
        only = all(write.mode == "project" for work in works for write in work.writes.values())
        if not only or any(work.facts for work in works):
            await self.commit(Unit(works, also=also))
            return
        try:
            await self._writer.project(works)
            await also(None)
        except mongo.Duplicated as error:
            raise self._duplicate(error) from error
        async with self._arrivals:
            self._arrivals.notify_all()

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
            group = self._next_group()
            await self._commit_group(group)
            async with self._arrivals:
                self._arrivals.notify_all()

    def _next_group(self) -> list[Unit]:
        group = [self._waiting.popleft()]
        while (
            self._waiting and not group[0].alone and not self._waiting[0].alone and len(group) < GROUP_LIMIT
        ):
            group.append(self._waiting.popleft())
        return group

    async def _commit_group(self, group: Sequence[Unit]) -> None:
        """Together, or one by one where one of them was refused: the others must not suffer for it. A database that
        is away is the trouble of all."""
        try:
            await self._commit_together(group)
        except Exception as error:
            if len(group) == 1 or _is_away(error):
                for unit in group:
                    _fail(unit, error)
                return
            for index, unit in enumerate(group):
                await self._commit_group([unit])
                if unit.done.done() and not unit.done.cancelled() and _is_away(unit.done.exception()):
                    for waiting in group[index + 1 :]:
                        _fail(waiting, error)
                    return
        else:
            for unit in group:
                _succeed(unit)

    async def _commit_together(self, group: Sequence[Unit]) -> None:
        for _ in range(ATTEMPTS):
            try:
                appended = await self._writer.commit(await self.open(), group, self._heads)
            except HeadMoved as moved:
                for source in moved.sources:
                    self._heads.pop(source, None)
            except mongo.Duplicated as error:
                raise self._duplicate(error) from error
            else:
                self._hand_over(appended)
                return
        raise Unavailable("本镇的登记过于频繁，请稍后再试")

    def _hand_over(self, appended: Appended) -> None:
        """To the relay, so that it need not read what was just written."""
        if not appended.heads:
            return
        self._heads |= appended.heads
        for source, documents in appended.documents.items():
            self.appended.setdefault(source, []).extend(documents)
        if sum(map(len, self.appended.values())) > HANDED_OVER:
            self.appended = {source: [] for source in self.appended}
        self.committed.set()

    def _duplicate(self, error: mongo.Duplicated) -> Exception:
        """The Problem that the violated index stands for."""
        if error.collection == idempotency.NAME:
            return AlreadyAnswered()
        problem = self._unique.get((error.collection, error.keys))
        return Superseded(str(error)) if problem is None else problem("已有相同的记录")


def _succeed(unit: Unit) -> None:
    if not unit.done.done():
        unit.done.set_result(None)


def _fail(unit: Unit, error: Exception) -> None:
    if unit.done.done():
        return
    trouble: Exception = error
    if _is_away(error) and not isinstance(error, Problem):
        trouble = _away(error)
        trouble.__cause__ = error
    unit.done.set_exception(trouble)


def _is_away(error: BaseException | None) -> bool:
    """Whether the database, not the unit, is the trouble."""
    return isinstance(error, DatabaseAway | mongo.OutcomeUnknown) or (
        error is not None and mongo.is_passing(error)
    )


def _away(error: Exception) -> DatabaseAway:
    log.warning("database away", reason=type(error).__name__)
    return DatabaseAway("数据库暂时不可用，请稍后再试")
