"""Around every request: its id and trace, one log line, one measurement, safe headers, problems for refusals."""

import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import structlog
from aiohttp import web

from shared.errors import Problem
from shared.http.operation import Operation
from shared.http.problems import Internal, of_aiohttp, render
from shared.observability.metrics import FAULTS, REQUESTS
from shared.observability.tracing import annotate, traced, untraced

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger("shared.http")

OPERATIONS: Final = web.AppKey("operations", dict[tuple[str, str], Operation])
"""Operations by canonical path and method, to know of a request whether it is to be kept out of logs and traces."""

REQUEST_ID: Final = "X-Request-Id"
ID: Final = web.RequestKey("request id", str)
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
    """The path as declared, without the values in it: the only form that may stand in logs and metrics."""
    found = request.match_info.route.resource
    return found.canonical if found is not None else "-"


def method_of(request: web.Request) -> str:
    """The method, if it is one: callers may send any word, and metrics keep each for ever."""
    return request.method if request.method in _METHODS else "-"


def operation_of(request: web.Request) -> Operation | None:
    method = "GET" if request.method == "HEAD" else request.method
    return request.app[OPERATIONS].get((route_of(request), method))


@contextmanager
def _known_as(request: web.Request, operation: Operation | None, service: str) -> Iterator[None]:
    """The request's id and trace stand in every log line and event that it causes. What is no operation is not traced:
    it may be a wrong verb on a page that must not be."""
    given = request.headers.get(REQUEST_ID, "")
    request[ID] = given if _ID.fullmatch(given) else uuid4().hex
    method, route = method_of(request), route_of(request)
    known = {"http.request.method": method, "http.route": route, "lvzhi.service": service}
    with (
        traced(request.headers.get("traceparent"), name=f"{method} {route}", attributes=known)
        if operation is not None
        else untraced(),
        structlog.contextvars.bound_contextvars(request_id=request[ID], service=service),
    ):
        yield


@web.middleware
async def observed(request: web.Request, handler: Next) -> web.StreamResponse:
    operation, route = operation_of(request), route_of(request)
    service = operation.service if operation is not None else route.split("/")[1] if "/" in route else "-"
    quiet = operation is not None and operation.quiet
    started = time.perf_counter()
    with untraced() if quiet else _known_as(request, operation, service):
        response = await _answered(request, handler, service=service, quiet=quiet)
        seconds = time.perf_counter() - started
        method = method_of(request)
        annotate({"http.response.status_code": response.status})
        REQUESTS.labels(service, method, route, str(response.status)).observe(seconds)
        if not quiet and not route.endswith(_UNLOGGED):
            ms = round(seconds * 1000, 1)
            log.info("request", method=method, route=route, status=response.status, ms=ms)
        return response


async def _answered(request: web.Request, handler: Next, *, service: str, quiet: bool) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        if problem.kind.value >= 500:
            log.warning("refused", code=problem.slug, cause=type(problem.__cause__).__name__)
        return render(problem, request)
    except web.HTTPException as error:
        if error.status < 400:
            return error
        translated, status = of_aiohttp(error)
        return render(translated, request, status)
    except Exception as error:
        if STARTED in request and isinstance(error, ConnectionError):
            raise  # the caller went away in the middle of a stream
        FAULTS.labels(service, route_of(request)).inc()
        if quiet:
            # Even the message could hold the code that must not be tied to anything.
            log.error("fault", route=route_of(request), kind=type(error).__name__)  # noqa: TRY400
        else:
            log.exception("fault", route=route_of(request))
        if STARTED in request:
            raise  # part of a stream is out already: only the broken connection can tell
        return render(Internal("请把请求编号告诉管理员"), request)


async def safe_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal rather than a middleware, so that streams get the headers as well."""
    request[STARTED] = True
    if ID in request:
        response.headers[REQUEST_ID] = request[ID]
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    page = response.content_type == "text/html"
    response.headers.setdefault("Content-Security-Policy", _PAGE if page else _NOTHING)
    response.headers.popall("Server", None)
