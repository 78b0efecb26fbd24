"""The operations every kind of record has, as routes."""

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
from shared.http.paging import Paging, behind, cursor_after, id_in
from shared.http.parsing import SAFE_INTEGER, patch_of
from shared.http.route import Roles, Route, route
from shared.http.shown import Shown, View
from shared.storage.work import Collection, Record, Work

R = TypeVar("R", bound=Record)
B = TypeVar("B", bound=BaseModel)
P = TypeVar("P", bound=BaseModel)
Create = Callable[[Work, B], Awaitable[R]]
Change = Callable[[Work, R, B], Awaitable[R]]


@dataclass(frozen=True)
class Filter:
    """A parameter of a list that is more than equality: its type, and what it means to the database."""

    type: Any
    where: Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Order(Generic[R]):
    """Another order of a list than that of entry, by the name that `?order=` asks for it.

    All records of the town are read for every page: for kinds of which a town has hundreds. A cursor goes on behind the
    record it names."""

    name: str
    sort: Callable[[Work, list[R]], Awaitable[list[R]]]


NO_FILTERS: Final[Mapping[str, Filter]] = {}
BATCH_MOST: Final = 2000
BATCH_LIMIT: Final = 8 * MEBIBYTE


@dataclass(frozen=True)
class Resource(Generic[R]):
    """One kind of record at its address `/towns/{town}/{name}`. Iterated over, its routes."""

    name: str
    collection: Collection[R]
    shown: Shown
    routes: tuple[Route, ...] = ()

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)

    @property
    def path(self) -> str:
        return f"/towns/{{town}}/{self.name}"

    def command(
        self, verb: str, body: type[B], handler: Change[R, B], *, write: Roles, label: str = ""
    ) -> Route:
        """POST `…/{id}:{verb}`, guarded by If-Match: `handler(work, record, body) -> record`."""

        async def handle(call: Call[Any, B]) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            return self.shown.reply(await handler(call.work, record, call.body), call.actor)

        return route(
            "POST", f"{self.path}/{{id}}:{verb}", roles=write, body=body, returns=self.shown.model, guarded=True,
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
    patch: type[P] | None = None,
    equals: Sequence[str] = (),
    filters: Mapping[str, Filter] = NO_FILTERS,
    order: Order[R] | None = None,
    batch: bool = True,
    label: str = "",
) -> Resource[R]:
    """POST, POST :batch, GET list, GET one and PATCH of records under `/towns/{town}/{name}`.

    `view`: a model made from the record, or `f(record, actor) -> Model`, annotated; default the record itself.
    `patch`: instead of `patch_of(body)`. `equals`: fields of the record that a list can be asked by, for equality.
    `filters`: what else a list can be asked, by the name of the parameter. `order`: in which other order.
    `label`: what such a record is called in Chinese, for the documentation.
    """
    kind = _Declaring(name, collection, Shown.of(collection.model, view), label=label or name)
    routes = (
        kind.create(body, create, write),
        *((kind.create_many(body, create, write),) if batch else ()),
        kind.listed(tuple(equals), filters, order, read),
        kind.one(read),
        kind.change(patch or patch_of(body), change, write),
    )
    return Resource(name, collection, kind.shown, routes)


