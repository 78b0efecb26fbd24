"""The events of a batch while they are handled: the span of each, and which must not be handled together."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from opentelemetry.trace import SpanKind

from shared.envelope import Event
from shared.observability.tracing import Attributes, span
from shared.storage import outbox
from shared.storage.work import Work


class Entangled(Exception):
    """Events of a batch must be applied apart (see `entangled`)."""


def entangled(events: Sequence[Event], works: Sequence[Work]) -> bool:
    """Whether one of the events has another of its subject in the batch and does more than copy: their handlers do not
    see each other's writes. Copies alone are guarded by their versions. An inventory counts what is written before it,
    so its event is applied alone."""
    if len(works) > 1 and outbox.takes_inventory(works):
        return True
    subjects = Counter((event.source, event.subject) for event in events)
    return any(
        subjects[event.source, event.subject] > 1 and not work.only_copies
        for event, work in zip(events, works, strict=True)
    )


def consumed(event: Event, service: str) -> AbstractContextManager[str]:
    """A span in the trace of the request that caused the event; none where that was not traced."""
    if event.traceparent is None:
        return nullcontext("")
    attributes: Attributes = {
        "lvzhi.service": service,
        "lvzhi.source": event.source,
        "lvzhi.sequence": event.sequence,
    }
    return span(f"consume {event.type}", SpanKind.CONSUMER, event.traceparent, attributes)
