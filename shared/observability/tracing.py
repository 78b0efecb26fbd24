"""Trace context (W3C Trace Context) of the current request or event, and OpenTelemetry spans.

Spans are recorded where an SDK is installed (extra `otel`) and configured by OpenTelemetry's own variables. Without one
ids are still generated, for events and the log. Spans contain routes, event types and numbers, but no values from paths
or bodies and no messages of exceptions.
"""

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Attributes = Mapping[str, str | int]

_tracer: Final = trace.get_tracer("lvzhi")
_propagator: Final = TraceContextTextMapPropagator()
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_current: Final = ContextVar("traceparent", default="")

log = structlog.get_logger(__name__)


def configure(service: str, environment: Mapping[str, str] = os.environ) -> None:
    """Export spans where the environment names a collector by OpenTelemetry's own variables (`OTEL_…`)."""
    if not any(environment.get(name) for name in ENDPOINTS):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("spans are not recorded: lvzhi[otel] is not installed")
        return
    record(service, BatchSpanProcessor(OTLPSpanExporter()))


def record(service: str, processor: "SpanProcessor") -> None:
    """Send every span of the process to `processor`."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)


def recording() -> bool:
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def current_traceparent() -> str:
    """The current traceparent; empty outside a request and in requests that must not be traced."""
    return _current.get()


def span(
    name: str, kind: SpanKind, parent: str | None, attributes: Attributes
) -> AbstractContextManager[str]:
    """A child span of `parent`, or the root of a new trace. Yields its traceparent; `within` makes it current."""
    valid_parent = parent if parent is not None and _TRACEPARENT.fullmatch(parent) else None
    if recording():
        return _recorded(name, kind, valid_parent, attributes)
    # The no-op tracer of opentelemetry-api returns the parent's id, and takes three times as long.
    trace_id, flags = (
        (valid_parent.split("-")[1], valid_parent[-2:]) if valid_parent else (secrets.token_hex(16), "01")
    )
    return nullcontext(f"00-{trace_id}-{secrets.token_hex(8)}-{flags}")


@contextmanager
def _recorded(name: str, kind: SpanKind, parent: str | None, attributes: Attributes) -> Iterator[str]:
    context = _propagator.extract({"traceparent": parent} if parent else {}, context=Context())
    new_span = _tracer.start_span(name, context, kind, attributes)
    carrier: dict[str, str] = {}
    with trace.use_span(new_span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        _propagator.inject(carrier)
        try:
            yield carrier["traceparent"]
        except BaseException as error:
            new_span.set_attribute("error.type", type(error).__name__)
            new_span.set_status(StatusCode.ERROR)
            raise


@contextmanager
def within(traceparent: str) -> Iterator[None]:
    """Make this the current traceparent within the block."""
    token = _current.set(traceparent)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def traced(
    incoming: str | None = None, *, name: str = "request", attributes: Attributes | None = None
) -> Iterator[str]:
    """A server span within the block, in the caller's trace or a new one."""
    with span(name, SpanKind.SERVER, incoming, attributes or {}) as own, within(own):
        yield own


@contextmanager
def step(name: str) -> Iterator[None]:
    """An internal span of the current trace; none outside a trace or without an SDK."""
    if not _current.get() or not recording():
        yield
        return
    with span(name, SpanKind.INTERNAL, _current.get(), {}) as own, within(own):
        yield


def annotate(attributes: Attributes) -> None:
    """Add attributes to the current span."""
    if _current.get():
        trace.get_current_span().set_attributes(attributes)


def untraced() -> AbstractContextManager[None]:
    """Within the block there is no current trace."""
    return within("")
