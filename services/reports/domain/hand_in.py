"""Handing in: until when a county takes the reports of a period, who may be late and why, and the receipt."""

from collections.abc import Sequence
from datetime import date, datetime

from services.reports.domain import Frozen
from shared.storage.work import Record


class Window(Frozen):
    """Until when the reports of a period are handed in. `locked`: none is taken afterwards without an extension.

    `area`: of whom set it; a narrower area wins.
    """

    area: str
    due_on: date
    locked: bool = False
    reason: str = ""
    set_by: str
    set_at: datetime


class Grant(Frozen):
    """An extension for one town: until when, why, by whom."""

    until: date
    reason: str
    granted_by: str
    granted_at: datetime


class Receipt(Frozen):
    """What was handed in and when. `digest`: SHA-256 of `report.json` of the edition as it stood then.

    `late`: after the day of the window, which was `due_on`; `extended_until`: by an extension.
    """

    edition: int
    digest: str
    submitted_at: datetime
    due_on: date | None = None
    extended_until: date | None = None
    late: bool = False


class WindowRecord(Record):
    """Until when an area's towns hand in; `id` is `area:period`, `town` the area."""

    period: str
    window: Window


class Extension(Grant, Record):
    """An extension for a town; `id` is `town:period`."""

    period: str


def window_of(town: str, windows: Sequence[Window]) -> Window | None:
    """The window that holds for a town: that of the narrowest area around it."""
    around = [window for window in windows if town.startswith(window.area)]
    return max(around, key=lambda window: len(window.area), default=None)


def last_day(window: Window | None, until: date | None) -> date | None:
    """The last day on which a report is in time, or taken at all where the window is locked."""
    if window is None:
        return None
    return max(window.due_on, until) if until else window.due_on


def closed(window: Window | None, grant: Grant | None, today: date) -> bool:
    """Whether nothing is taken any more."""
    day = last_day(window, grant.until if grant else None)
    return window is not None and window.locked and day is not None and day < today
