"""Middleware of every request: id and trace, access log, metrics, default headers, errors as problems."""

import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import structlog
from aiohttp import web

from shared.errors import Problem
from shared.http.operation import Operation
from shared.http.problems import Internal, from_aiohttp, render
from shared.http.rates import Rates
from shared.observability.metrics import FAULTS, REQUESTS
from shared.observability.tracing import annotate, traced, untraced

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger("shared.http")

OPERATIONS: Final = web.AppKey("operations", dict[tuple[str, str], Operation])
"""Operations by canonical path and method; `quiet` ones are kept out of logs, traces and metrics."""

REQUEST_ID: Final = "X-Request-Id"
ID: Final = web.RequestKey("request id", str)
RATES: Final = web.AppKey("rates", Rates)
"""Limits what each API client asks for."""
RATE: Final = web.RequestKey("rate", Mapping[str, str])
"""Headers that tell an API client how much is left."""
ENDING: Final = web.RequestKey("ending", Mapping[str, str])
"""Headers that announce the end of an operation."""
STARTED: Final = web.RequestKey("started", bool)
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNLOGGED: Final = ("/health/live", "/health/ready", "/metrics")

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
_PAGE: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def route_of(request: web.Request) -> str:
    """The path as declared, without values: the only form allowed in logs and metrics. "-" where no route matches."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"


def method_of(request: web.Request) -> str:
    """The HTTP method, or "-" for any other word, because metrics keep every label value for ever."""
    return request.method if request.method in _METHODS else "-"


def operation_of(request: web.Request) -> Operation | None:
    method = "GET" if request.method == "HEAD" else request.method
    return request.app[OPERATIONS].get((route_of(request), method))


@contextmanager
def _request_context(request: web.Request, operation: Operation | None, service: str) -> Iterator[None]:
    """Bind the request's id and trace to the log lines and events it causes.

    A request that is no operation is not traced: it may be a wrong method on a path that must not be traced.
    """
    request_id = request.headers.get(REQUEST_ID, "")
    request[ID] = request_id if _ID.fullmatch(request_id) else uuid4().hex
    method, route = method_of(request), route_of(request)
    attributes = {"http.request.method": method, "http.route": route, "lvzhi.service": service}
    with (
        traced(request.headers.get("traceparent"), name=f"{method} {route}", attributes=attributes)
        if operation is not None
        else untraced(),
        structlog.contextvars.bound_contextvars(request_id=request[ID], service=service),
    ):
        yield


@web.middleware
async def observe_request(request: web.Request, handler: Next) -> web.StreamResponse:
    operation, route = operation_of(request), route_of(request)
    service = operation.service if operation is not None else route.split("/")[1] if "/" in route else "-"
    quiet = operation is not None and operation.quiet
    started = time.perf_counter()
    with untraced() if quiet else _request_context(request, operation, service):
        response = await _respond(request, handler, service=service, quiet=quiet)
        seconds = time.perf_counter() - started
        method = method_of(request)
        annotate({"http.response.status_code": response.status})
        if not quiet or response.status >= 500:  # the number of answered ones would be that of the votes
            REQUESTS.labels(service, method, route, str(response.status)).observe(seconds)
        if not quiet and not route.endswith(_UNLOGGED):
            ms = round(seconds * 1000, 1)
            log.info("request", method=method, route=route, status=response.status, ms=ms)
        return response


async def _respond(request: web.Request, handler: Next, *, service: str, quiet: bool) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        if problem.kind.value >= 500:
            log.warning("refused", code=problem.slug, cause=type(problem.__cause__).__name__)
        if STARTED in request:
            raise  # as below: a second answer in a stream would be read as part of it
        return render(problem, request)
    except web.HTTPException as error:
        if error.status < 400:
            return error
        translated, status = from_aiohttp(error)
        return render(translated, request, status)
    except Exception as error:
        if STARTED in request and isinstance(error, ConnectionError):
            raise  # the client disconnected in the middle of a stream
        FAULTS.labels(service, route_of(request)).inc()
        if quiet:
            # Even the message could contain the code, which must not be logged.
            log.error("fault", route=route_of(request), kind=type(error).__name__)  # noqa: TRY400
        else:
            log.exception("fault", route=route_of(request))
        if STARTED in request:
            raise  # part of the stream was sent: only closing the connection signals the error
        detail = f"请把请求编号 {request[ID]} 告诉管理员" if ID in request else ""
        return render(Internal(detail), request)


async def set_default_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the default headers. An on_response_prepare signal, because a middleware runs too late for streams."""
    request[STARTED] = True
    if ID in request:
        response.headers[REQUEST_ID] = request[ID]
    response.headers.update(request.get(RATE, {}))
    response.headers.update(request.get(ENDING, {}))
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    page = response.content_type == "text/html"
    response.headers.setdefault("Content-Security-Policy", _PAGE if page else _NOTHING)
    response.headers.popall("Server", None)
