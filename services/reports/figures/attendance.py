"""Measures of attendance: persons at events, each once per event whatever mandates they hold."""

from collections.abc import Callable, Sequence
from typing import Any

from services.reports.figures.definition import Measured, rate, refs
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.turnout import Turnout
from services.reports.figures.year import Year

Events = Sequence[LedgerFact[Any]]
Select = Callable[[Year], Events]


def recorded(events: Events) -> bool:
    """Whether attendance of any event is recorded, or there is no event."""
    return not events or any(event.data.attendance.recorded for event in events)


def times(select: Select, part: Callable[[Turnout], frozenset[str]]) -> Callable[[Year], Measured]:
    """人次: Σ over events of persons in one part of the turnout; missing where no attendance is recorded."""

    def measure(year: Year) -> Measured:
        events = select(year)
        if not recorded(events):
            return Measured.missing(refs(events))
        return Measured(sum(len(part(year.turnout(event.data))) for event in events), refs(events))

    return measure


def expected_times(select: Select) -> Callable[[Year], Measured]:
    """应到 from the roster, also where no attendance is recorded."""

    def measure(year: Year) -> Measured:
        events = select(year)
        return Measured(sum(len(year.turnout(event.data).expected) for event in events), refs(events))

    return measure


def attendance_rate(select: Select) -> Callable[[Year], Measured]:
    """Σ present among expected / Σ expected."""

    def measure(year: Year) -> Measured:
        events = select(year)
        if not recorded(events):
            return Measured.missing(refs(events))
        turnouts = [year.turnout(event.data) for event in events]
        present, expected = sum(len(t.present) for t in turnouts), sum(len(t.expected) for t in turnouts)
        return rate(present, expected, refs(events))

    return measure


def people(select: Select) -> Callable[[Year], Measured]:
    """人数: distinct persons over all events."""

    def measure(year: Year) -> Measured:
        events = select(year)
        if not recorded(events):
            return Measured.missing(refs(events))
        return Measured(len(attendees(year, events)), refs(events))

    return measure


def attendees(year: Year, events: Events) -> frozenset[str]:
    return frozenset().union(*(year.turnout(event.data).attended for event in events))
