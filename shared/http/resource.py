"""The standard routes of a kind of record: create, create in a batch, list, get, change, and commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import (
    Annotated,
    Any,
    Final,
    Generic,
    Literal,
    TypeVar,
    get_args,
    get_origin,
)

from pydantic import BaseModel, ConfigDict, Field, create_model

from shared.errors import Conflict, Problem
from shared.http.call import Call, Reply
from shared.http.operation import MEBIBYTE
from shared.http.paging import Paging, cursor_after, following, id_from_cursor
from shared.http.parsing import SAFE_INTEGER, patch_of
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


@dataclass(frozen=True)
class Filter:
    """A list parameter that is not simple equality: its type, and the MongoDB filter it stands for."""

    type: Any
    where: Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Order(Generic[R]):
    """An order of a list other than by id, requested as `?order={name}`.

    Every page reads all records of the town, so it is for kinds of which a town has hundreds.
    """

    name: str
    sort: Callable[[Work, list[R]], Awaitable[list[R]]]


NO_FILTERS: Final[Mapping[str, Filter]] = {}
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
    equals: Sequence[str] = (),
    filters: Mapping[str, Filter] = NO_FILTERS,
    order: Order[R] | None = None,
    batch: bool = True,
    label: str = "",
) -> Resource[R]:
    """The routes POST, POST :batch, GET (list), GET (single) and PATCH of records under `/towns/{town}/{name}`.

    `view`: a model built from the record, or `f(record, viewer) -> Model`, annotated; default the record itself.
    `viewer`: default the actor.
    `patch`: default `patch_of(body)`. `equals`: fields of the record that a list can be filtered by.
    `filters`: other filters of the list, by parameter name. `order`: another order of the list.
    `label`: the name of the kind of record in Chinese, for the documentation.
    """
    factory = _ResourceRoutes(
        name,
        collection,
        Representation.from_view(collection.model, view),
        viewer=viewer,
        label=label or name,
    )
    routes = (
        factory.create(body, create, write),
        *((factory.create_many(body, create, write),) if batch else ()),
        factory.page(tuple(equals), filters, order, read),
        factory.get(read),
        factory.change(patch or patch_of(body), change, write),
    )
    return Resource(name, collection, factory.output, routes, viewer)


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

    def page(
        self,
        equals: tuple[str, ...],
        filters: Mapping[str, Filter],
        order: Order[R] | None,
        roles: Roles,
    ) -> Route:
        query = self._query(equals, filters, order)
        answer = create_model(
            f"{self.output.model.__name__}Page",
            items=(list[self.output.model], ...),  # type: ignore[name-defined]
            next_cursor=(str | None, Field(description="下一页的 cursor；空表示没有了")),
        )

        async def handle(call: Call[Any, Any]) -> BaseModel:
            criteria = call.query.model_dump(mode="json", include=set(equals), exclude_none=True)
            for name, filter in filters.items():
                if (value := getattr(call.query, name)) is not None:
                    criteria |= filter.where(value)
            after, limit = id_from_cursor(call.query.cursor), call.query.limit
            if order is not None and call.query.order is not None:
                sorted_records = await order.sort(call.work, await call.work.find(self.collection, criteria))
                records = following(sorted_records, after)[: limit + 1]
            else:
                records = await call.work.page(self.collection, criteria, after=after, limit=limit + 1)
            viewer = await self.viewer(call)
            return answer.model_construct(
                items=[self.output.make(record, viewer) for record in records[:limit]],
                next_cursor=cursor_after(records[limit - 1].id) if len(records) > limit else None,
            )

        return route(
            "GET", self.path, roles=roles, query=query, returns=answer, name=f"list_{self.name}", tag=self.name,
            summary=f"列表（{self.label}）",
        )(handle)  # fmt: skip

    def get(self, roles: Roles) -> Route:
        async def handle(call: Call) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            return self.output.reply(record, await self.viewer(call))

        return route(
            "GET", f"{self.path}/{{id}}", roles=roles, returns=self.output.model, name=f"get_{self.name}",
            tag=self.name, summary=f"查看（{self.label}）",
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

    def _query(
        self, equals: tuple[str, ...], filters: Mapping[str, Filter], order: Order[R] | None
    ) -> type[BaseModel]:
        fields: dict[str, Any] = {
            name: (_filter_type(self.collection.model.model_fields[name].annotation), None) for name in equals
        } | {name: (filter.type | None, None) for name, filter in filters.items()}
        if order is not None:
            fields["order"] = (Literal[order.name] | None, None)
        title = "".join(word.capitalize() for word in self.name.split("_"))
        query: type[BaseModel] = create_model(f"{title}Query", __base__=Paging, **fields)
        return query


def _filter_type(annotation: Any) -> Any:
    """The type of an equality filter: the field's type without null; for a list its element type, as MongoDB compares
    members."""
    types = [kind for kind in get_args(annotation) if kind is not NoneType]
    if get_origin(annotation) in (list, tuple, frozenset):
        return _filter_type(types[0])
    if len(types) == 1 and NoneType in get_args(annotation):
        return _filter_type(types[0])
    if annotation is int:
        return Annotated[int, Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER)] | None
    if annotation is str:
        return Annotated[str, Field(max_length=200)] | None
    return annotation | None
