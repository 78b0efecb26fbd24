"""Trace context of the request or event at hand (W3C Trace Context), and its spans by OpenTelemetry.

Spans are recorded once an SDK is there: by the extra `otel` and OpenTelemetry's own variables. Ids are made without one
as well, to be handed on with events and to stand in the log. Spans hold routes, event types and numbers: no values from
paths, bodies or messages of exceptions.
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
    """Record spans where the environment names a collector, by OpenTelemetry's own variables (`OTEL_…`)."""
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
    """Hand every span of the process to `processor` from now on."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)


def recording() -> bool:
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def current_traceparent() -> str:
    """The traceparent to hand on; empty outside a request and in requests that must not be traced."""
    return _current.get()


def span(
    name: str, kind: SpanKind, parent: str | None, attributes: Attributes
) -> AbstractContextManager[str]:
    """A span of `parent`, or of a new trace. Yields its traceparent, which `within` makes the current one."""
    known = parent if parent is not None and _TRACEPARENT.fullmatch(parent) else None
    if recording():
        return _recorded(name, kind, known, attributes)
    # The tracer of the interface would hand back the parent's id, and take three times as long.
    trace_id, flags = (known.split("-")[1], known[-2:]) if known else (secrets.token_hex(16), "01")
    return nullcontext(f"00-{trace_id}-{secrets.token_hex(8)}-{flags}")


@contextmanager
def _recorded(name: str, kind: SpanKind, parent: str | None, attributes: Attributes) -> Iterator[str]:
    context = _propagator.extract({"traceparent": parent} if parent else {}, context=Context())
    opened = _tracer.start_span(name, context, kind, attributes)
    carrier: dict[str, str] = {}
    with trace.use_span(opened, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        _propagator.inject(carrier)
        try:
            yield carrier["traceparent"]
        except BaseException as error:
            opened.set_attribute("error.type", type(error).__name__)
            opened.set_status(StatusCode.ERROR)
            raise


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
    with span(name, SpanKind.SERVER, incoming, attributes or {}) as own, within(own):
        yield own


@contextmanager
def step(name: str) -> Iterator[None]:
    """A part of what is being recorded; nothing where nothing is."""
    if not _current.get() or not recording():
        yield
        return
    with span(name, SpanKind.INTERNAL, _current.get(), {}) as own, within(own):
        yield


def annotate(attributes: Attributes) -> None:
    """Say more of the current span."""
    if _current.get():
        trace.get_current_span().set_attributes(attributes)


def untraced() -> AbstractContextManager[None]:
    """Nothing within may be tied to a trace."""
    return within("")
