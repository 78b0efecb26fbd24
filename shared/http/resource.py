"""The operations every kind of record has, declared through `Api.route`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Generic,
    Literal,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, ConfigDict, Field, create_model

from shared.auth import Actor
from shared.errors import Conflict, Problem
from shared.http.call import Call, Reply
from shared.http.operation import MEBIBYTE
from shared.http.paging import Paging, behind, cursor_after, id_in
from shared.http.parsing import SAFE_INTEGER, patch_of
from shared.work import Collection, Record, Work

if TYPE_CHECKING:
    from shared.http.api import Api

R = TypeVar("R", bound=Record)
View = type[BaseModel] | Callable[..., BaseModel]
Create = Callable[[Work, Any], Awaitable[R]]
Change = Callable[[Work, R, Any], Awaitable[R]]


@dataclass(frozen=True)
class Question:
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


NO_QUESTIONS: Final[Mapping[str, Question]] = {}
BATCH_MOST: Final = 2000
BATCH_LIMIT: Final = 8 * MEBIBYTE


@dataclass(frozen=True)
class Shown:
    """How records of a kind are shown: as which model, and how it is made for a given caller."""

    model: type[BaseModel]
    make: Callable[[Any, Actor], BaseModel]

    @classmethod
    def of(cls, record: type[Record], view: View | None) -> Shown:
        if view is None:
            return cls(record, lambda shown, _: shown)
        if isinstance(view, type):
            model: type[BaseModel] = view
            return cls(model, lambda shown, _: model.model_validate(shown.model_dump()))
        declared = get_type_hints(view).get("return")
        if not (isinstance(declared, type) and issubclass(declared, BaseModel)):
            raise TypeError("a view says which model it returns")
        return cls(declared, view)

    def reply(self, record: Record, actor: Actor, *, status: int | None = None) -> Reply[BaseModel]:
        return Reply(self.make(record, actor), status=status, version=record.version)


@dataclass(frozen=True)
class Resource(Generic[R]):
    """One kind of record at its address; each method declares one operation."""

    api: Api
    name: str
    collection: Collection[R]
    shown: Shown
    label: str

    @property
    def path(self) -> str:
        return f"/towns/{{town}}/{self.name}"

    def create(self, body: type[BaseModel], create: Create[R], roles: frozenset[str]) -> None:
        async def handle(call: Call) -> Reply[BaseModel]:
            return self.shown.reply(await create(call.work, call.body), call.actor)

        self.api.route(
            "POST", self.path, roles=roles, body=body, status=201, returns=self.shown.model, name=f"create_{self.name}",
            tag=self.name, summary=f"登记（{self.label}）", problems=[Conflict],
        )(handle)  # fmt: skip

    def create_many(self, body: type[BaseModel], create: Create[R], roles: frozenset[str]) -> None:
        many = create_model(
            f"{body.__name__}Batch",
            __config__=ConfigDict(extra="forbid"),
            items=(list[body], Field(min_length=1, max_length=BATCH_MOST)),  # type: ignore[valid-type]
        )
        answer = create_model(f"{self.shown.model.__name__}Batch", items=(list[self.shown.model], ...))  # type: ignore[name-defined]

        async def handle(call: Call) -> BaseModel:
            records = []
            for index, item in enumerate(call.body.items):
                try:
                    records.append(await create(call.work, item))
                except Problem as problem:
                    raise problem.within(f"items.{index}") from None
            return answer.model_construct(items=[self.shown.make(record, call.actor) for record in records])

        self.api.route(
            "POST", f"{self.path}:batch", roles=roles, body=many, status=201, returns=answer, limit=BATCH_LIMIT,
            name=f"create_{self.name}_batch", tag=self.name, summary=f"成批登记，全部成功或全部不成功（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip

    def listed(
        self,
        filters: tuple[str, ...],
        questions: Mapping[str, Question],
        order: Order[R] | None,
        roles: frozenset[str],
    ) -> None:
        query = self._query(filters, questions, order)
        answer = create_model(
            f"{self.shown.model.__name__}Page",
            items=(list[self.shown.model], ...),  # type: ignore[name-defined]
            next_cursor=(str | None, Field(description="下一页的 cursor；空表示没有了")),
        )

        async def handle(call: Call) -> BaseModel:
            wanted = call.query.model_dump(mode="json", include=set(filters), exclude_none=True)
            for name, question in questions.items():
                if (asked := getattr(call.query, name)) is not None:
                    wanted |= question.where(asked)
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

        self.api.route(
            "GET", self.path, roles=roles, query=query, returns=answer, name=f"list_{self.name}", tag=self.name,
            summary=f"列表（{self.label}）",
        )(handle)  # fmt: skip

    def one(self, roles: frozenset[str]) -> None:
        async def handle(call: Call) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            return self.shown.reply(record, call.actor)

        self.api.route(
            "GET", f"{self.path}/{{id}}", roles=roles, returns=self.shown.model, name=f"get_{self.name}", tag=self.name,
            summary=f"查看（{self.label}）",
        )(handle)  # fmt: skip

    def change(
        self, body: type[BaseModel], patch: type[BaseModel] | None, change: Change[R], roles: frozenset[str]
    ) -> None:
        async def handle(call: Call) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            if call.body.model_fields_set:
                record = await change(call.work, record, call.body)
            return self.shown.reply(record, call.actor)

        self.api.route(
            "PATCH", f"{self.path}/{{id}}", roles=roles, body=patch or patch_of(body), returns=self.shown.model,
            name=f"change_{self.name}", tag=self.name, summary=f"更正，只送要改的字段（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip

    def command(
        self, verb: str, body: type[BaseModel], handler: Change[R], roles: frozenset[str], summary: str
    ) -> None:
        async def handle(call: Call) -> Reply[BaseModel]:
            record = await call.subject(self.collection)
            return self.shown.reply(await handler(call.work, record, call.body), call.actor)

        self.api.route(
            "POST", f"{self.path}/{{id}}:{verb}", roles=roles, body=body, returns=self.shown.model, guarded=True,
            name=f"{verb.replace('-', '_')}_{self.name}", tag=self.name, summary=summary or f"{verb}（{self.label}）",
            problems=[Conflict],
        )(handle)  # fmt: skip

    def _query(
        self, filters: tuple[str, ...], questions: Mapping[str, Question], order: Order[R] | None
    ) -> type[BaseModel]:
        fields: dict[str, Any] = {
            name: (_asked_by(self.collection.model.model_fields[name].annotation), None) for name in filters
        } | {name: (question.type | None, None) for name, question in questions.items()}
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
