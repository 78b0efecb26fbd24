"""Findings about parked events."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from services.reports.checks.draft import Draft
from services.reports.domain import Parked
from services.reports.names import SERVICES, named
from shared.envelope import service_of

NAMED_MOST: Final = 5


def unsettled(counts: Mapping[str, int], parked: Sequence[Parked]) -> Iterator[Draft]:
    """One finding per service. `counts`: parked events by service; `parked`: those named."""
    for service, number in counts.items():
        if number:
            listed = [event for event in parked if event.service == service][:NAMED_MOST]
            which = "、".join(
                f"{named(SERVICES, service_of(event.source))}第{event.sequence}号{event.type}"
                for event in listed
            )
            which = f"（{which}{'等' if number > len(listed) else ''}）" if listed else ""
            message = (
                f"“{named(SERVICES, service)}”服务有{number}件收到的事件未能处理{which}，处理后请重新封账。"
            )
            yield Draft("events.parked", message, key=service)
