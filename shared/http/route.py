"""Routes: operations as modules declare them, independent of a service until its `app.py` adds them to an Api."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MethodType
from typing import Any, TypedDict, Unpack, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from shared.errors import Problem
from shared.http.call import Call, Reply, Upload
from shared.http.operation import WRITING, Handler, role_set
from shared.http.selection import with_fields

Roles = Collection[str] | str


class Options(TypedDict, total=False):
    """Optional properties of a route; each has the name and the default of a field of Operation."""

    query: type[Any] | None
    """For models made at run time, which no annotation can name."""
    body: type[Any]
    """As `query`."""
    form: type[BaseModel]
    """Of a web form that the handler reads by `read_form`, for the documentation."""
    refusal: type[BaseModel]
    """Of errors that have another form than a problem, for the documentation."""
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
    """False: a POST, PUT, PATCH or DELETE that writes through `call.store` itself, or not at all."""
    guarded: bool
    """If-Match is read; the handler checks it by `call.subject` or `call.condition`, and writes or locks what it
    checked. Default: on PUT and PATCH."""
    versioned: bool
    """False: the response's `version` is not sent as ETag."""
    tagged: bool
    """The handler gives the ETag: a digest of what it answers, or a version that the response does not have."""
    revalidated: bool
    """The response says nothing beyond its ETag, so that a GET is answered 304 where the caller has that: not where
    other records, the day or the time have a part in it."""
    creates: bool
    """A PUT that is answered 201 where the record was not there before."""
    quiet: bool
    """Kept out of logs, traces and, unless it fails, metrics: whoever counts its requests learns what people do."""
    problems: Sequence[type[Problem]]
    """Errors specific to the operation, for the documentation."""
    deprecated_on: date
    """Since when it is not to be used any more; said by the header Deprecation."""
    sunset_on: date
    """From when on it may be gone; said by the header Sunset."""


@dataclass(frozen=True)
class Route:
    """A declared operation. `path` is relative to the base it is added under; with `root` it is complete. `rest` holds
    the other fields of Operation.

    As a class attribute it is bound to the instance like a method.
    """

    handler: Handler
    method: str
    path: str
    name: str
    root: bool
    rest: Mapping[str, Any]

    def __get__(self, instance: object, owner: type) -> Route:
        return self if instance is None else replace(self, handler=MethodType(self.handler, instance))


def route(
    method: str,
    path: str,
    *,
    roles: Roles,
    name: str = "",
    returns: Any = None,
    root: bool = False,
    **options: Unpack[Options],
) -> Callable[[Callable[..., Awaitable[Any]]], Route]:
    """Declare `async def handler(call: Call[Query, Body]) -> Model | Reply[Model] | web.StreamResponse`.

    Its annotations name the models of request and response. `name`: the operationId, default the handler's name.
    `returns`: the model of the response, where no annotation can name it. `root`: the path is complete.
    """

    def declare(handler: Callable[..., Awaitable[Any]]) -> Route:
        (query, body), answer = _read(handler), _answer(handler, returns)
        rest: dict[str, Any] = {
            "roles": role_set(roles),
            "query": query,
            "body": body,
            "result": TypeAdapter(answer) if answer is not None else None,
            "summary": (inspect.getdoc(handler) or "").partition("\n")[0],
            "commits": method in WRITING,
            "guarded": method in ("PUT", "PATCH"),
            **options,
        }
        rest["query"] = with_fields(rest["query"], answer)
        return Route(handler, method, path, name or getattr(handler, "__name__", "operation"), root, rest)

    return declare


def _read(handler: Callable[..., Awaitable[Any]]) -> tuple[type[Any] | None, type[Any] | None]:
    """The models of query string and body, from the annotation of the handler's last parameter."""
    hints = get_type_hints(handler)
    annotation = hints.get(list(inspect.signature(handler).parameters)[-1])
    if annotation is not Call and get_origin(annotation) is not Call:
        raise TypeError(f"{handler} takes a Call")
    query, body = (_model(argument) for argument in get_args(annotation) or (object, object))
    return query, body


def _model(argument: Any) -> type[Any] | None:
    """The model, or None for an argument that names no specific one (`object`, `BaseModel`)."""
    is_model = isinstance(argument, type) and issubclass(argument, BaseModel | Upload)
    return argument if is_model and argument is not BaseModel else None


def _answer(handler: Callable[..., Awaitable[Any]], returns: Any) -> Any:
    """The model of the response, from `returns` or the handler's annotation; None for files and empty responses."""
    annotation = returns if returns is not None else get_type_hints(handler).get("return")
    if get_origin(annotation) is Reply:
        annotation = get_args(annotation)[0]
    if annotation is type(None):
        return None
    if isinstance(annotation, type) and issubclass(annotation, web.StreamResponse):
        return None
    return annotation
