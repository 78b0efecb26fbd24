"""The process's metrics registry, and what brings its gauges up to date before they are shown."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

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
CONFLICTING = Counter(
    "events_conflicting",
    "Events whose number is another event's, or that follow none.",
    ["service"],
    registry=REGISTRY,
)
PARKED = Counter("events_parked", "Events that could not be applied.", ["service"], registry=REGISTRY)

MEASURE_SECONDS: Final = 3.0

_measures: dict[object, Callable[[], Awaitable[None]]] = {}


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
