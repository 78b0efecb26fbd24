"""Findings about events that a service received and could not apply."""

from collections.abc import Iterator, Mapping

from services.reports.checks.draft import Draft

_NAMES = {"roster": "名册", "activities": "履职", "ratings": "测评", "reports": "总结"}


def unsettled(parked: Mapping[str, int]) -> Iterator[Draft]:
    """`parked`: by service, how many events it set aside and nobody has settled."""
    for service, number in parked.items():
        if number:
            name = _NAMES.get(service, service)
            message = f"“{name}”服务有{number}件收到的事件未能处理，处理后请重新封账。"
            yield Draft("events.parked", message, key=service)
