"""The standard routes of a kind of record: create, create in a batch, list, get, change, and commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from shared.errors import Conflict, Problem
from shared.http.call import Call, Reply
from shared.http.listing import Filter, Listing, Order, Words
from shared.http.operation import MEBIBYTE
from shared.http.parsing import patch_of
from shared.http.representation import Representation, View
from shared.http.route import Roles, Route, route
from shared.security.tokens import Actor
from shared.storage.work import Collection, Record, Work

R = TypeVar("R", bound=Record)
B = TypeVar("B", bound=BaseModel)
P = TypeVar("P", bound=BaseModel)
Create = Callable[[Work, B], Awaitable[R]]
Change = Callable[[Work, R, B], Awaitable[R]]
Check = Callable[[Call[Any, Any], R], Awaitable[None]]
Viewer = Callable[[Call[Any, Any]], Awaitable[Any]]
"""Makes what a view gets to know of the caller."""


BATCH_MOST: Final = 2000
BATCH_LIMIT: Final = 8 * MEBIBYTE


async def _actor(call: Call[Any, Any]) -> Actor:
    return call.actor


@dataclass(frozen=True)
class Resource(Generic[R]):
    """One kind of record under `/towns/{town}/{name}`. Iterating yields its routes."""

    name: str
    collection: Collection[R]
    output: Representation
    listing: Listing[R]
    routes: tuple[Route, ...] = ()
    viewer: Viewer = _actor

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)

    @property
    def path(self) -> str:
        return f"/towns/{{town}}/{self.name}"

    def command(
        self,
        verb: str,
        body: type[B],
        handler: Change[R, B],
        *,
        write: Roles,
        check: Check[R] | None = None,
        label: str = "",
    ) -> Route:
        """The route POST `…/{id}:{verb}`, guarded by If-Match; `handler(work, record, body) -> record`.

        `check(call, record)` refuses callers who have the role and may not do it to this record.
        """

        async def handle(call: Call[Any, B]) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            if check is not None:
                await check(call, record)
            return self.output.reply(await handler(call.work, record, call.body), await self.viewer(call))

        return route(
            "POST", f"{self.path}/{{id}}:{verb}", roles=write, body=body, returns=self.output.model, guarded=True,
            name=f"{verb.replace('-', '_')}_{self.name}", tag=self.name, summary=label or f"{verb}（{self.name}）",
            problems=[Conflict],
        )(handle)  # fmt: skip


def resource(
    name: str,
    collection: Collection[R],
    *,
    body: type[B],
    create: Create[B, R],
    change: Change[R, P],
    read: Roles,
    write: Roles,
    view: View | None = None,
    viewer: Viewer = _actor,
    patch: type[P] | None = None,
    asks: type[BaseModel] | None = None,
    equals: Sequence[str] = (),
    filters: Mapping[str, Filter] = {},
    order: Order[R] | None = None,
    day: str | None = None,
    words: Words[R] | None = None,
    words_of: Callable[[Work], Awaitable[Words[R]]] | None = None,
    batch: bool = True,
    label: str = "",
) -> Resource[R]:
    """The routes POST, POST :batch, GET (list), GET (single) and PATCH of records under `/towns/{town}/{name}`.

    `view`: a model built from the record, or `f(record, viewer) -> Model`, annotated; default the record itself.
    `viewer`: default the actor.
    `patch`: default `patch_of(body)`. `asks`: the query of GET (single). `equals`: fields of the record that a list can
    be filtered by. `filters`: other filters of the list, by parameter name. `order`: another order of the list. `day`:
    the field of the business day. `words`: the texts of a record that `q` searches; `words_of` makes them.
    `label`: the name of the kind of record in Chinese, for the documentation.
    """
    factory = _ResourceRoutes(
        name,
        collection,
        Representation.from_view(collection.model, view),
        Listing(collection, tuple(equals), filters, order, day, words, words_of),
        viewer=viewer,
        label=label or name,
    )
    routes = (
        factory.create(body, create, write),
        *((factory.create_many(body, create, write),) if batch else ()),
        factory.page(read),
        factory.get(read, asks),
        factory.change(patch or patch_of(body), change, write),
    )
    return Resource(name, collection, factory.output, factory.listing, routes, viewer)


@dataclass(frozen=True, kw_only=True)
class _ResourceRoutes(Resource[R]):
    """Builds the routes of a resource, one per method."""

    label: str

    def create(self, body: type[B], create: Create[B, R], roles: Roles) -> Route:
        async def handle(call: Call[Any, B]) -> Reply[BaseModel]:
            return self.output.reply(await create(call.work, call.body), await self.viewer(call))

        return route(
            "POST", self.path, roles=roles, body=body, status=201, returns=self.output.model,
            name=f"create_{self.name}", tag=self.name, summary=f"登记（{self.label}）", problems=[Conflict],
        )(handle)  # fmt: skip

    def create_many(self, body: type[B], create: Create[B, R], roles: Roles) -> Route:
        many = create_model(
            f"{body.__name__}Batch",
            __config__=ConfigDict(extra="forbid"),
            items=(list[body], Field(min_length=1, max_length=BATCH_MOST)),  # type: ignore[valid-type]
        )
        answer = create_model(f"{self.output.model.__name__}Batch", items=(list[self.output.model], ...))  # type: ignore[name-defined]

        async def handle(call: Call[Any, Any]) -> BaseModel:
            records = []
            for index, item in enumerate(call.body.items):
                try:
                    records.append(await create(call.work, item))
                except Problem as problem:
                    raise problem.within(f"items.{index}") from None
            viewer = await self.viewer(call)
            return answer.model_construct(items=[self.output.make(record, viewer) for record in records])

        return route(
            "POST", f"{self.path}:batch", roles=roles, body=many, status=201, returns=answer, limit=BATCH_LIMIT,
            name=f"create_{self.name}_batch", tag=self.name, summary=f"成批登记，全部成功或全部不成功（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip

    def page(self, roles: Roles) -> Route:
        answer = create_model(
            f"{self.output.model.__name__}Page",
            items=(list[self.output.model], ...),  # type: ignore[name-defined]
            next_cursor=(str | None, Field(description="下一页的 cursor；空表示没有了")),
            total=(int | None, Field(default=None, description="符合条件的总数；要了 total 才有")),
        )

        async def handle(call: Call[Any, Any]) -> BaseModel:
            page, viewer = await self.listing.page(call.work, call.query), await self.viewer(call)
            return answer.model_construct(
                items=[self.output.make(record, viewer) for record in page.records],
                next_cursor=page.next_cursor,
                total=page.total,
            )

        return route(
            "GET", self.path, roles=roles, query=self.listing.query(self.name), returns=answer,
            name=f"list_{self.name}", tag=self.name, summary=f"列表（{self.label}）",
        )(handle)  # fmt: skip

    def get(self, roles: Roles, asks: type[BaseModel] | None) -> Route:
        async def handle(call: Call[Any, None]) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            return self.output.reply(record, await self.viewer(call))

        return route(
            "GET", f"{self.path}/{{id}}", roles=roles, returns=self.output.model, name=f"get_{self.name}",
            tag=self.name, summary=f"查看（{self.label}）", query=asks, revalidated=True,
        )(handle)  # fmt: skip

    def change(self, patch: type[BaseModel], change: Change[R, P], roles: Roles) -> Route:
        async def handle(call: Call[Any, P]) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            if call.body.model_fields_set:
                record = await change(call.work, record, call.body)
            return self.output.reply(record, await self.viewer(call))

        return route(
            "PATCH", f"{self.path}/{{id}}", roles=roles, body=patch, returns=self.output.model,
            name=f"change_{self.name}", tag=self.name, summary=f"更正，只送要改的字段（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip
