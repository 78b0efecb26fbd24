"""The Prometheus registry of the process, its counters, and the refresh of gauges before they are read."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
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
    "Time from the head of the request to the head of the response.",
    ["service", "method", "route", "status"],
    registry=REGISTRY,
)
FAULTS = Counter(
    "http_server_faults", "Requests that ended in an internal error.", ["service", "route"], registry=REGISTRY
)

PUBLISHED = Counter("events_published", "Events confirmed by the broker.", ["service"], registry=REGISTRY)
APPLIED = Counter(
    "events_applied", "Events received and applied, including repeated ones.", ["service"], registry=REGISTRY
)
CONFLICTING = Counter(
    "events_conflicting",
    "Events with the sequence of another event, or that do not continue the hash chain.",
    ["service"],
    registry=REGISTRY,
)
PARKED = Counter("events_parked", "Events that could not be applied.", ["service"], registry=REGISTRY)

MEASURE_SECONDS: Final = 3.0

log = structlog.get_logger(__name__)

_measures: dict[object, Callable[[], Awaitable[None]]] = {}


@contextmanager
def refreshed_by(measure: Callable[[], Awaitable[None]]) -> Iterator[None]:
    """Within the block, `measure` runs before metrics are read, to update its gauges."""
    key = object()
    _measures[key] = measure
    try:
        yield
    finally:
        del _measures[key]


async def refresh() -> None:
    """Update all gauges. Those whose measure fails or takes longer than MEASURE_SECONDS keep their values."""
    await asyncio.gather(*(_in_time(measure) for measure in _measures.values()))


async def _in_time(measure: Callable[[], Awaitable[None]]) -> None:
    try:
        async with asyncio.timeout(MEASURE_SECONDS):
            await measure()
    except Exception as error:
        log.warning("not measured", reason=error, exc_info=error)


def expose(accept: str) -> tuple[bytes, str]:
    """All metrics of the process and their content type, as OpenMetrics or plain text by the Accept header."""
    encode, content_type = choose_encoder(accept)
    return encode(REGISTRY), content_type
