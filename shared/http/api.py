"""The declaration of a service's HTTP interface: what `routes.py` writes and everything else is derived from."""

import inspect
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from shared.errors import Problem
from shared.http.call import Reply
from shared.http.operation import MEBIBYTE, WRITING, Handler, Operation, role_set
from shared.http.resource import Resource, Shown, View
from shared.work import Collection as Records
from shared.work import Record, Work

H = TypeVar("H", bound=Handler)
R = TypeVar("R", bound=Record)

Roles = Collection[str] | str


class Api:
    """Operations of one service under `/{service}/v1`, in the order they were declared."""

    def __init__(self, service: str, *, title: str = "", version: str = "1.0.0") -> None:
        self.service, self.title, self.version = service, title or service, version
        self.operations: list[Operation] = []
        self._shown: dict[str, Shown] = {}

    def route(
        self,
        method: str,
        path: str,
        *,
        roles: Roles,
        query: type[BaseModel] | None = None,
        body: type[Any] | None = None,
        status: int = 200,
        returns: Any = None,
        name: str = "",
        tag: str = "",
        summary: str = "",
        root: bool = False,
        produces: Sequence[str] = (),
        accepts: Sequence[str] = (),
        limit: int = MEBIBYTE,
        commits: bool | None = None,
        guarded: bool | None = None,
        versioned: bool = True,
        quiet: bool = False,
        problems: Sequence[type[Problem]] = (),
    ) -> Callable[[H], H]:
        """Declare a free form operation: `async def handler(call: Call) -> Model | Reply[Model] | web.StreamResponse`.

        `root`: the path is whole instead of standing under `/{service}/v1`.
        `returns` instead of the return annotation; `produces` the content types of a StreamResponse.
        `commits=False`: a writing method that writes through `call.store` itself, or not at all.
        `guarded`: If-Match is read; the handler checks it by `call.subject` or `call.condition`. Default: PUT, PATCH.
        `quiet`: kept out of logs and traces. `limit`: of the body, in bytes. `accepts`: content types of an Upload.
        """

        def declare(handler: H) -> H:
            operation = Operation(
                service=self.service,
                method=method,
                path=path if root else f"/{self.service}/v1{path}",
                name=name or getattr(handler, "__name__", "operation"),
                handler=handler,
                roles=role_set(roles),
                tag=tag or _tag_of(path) or self.service,
                summary=summary or (inspect.getdoc(handler) or "").partition("\n")[0],
                status=status,
                query=query,
                body=body,
                result=_result(handler, returns),
                produces=tuple(produces),
                accepts=tuple(accepts),
                limit=limit,
                commits=method in WRITING if commits is None else commits,
                guarded=method in ("PUT", "PATCH") if guarded is None else guarded,
                versioned=versioned,
                quiet=quiet,
                problems=tuple(problems),
            )
            self._add(operation)
            return handler

        return declare

    def resource(
        self,
        name: str,
        collection: Records[R],
        *,
        body: type[BaseModel],
        create: Callable[[Work, Any], Awaitable[R]],
        change: Callable[[Work, R, Any], Awaitable[R]],
        read: Roles,
        write: Roles,
        view: View | None = None,
        patch: type[BaseModel] | None = None,
        filters: Sequence[str] = (),
        batch: bool = True,
        label: str = "",
    ) -> None:
        """POST, POST :batch, GET list, GET one and PATCH of records under `/towns/{town}/{name}`.

        `view`: a model made from the record, or `f(record, actor) -> Model`, annotated; default the record itself.
        `patch`: instead of `patch_of(body)`. `filters`: fields of the record that a list can be asked by, for equality.
        `label`: what such a record is called in Chinese, for the documentation.
        """
        shown = self._shown[name] = Shown.of(collection.model, view)
        kind = Resource(self, name, collection, shown, label or name)
        kind.create(body, create, role_set(write))
        if batch:
            kind.create_many(body, create, role_set(write))
        kind.listed(tuple(filters), role_set(read))
        kind.one(role_set(read))
        kind.change(body, patch, change, role_set(write))

    def command(
        self,
        name: str,
        collection: Records[R],
        verb: str,
        body: type[BaseModel],
        handler: Callable[[Work, R, Any], Awaitable[R]],
        *,
        write: Roles,
        view: View | None = None,
        label: str = "",
    ) -> None:
        """POST `/towns/{town}/{name}/{id}:{verb}`, guarded by If-Match; `handler(work, record, body) -> record`.

        Shown as the resource of the same name is, unless `view` says otherwise.
        """
        inherited = self._shown.get(name) if view is None else None
        shown = inherited or Shown.of(collection.model, view)
        Resource(self, name, collection, shown, label or name).command(
            verb, body, handler, role_set(write), label
        )

    def _add(self, operation: Operation) -> None:
        for other in self.operations:
            if other.name == operation.name:
                raise ValueError(f"two operations are called {operation.name}: give one of them a name")
            if (other.method, other.path) == (operation.method, operation.path):
                raise ValueError(f"{operation.method} {operation.path} is declared twice")
        self.operations.append(operation)


def _tag_of(path: str) -> str:
    """The first fixed word of a path that is not a container: `years` of `/towns/{town}/years/{year}/closings`."""
    words = [word.partition(":")[0] for word in path.split("/") if word and not word.startswith("{")]
    return next((word for word in words if word != "towns"), words[0] if words else "")


def _result(handler: Handler, returns: Any) -> TypeAdapter[Any] | None:
    """The model an operation answers with, from `returns` or the handler's annotation; None for files and nothing."""
    annotation = returns if returns is not None else get_type_hints(handler).get("return")
    if get_origin(annotation) is Reply:
        annotation = get_args(annotation)[0]
    if annotation is None or annotation is type(None):
        return None
    if isinstance(annotation, type) and issubclass(annotation, web.StreamResponse):
        return None
    return TypeAdapter(annotation)


def permissions(apis: Iterable[Api]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """(method, path, summary, roles) of every operation: the permission page of the documentation."""
    return [(o.method, o.path, o.summary, tuple(sorted(o.roles))) for api in apis for o in api.operations]
