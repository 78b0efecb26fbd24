"""The process's metrics registry and the trace context of the request at hand (W3C Trace Context)."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

REGISTRY = CollectorRegistry()
GCCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
ProcessCollector(registry=REGISTRY)

REQUESTS = Histogram(
    "http_server_request_duration_seconds",
    "Time from the head of the request to the head of the answer.",
    ["service", "method", "route", "status"],
    registry=REGISTRY,
)
FAULTS = Counter(
    "http_server_faults", "Requests that ended in a fault of ours.", ["service", "route"], registry=REGISTRY
)

PUBLISHED = Counter("events_published", "Events handed to the broker.", ["service"], registry=REGISTRY)
APPLIED = Counter(
    "events_applied", "Events taken in, repeated ones included.", ["service"], registry=REGISTRY
)
PARKED = Counter("events_parked", "Events that could not be applied.", ["service"], registry=REGISTRY)

MEASURE_SECONDS: Final = 3.0

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str] = ContextVar("traceparent", default="")
_measures: dict[object, Callable[[], Awaitable[None]]] = {}

Attributes = Mapping[str, str | int]


class Spans(Protocol):
    """Where spans are recorded; nothing is unless `record_spans` was given one."""

    def span(
        self, name: str, kind: str, parent: str | None, attributes: Attributes
    ) -> AbstractContextManager[str]:
        """A span for the block, a new trace without `parent`; yields its traceparent."""

    def annotate(self, traceparent: str, attributes: Attributes) -> None:
        """Say more of a span that is open."""


_spans: Spans | None = None


def record_spans(spans: Spans | None) -> None:
    global _spans  # noqa: PLW0603 - one recorder per process, as there is one registry
    _spans = spans


def recording() -> bool:
    return _spans is not None


@contextmanager
def measured(measure: Callable[[], Awaitable[None]]) -> Iterator[None]:
    """Within the block, `measure` is run before metrics are shown, to bring its gauges up to date."""
    key = object()
    _measures[key] = measure
    try:
        yield
    finally:
        del _measures[key]


async def refresh() -> None:
    """Bring all gauges up to date; what takes too long is shown as it was."""
    await asyncio.gather(*(_in_time(one) for one in _measures.values()), return_exceptions=True)


async def _in_time(measure: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.timeout(MEASURE_SECONDS):
        await measure()


def expose(accept: str) -> tuple[bytes, str]:
    """All metrics of the process and their content type, as OpenMetrics or plain text by the Accept header."""
    encode, content_type = choose_encoder(accept)
    return encode(REGISTRY), content_type


def current_traceparent() -> str:
    """The traceparent to hand on; empty outside a request and in requests that must not be traced."""
    return _current.get()


def span(name: str, kind: str, parent: str | None, attributes: Attributes) -> AbstractContextManager[str]:
    """A span of `parent`, or of a new trace. Yields its traceparent, which `within` makes the current one."""
    known = parent if parent is not None and _TRACEPARENT.fullmatch(parent) else None
    if _spans is not None:
        return _spans.span(name, kind, known, attributes)
    trace, flags = (known.split("-")[1], known[-2:]) if known else (secrets.token_hex(16), "01")
    return nullcontext(f"00-{trace}-{secrets.token_hex(8)}-{flags}")


@contextmanager
def within(traceparent: str) -> Iterator[None]:
    token = _current.set(traceparent)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def traced(
    incoming: str | None = None, *, name: str = "request", attributes: Attributes | None = None
) -> Iterator[str]:
    """Continue the caller's trace with a span of our own, or begin one."""
    with span(name, "server", incoming, attributes or {}) as own, within(own):
        yield own


@contextmanager
def step(name: str) -> Iterator[None]:
    """A part of what is being traced; nothing where nothing is."""
    if _spans is None or not _current.get():
        yield
        return
    with _spans.span(name, "internal", _current.get(), {}) as own, within(own):
        yield


def annotate(attributes: Attributes) -> None:
    """Say more of the current span."""
    if _spans is not None and _current.get():
        _spans.annotate(_current.get(), attributes)


def untraced() -> AbstractContextManager[None]:
    """Nothing within may be tied to a trace."""
    return within("")
