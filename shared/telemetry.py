"""The process's metrics registry and the trace context of the request at hand (W3C Trace Context)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str] = ContextVar("traceparent", default="")


def expose(accept: str) -> tuple[bytes, str]:
    """All metrics of the process and their content type, as OpenMetrics or plain text by the Accept header."""
    encode, content_type = choose_encoder(accept)
    return encode(REGISTRY), content_type


def current_traceparent() -> str:
    """The traceparent to hand on; empty outside a request and in requests that must not be traced."""
    return _current.get()


@contextmanager
def traced(incoming: str | None = None) -> Iterator[str]:
    """Continue the caller's trace with a span of our own, or begin one."""
    if incoming is not None and _TRACEPARENT.fullmatch(incoming):
        trace, flags = incoming.split("-")[1], incoming[-2:]
    else:
        trace, flags = secrets.token_hex(16), "01"
    token = _current.set(f"00-{trace}-{secrets.token_hex(8)}-{flags}")
    try:
        yield _current.get()
    finally:
        _current.reset(token)


@contextmanager
def untraced() -> Iterator[None]:
    """Nothing within may be tied to a trace."""
    token = _current.set("")
    try:
        yield
    finally:
        _current.reset(token)
