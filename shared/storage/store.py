"""The store of a service: runs use cases and commits their units of work, waiting ones in groups (group commit)."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

import structlog

from shared.clock import Clock
from shared.errors import Problem, Stale, Unavailable
from shared.ids import new_id
from shared.observability.tracing import step
from shared.storage import idempotency, mongo, transactions
from shared.storage.encryption import Vault
from shared.storage.idempotency import AlreadyAnswered, Answer, IdempotencyKey
from shared.storage.outbox import Appended, Head, HeadMoved
from shared.storage.reads import Reads
from shared.storage.units import Also, Superseded, Trouble, Unit, Writer
from shared.storage.work import Collection, Work

T = TypeVar("T")

log = structlog.get_logger(__name__)

GROUP_LIMIT: Final = 100
SMALL_GROUP: Final = 16
"""More units than these are committed in two groups: while one is, requests of the other are read and answered."""
ATTEMPTS: Final = 32
POLL_SECONDS: Final = 0.25
SHARED_SECONDS: Final = 60.0
"""How long no head is remembered after another process was seen to move one: a transaction built on a remembered head
that is stale fails with all its units, and to read the heads is one command."""
MAX_APPENDED: Final = 2_000
"""Events kept in memory for the relay; with more of them it reads from the log."""


class Store:
    """The database of a service. `service` is the last part of the source of its streams."""

    def __init__(
        self,
        database: mongo.Database,
        *,
        service: str,
        collections: Sequence[Collection[Any]],
        clock: Clock,
        vault: Vault | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        self.database = database
        self.trouble = trouble or Trouble()
        self.service = service
        self.process = new_id()
        """The id of this process among those of the service, under which it is present."""
        self.clock = clock
        self.committed = asyncio.Event()
        """Set after each commit; the relay waits for it."""
        self.commits = 0
        """How often this process has committed: what is noted before a read tells whether more came after it."""
        self.appended: dict[str, list[dict[str, Any]]] = {}
        """Documents appended to each stream since the last `take_appended`, in order."""
        self.replay_requested = True
        self.vault = vault or Vault()
        self._answers = idempotency.Answers(database, self.vault)
        self._reads = Reads(database, self.vault, collections, self.trouble)
        personal = frozenset(c.name for c in collections if c.personal)
        self._writer = Writer(database, service, clock, self.vault, personal, self._answers)
        self._session: mongo.Session | None = None
        self._arrivals = asyncio.Condition()
        self._waiting: deque[Unit] = deque()
        self._committer: asyncio.Task[None] | None = None
        self._heads: dict[str, Head] = {}
        self._shared_until = 0.0
        self._unique = {
            (c.name, tuple(key.lstrip("-") for key in index.keys)): index.duplicate
            for c in collections
            for index in c.indexes
            if index.unique
        }

    async def open(self) -> mongo.Session:
        """The session of all transactions, opened before the first so that its id can be published."""
        if self._session is None:
            self._session = await transactions.open_session(self.database)
        return self._session

    @property
    def session_id(self) -> dict[str, Any] | None:
        """The id by which another process ends the session if this one is killed."""
        return transactions.session_name(self._session) if self._session is not None else None

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        fields: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        return await self._reads.find(collection, query, sort, limit, fields)

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        deadline = asyncio.get_running_loop().time() + within
        while True:
            seen = self.commits
            if await condition():
                return True
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await self.next_commit(after=seen, within=min(left, POLL_SECONDS))

    async def next_commit(self, *, after: int, within: float) -> None:
        """Wait until this process has committed more often than `after` (see `commits`), for so many seconds."""
        async with self._arrivals:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._arrivals.wait_for(lambda: self.commits > after)

    def take_appended(self) -> dict[str, list[dict[str, Any]]]:
        """The documents appended to each stream since the last call; empty lists where there were too many."""
        appended, self.appended = self.appended, {}
        return appended

    def request_replay(self) -> None:
        """Notify the relay of a request to publish events again."""
        self.replay_requested = True
        self.committed.set()

    def reading(self, town: str, actor: str) -> Work:
        """A read-only Work, which is never committed."""
        return Work(town, actor, self.clock, self)

    async def execute(
        self, *, town: str, actor: str, run: Callable[[Work], Awaitable[T]], retry: bool = True
    ) -> T:
        """Run a use case and commit its work. After a conflicting change `run` is called again.

        Errors: Stale after a conflicting change where `retry` is false; Unavailable; what `run` raises.
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
        """As `execute`; with a `key` the response is stored, and a repeated key returns that Answer instead.

        Errors: also Conflict where the key was used for a different request.
        """
        self.trouble.check_room()
        for number in range(1, ATTEMPTS + 1):
            if key is not None and (stored := await self._answered(key)) is not None:
                return stored
            work = Work(town, actor, self.clock, self, traceparent)
            try:
                result = await run(work)
                kept = [(key, answer(result))] if key is not None and answer is not None else []
                with step("commit"):
                    await self.commit(Unit([work], kept))
            except Superseded:
                if not retry:
                    raise Stale("这条记录刚被别人修改，请重新读取后再改") from None
                await transactions.step_aside(number)
            except AlreadyAnswered:
                continue
            except Problem:
                # The first request with this key was committed meanwhile, and this one has met its effect.
                if key is not None and (stored := await self._answered(key)) is not None:
                    return stored
                raise
            else:
                return result
        raise Unavailable("同一记录被频繁修改，请稍后再试")

    async def commit(self, unit: Unit) -> None:
        """Write a unit atomically. Errors: Superseded, AlreadyAnswered, the Problem of a violated unique index."""
        if unit.empty:
            return
        if unit.overtaken:
            raise Superseded("read at two versions")
        self.trouble.check_room()
        self._waiting.append(unit)
        if self._committer is None or self._committer.done():
            self._committer = asyncio.create_task(self._commit_waiting(), name=f"{self.service} committer")
        await asyncio.shield(unit.done)

    async def commit_work(self, work: Work) -> None:
        await self.commit(Unit([work]))

    async def project(self, works: Sequence[Work], also: Also) -> None:
        """Write the works of event handlers, then `also`, which writes the inbox keys of the events.

        Projections alone are written without a transaction: if the process ends before `also`, the events are
        redelivered and change nothing. Anything else is committed as a unit.
        """
        if not all(work.only_copies for work in works):
            await self.commit(Unit(works, also=also))
            return
        self.trouble.check_room()
        try:
            await self._writer.project(works)
            await also(None)
        except mongo.Duplicated as error:
            raise self._duplicate(error) from error
        await self._tell_waiting()

    async def close(self) -> None:
        """Wait until all pending units are written, then end the session."""
        if self._committer is not None:
            await self._committer
        if self._session is not None:
            await self._session.end_session()
            self._session = None

    async def _answered(self, key: IdempotencyKey) -> Answer | None:
        return self._answers.load(key, await self.find(idempotency.NAME, {"_id": key.key}, limit=1))

    async def _commit_waiting(self) -> None:
        while self._waiting:
            group = self._next_group()
            await self._commit_group(group)
            await self._tell_waiting()

    async def _tell_waiting(self) -> None:
        async with self._arrivals:
            self.commits += 1
            self._arrivals.notify_all()

    def _next_group(self) -> list[Unit]:
        limit = min(max(SMALL_GROUP, len(self._waiting) // 2), GROUP_LIMIT)
        group = [self._waiting.popleft()]
        while self._waiting and not group[0].alone and not self._waiting[0].alone and len(group) < limit:
            group.append(self._waiting.popleft())
        return group

    async def _commit_group(self, group: Sequence[Unit]) -> None:
        """Commit units in one transaction, or one by one if that fails, so that only the failing unit is affected. An
        unavailable database fails all of them."""
        try:
            await self._commit_together(group)
        except Exception as error:
            if len(group) == 1 or self.trouble.is_cause_of(error):
                for unit in group:
                    _fail(unit, self.trouble.as_problem(error))
                return
            for index, unit in enumerate(group):
                await self._commit_group([unit])
                cause = unit.done.exception() if unit.done.done() and not unit.done.cancelled() else None
                if isinstance(cause, Exception) and self.trouble.is_cause_of(cause):
                    for waiting in group[index + 1 :]:
                        _fail(waiting, cause)
                    return
        else:
            for unit in group:
                _succeed(unit)

    async def _commit_together(self, group: Sequence[Unit]) -> None:
        for _ in range(ATTEMPTS):
            try:
                appended = await self._writer.commit(await self.open(), group, self._heads)
            except HeadMoved:
                self._heads.clear()
                self._shared_until = time.monotonic() + SHARED_SECONDS
            except mongo.Duplicated as error:
                raise self._duplicate(error) from error
            else:
                self._hand_over(appended)
                return
        raise Unavailable("本镇的登记过于频繁，请稍后再试")

    def _hand_over(self, appended: Appended) -> None:
        """Keep appended documents for the relay, which then need not read them."""
        if not appended.heads:
            return
        if time.monotonic() >= self._shared_until:
            self._heads |= appended.heads
        for source, documents in appended.documents.items():
            self.appended.setdefault(source, []).extend(documents)
        if sum(map(len, self.appended.values())) > MAX_APPENDED:
            self.appended = {source: [] for source in self.appended}
        self.committed.set()

    def _duplicate(self, error: mongo.Duplicated) -> Exception:
        """The exception for a violated unique index."""
        if error.collection == idempotency.NAME:
            return AlreadyAnswered()
        problem = self._unique.get((error.collection, error.keys))
        return Superseded(str(error)) if problem is None else problem("已有相同的记录")


def _succeed(unit: Unit) -> None:
    if not unit.done.done():
        unit.done.set_result(None)


def _fail(unit: Unit, error: Exception) -> None:
    if not unit.done.done():
        unit.done.set_exception(error)
