"""Findings about parked events."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from services.reports.checks.draft import Draft
from services.reports.domain import Parked
from shared.envelope import service_of

NAMED_MOST: Final = 5
_NAMES = {"roster": "名册", "activities": "履职", "ratings": "测评", "reports": "总结"}


def unsettled(counts: Mapping[str, int], parked: Sequence[Parked]) -> Iterator[Draft]:
    """One finding per service. `counts`: parked events by service; `parked`: those named."""
    for service, number in counts.items():
        if number:
            named = [event for event in parked if event.service == service][:NAMED_MOST]
            which = "、".join(
                f"{name_of(service_of(event.source))}第{event.sequence}号{event.type}" for event in named
            )
            which = f"（{which}{'等' if number > len(named) else ''}）" if named else ""
            message = f"“{name_of(service)}”服务有{number}件收到的事件未能处理{which}，处理后请重新封账。"
            yield Draft("events.parked", message, key=service)


def name_of(service: str) -> str:
    return _NAMES.get(service, service)
