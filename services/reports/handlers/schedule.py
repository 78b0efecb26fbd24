"""The schedule of a town's rule pack: when a closing is due, as of which day, and when the office is told."""

from datetime import date, timedelta
from typing import Final

from services.reports import repository
from services.reports.handlers import closings, notices
from services.reports.schemas import ClosingIn
from shared.storage.work import Work

NOTICE_DAYS: Final = 7
"""Days between the notice and a scheduled closing."""


def scheduled(closing_on: str, today: date) -> date | None:
    """Day of the figures by a schedule (`MM-DD`); None before that day of the year, or where it is no day.

    A day in the first half of a year closes the previous year; any other closes its own year as of that day.
    """
    try:
        day = date.fromisoformat(f"{today.year}-{closing_on}")
    except ValueError:
        return None
    if today < day:
        return None
    return date(today.year - 1, 12, 31) if day.month <= 6 else day


def upcoming(closing_on: str, today: date) -> notices.Due | None:
    """The closing due within NOTICE_DAYS by a schedule, or None."""
    for days in range(1, NOTICE_DAYS + 1):
        on = today + timedelta(days=days)
        as_of = scheduled(closing_on, on)
        if as_of is not None and f"{on:%m-%d}" == closing_on:
            return notices.Due(on, as_of)
    return None


async def close_as_scheduled(work: Work, closing_on: str) -> None:
    """Request the due closing, unless the year has a closing already."""
    as_of = scheduled(closing_on, work.clock.today())
    if as_of is not None and await repository.latest_progress(work, str(as_of.year)) is None:
        await closings.request_closing(work, str(as_of.year), ClosingIn(as_of=as_of), by_schedule=True)


async def announce_scheduled(work: Work, closing_on: str) -> None:
    """Give notice, once, of a scheduled closing in the coming days."""
    due = upcoming(closing_on, work.clock.today())
    if due is not None and await repository.latest_progress(work, str(due.as_of.year)) is None:
        await notices.give(work, "due_soon", due, 0, 0)
