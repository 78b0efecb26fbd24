"""Spans by OpenTelemetry, for whoever installed the extra `otel` and named a collector; nothing is imported otherwise.

Spans hold routes, event types and numbers: no values from paths, bodies or messages of exceptions.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog

from shared.observability.telemetry import Attributes, record_spans

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

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
    record_spans(Recorder(provider))


class Recorder:
    """Spans that know their parents by traceparent alone, as events carry it; no context of the library is used."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer = provider.get_tracer("lvzhi")
        self._propagator = TraceContextTextMapPropagator()
        self._open: dict[str, Span] = {}

    @contextmanager
    def span(self, name: str, kind: str, parent: str | None, attributes: Attributes) -> Iterator[str]:
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind, Status, StatusCode

        carrier = {"traceparent": parent} if parent else {}
        context = self._propagator.extract(carrier, context=Context())
        span = self._tracer.start_span(name, context, SpanKind[kind.upper()], dict(attributes))
        own = span.get_span_context()
        traceparent = f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags:02x}"
        self._open[traceparent] = span
        try:
            yield traceparent
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            del self._open[traceparent]
            span.end()

    def annotate(self, traceparent: str, attributes: Attributes) -> None:
        if traceparent in self._open:
            self._open[traceparent].set_attributes(dict(attributes))
