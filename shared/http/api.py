"""The declaration of a service's HTTP interface: what `routes.py` writes and everything else is derived from."""

import inspect
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypedDict, TypeVar, Unpack, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from shared.errors import Problem
from shared.http.call import Reply
from shared.http.operation import WRITING, Handler, Operation, role_set
from shared.http.shown import Shown
from shared.storage.work import Record

H = TypeVar("H", bound=Handler)
R = TypeVar("R", bound=Record)

Roles = Collection[str] | str


class Options(TypedDict, total=False):
    """What else a route may say of itself; each has the name and the default of a field of Operation."""

    query: type[BaseModel]
    body: type[Any]
    """A model, or Upload."""
    status: int
    tag: str
    summary: str
    """In Chinese; default the first line of the handler's docstring."""
    produces: Sequence[str]
    """Content types of a StreamResponse."""
    accepts: Sequence[str]
    """Content types of an Upload."""
    limit: int
    """Of the body, in bytes."""
    commits: bool
    """False: a writing method that writes through `call.store` itself, or not at all."""
    guarded: bool
    """If-Match is read; the handler checks it by `call.subject` or `call.condition`. Default: on PUT and PATCH."""
    versioned: bool
    """False: the answer's `version` is no ETag."""
    quiet: bool
    """Kept out of logs and traces."""
    problems: Sequence[type[Problem]]
    """Refusals of its own, for the documentation."""


class Api:
    """Operations of one service under `/{service}/v1`, in the order they were declared."""

    def __init__(self, service: str, *, title: str = "", version: str = "1.0.0") -> None:
        self.service, self.title, self.version = service, title or service, version
        self.operations: list[Operation] = []
        self.shown: dict[str, Shown] = {}
        """How records are shown, by the name of their resource."""

    def route(
        self,
        method: str,
        path: str,
        *,
        roles: Roles,
        name: str = "",
        returns: Any = None,
        root: bool = False,
        **options: Unpack[Options],
    ) -> Callable[[H], H]:
        """Declare a free form operation: `async def handler(call: Call) -> Model | Reply[Model] | web.StreamResponse`.

        `name`: its operationId, else the handler's. `returns`: its model, where no annotation says it.
        `root`: the path is whole instead of standing under `/{service}/v1`.
        """

        def declare(handler: H) -> H:
            chosen: dict[str, Any] = {
                "tag": _tag_of(path) or self.service,
                "summary": (inspect.getdoc(handler) or "").partition("\n")[0],
                "commits": method in WRITING,
                "guarded": method in ("PUT", "PATCH"),
                **options,
            }
            self._add(
                Operation(
                    service=self.service,
                    method=method,
                    path=path if root else f"/{self.service}/v1{path}",
                    name=name or getattr(handler, "__name__", "operation"),
                    handler=handler,
                    roles=role_set(roles),
                    result=_result(handler, returns),
                    **chosen,
                )
            )
            return handler

        return declare

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