@dataclass(frozen=True, kw_only=True)
class _Declaring(Resource[R]):
    """Each method makes one route."""

    label: str

    def create(self, body: type[B], create: Create[B, R], roles: Roles) -> Route:
        async def handle(call: Call[Any, B]) -> Reply[BaseModel]:
            return self.shown.reply(await create(call.work, call.body), call.actor)

        return route(
            "POST", self.path, roles=roles, body=body, status=201, returns=self.shown.model, name=f"create_{self.name}",
            tag=self.name, summary=f"登记（{self.label}）", problems=[Conflict],
        )(handle)  # fmt: skip

    def create_many(self, body: type[B], create: Create[B, R], roles: Roles) -> Route:
        many = create_model(
            f"{body.__name__}Batch",
            __config__=ConfigDict(extra="forbid"),
            items=(list[body], Field(min_length=1, max_length=BATCH_MOST)),  # type: ignore[valid-type]
        )
        answer = create_model(f"{self.shown.model.__name__}Batch", items=(list[self.shown.model], ...))  # type: ignore[name-defined]

        async def handle(call: Call[Any, Any]) -> BaseModel:
            records = []
            for index, item in enumerate(call.body.items):
                try:
                    records.append(await create(call.work, item))
                except Problem as problem:
                    raise problem.within(f"items.{index}") from None
            return answer.model_construct(items=[self.shown.make(record, call.actor) for record in records])

        return route(
            "POST", f"{self.path}:batch", roles=roles, body=many, status=201, returns=answer, limit=BATCH_LIMIT,
            name=f"create_{self.name}_batch", tag=self.name, summary=f"成批登记，全部成功或全部不成功（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip

    def listed(
        self,
        equals: tuple[str, ...],
        filters: Mapping[str, Filter],
        order: Order[R] | None,
        roles: Roles,
    ) -> Route:
        query = self._query(equals, filters, order)
        answer = create_model(
            f"{self.shown.model.__name__}Page",
            items=(list[self.shown.model], ...),  # type: ignore[name-defined]
            next_cursor=(str | None, Field(description="下一页的 cursor；空表示没有了")),
        )

        async def handle(call: Call[Any, Any]) -> BaseModel:
            wanted = call.query.model_dump(mode="json", include=set(equals), exclude_none=True)
            for name, filter in filters.items():
                if (asked := getattr(call.query, name)) is not None:
                    wanted |= filter.where(asked)
            after, limit = id_in(call.query.cursor), call.query.limit
            if order is not None and call.query.order is not None:
                everything = await order.sort(call.work, await call.work.find(self.collection, wanted))
                found = behind(everything, after)[: limit + 1]
            else:
                found = await call.work.page(self.collection, wanted, after=after, limit=limit + 1)
            return answer.model_construct(
                items=[self.shown.make(record, call.actor) for record in found[:limit]],
                next_cursor=cursor_after(found[limit - 1].id) if len(found) > limit else None,
            )

        return route(
            "GET", self.path, roles=roles, query=query, returns=answer, name=f"list_{self.name}", tag=self.name,
            summary=f"列表（{self.label}）",
        )(handle)  # fmt: skip

    def one(self, roles: Roles) -> Route:
        async def handle(call: Call) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            return self.shown.reply(record, call.actor)

        return route(
            "GET", f"{self.path}/{{id}}", roles=roles, returns=self.shown.model, name=f"get_{self.name}", tag=self.name,
            summary=f"查看（{self.label}）",
        )(handle)  # fmt: skip

    def change(self, patch: type[BaseModel], change: Change[R, P], roles: Roles) -> Route:
        async def handle(call: Call[Any, P]) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            if call.body.model_fields_set:
                record = await change(call.work, record, call.body)
            return self.shown.reply(record, call.actor)

        return route(
            "PATCH", f"{self.path}/{{id}}", roles=roles, body=patch, returns=self.shown.model,
            name=f"change_{self.name}", tag=self.name, summary=f"更正，只送要改的字段（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip

    def _query(
        self, equals: tuple[str, ...], filters: Mapping[str, Filter], order: Order[R] | None
    ) -> type[BaseModel]:
        fields: dict[str, Any] = {
            name: (_asked_by(self.collection.model.model_fields[name].annotation), None) for name in equals
        } | {name: (filter.type | None, None) for name, filter in filters.items()}
        if order is not None:
            fields["order"] = (Literal[order.name] | None, None)
        title = "".join(word.capitalize() for word in self.name.split("_"))
        query: type[BaseModel] = create_model(f"{title}Query", __base__=Paging, **fields)
        return query


def _asked_by(annotation: Any) -> Any:
    """The type of a filter: the field's own without null; of a list, its elements', since equality finds members."""
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    if get_origin(annotation) in (list, tuple, frozenset):
        return _asked_by(kinds[0])
    if len(kinds) == 1 and NoneType in get_args(annotation):
        return _asked_by(kinds[0])
    if annotation is int:
        return Annotated[int, Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER)] | None
    if annotation is str:
        return Annotated[str, Field(max_length=200)] | None
    return annotation | None
