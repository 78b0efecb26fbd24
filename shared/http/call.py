"""Argument and result of handlers: `Call`, `Upload`, `Reply`, and the store they need."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol

from aiohttp import web
from typing_extensions import TypeVar

from shared.clock import Clock
from shared.errors import NotFound
from shared.http.conditions import Condition
from shared.security.tokens import Actor
from shared.storage.idempotency import Answer, IdempotencyKey
from shared.storage.mongo import Database
from shared.storage.reader import Reader
from shared.storage.units import Trouble, Unit
from shared.storage.work import Collection, Record, Work

T = TypeVar("T")
R = TypeVar("R", bound=Record)
Query_co = TypeVar("Query_co", covariant=True, default=object)
Body_co = TypeVar("Body_co", covariant=True, default=object)


class Store(Reader, Protocol):
    """The part of shared.storage.store.Store that requests need.

    Records are read and written through a Work; `database` is for files, `commit` for what shares a transaction with a
    Work.
    """

    @property
    def service(self) -> str: ...

    @property
    def process(self) -> str: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def database(self) -> Database: ...

    @property
    def trouble(self) -> Trouble: ...

    def reading(self, town: str, actor: str) -> Work: ...

    async def commit(self, unit: Unit) -> None: ...

    async def execute(
        self, *, town: str, actor: str, run: Callable[[Work], Awaitable[T]], retry: bool = True
    ) -> T: ...

    async def execute_once(
        self,
        *,
        town: str,
        actor: str,
        run: Callable[[Work], Awaitable[T]],
        answer: Callable[[T], Answer],
        key: IdempotencyKey | None,
        traceparent: str | None = None,
    ) -> T | Answer: ...


@dataclass(frozen=True)
class Upload:
    """An uploaded file, sent as the raw body or as the only file of a form. Declare it by `body=Upload`."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Call(Generic[Query_co, Body_co]):
    """One validated request: `Call[Query, Body]` declares the models of its query string and its body. `Call` alone is
    a request that has neither or, in a function that handlers use, any request.

    `work` is committed after the handler has returned; on a GET, and where the route says `commits=False`, it is
    read-only. The handler runs again after a write conflict, so it must act through `work` alone.
    """

    work: Work
    actor: Actor
    path: Mapping[str, str]
    query: Query_co
    body: Body_co
    request: web.Request
    store: Store
    condition: Condition

    @property
    def town(self) -> str:
        return self.work.town

    async def subject(self, collection: Collection[R], name: str = "id") -> R:
        """The record named by the path. Errors: NotFound; Stale where If-Match names another version."""
        record = await self.work.require(collection, self.path[name])
        if record.town != self.work.town:
            raise NotFound(f"找不到编号为 {record.id} 的记录")
        self.condition.check(record.version)
        return record

    async def act(self, collection: Collection[R], record: R, run: Callable[[Work, str], Awaitable[T]]) -> T:
        """Commit a use case on a record that was found by its id, without a town in the path. Errors: NotFound; Stale
        where If-Match names another version than the record has then; those of `run`."""

        async def at_version(work: Work) -> T:
            self.condition.check((await work.require(collection, record.id)).version)
            return await run(work, record.id)

        return await self.store.execute(town=record.town, actor=self.actor.sub, run=at_version)

    def check_area(self, area: str) -> None:
        """For areas that are not in the path. Errors: NotFound outside the caller's own area."""
        if not self.actor.covers(area):
            raise NotFound


@dataclass(frozen=True)
class Reply(Generic[T]):
    """A response with a status, version or headers other than the route's defaults. `version` becomes the ETag."""

    body: T
    status: int | None = None
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
