"""The schedule of a town's rule pack: when a closing is due, as of which day, and when the office is told."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.reports import repository
from services.reports.handlers import closings, notices
from services.reports.repository import SCHEDULES, Schedule
from services.reports.schemas import ClosingIn
from shared.clock import Clock
from shared.storage.work import Work

JUMP_SECONDS: Final = 60.0
"""Difference between what two clocks say has passed that is no drift."""
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


def missed(closing_on: str, looked_on: date, today: date) -> list[date]:
    """Days of the figures of closings that fell due after the last look, while nobody looked."""
    days: list[date] = []
    for year in range(looked_on.year, today.year + 1):
        with suppress(ValueError):
            day = date.fromisoformat(f"{year}-{closing_on}")
            as_of = scheduled(closing_on, day)
            if looked_on < day <= today and as_of is not None:
                days.append(as_of)
    return days


@dataclass
class SteadyClock:
    """The day, once the clock has gone evenly for `settle_seconds`: a jump must not close a year early or skip its day.

    Evenly: the wall clock and the monotonic clock, which nobody sets, advanced alike since the last look.
    """

    settle_seconds: float
    offset: float | None = None
    since: float = 0.0

    def day(self, clock: Clock, monotonic: float) -> date | None:
        """The day in China; None at the first look, and after a jump until the clock has settled."""
        offset, before = clock.now().timestamp() - monotonic, self.offset
        self.offset = offset
        if before is None or abs(offset - before) > JUMP_SECONDS:
            self.since = monotonic
            return None
        return clock.today() if monotonic - self.since >= self.settle_seconds else None


async def look(work: Work, closing_on: str, today: date) -> None:
    """Give notice of a closing that is due soon; request what is due, and what fell due since the last look."""
    last = await work.get(SCHEDULES, work.town)
    await _announce(work, closing_on, today)
    due = missed(closing_on, last.looked_on, today) if last is not None else []
    for as_of in dict.fromkeys([*due, scheduled(closing_on, today)]):
        if as_of is not None and await repository.latest_progress(work, str(as_of.year)) is None:
            await closings.request_closing(work, str(as_of.year), ClosingIn(as_of=as_of), by_schedule=True)
    if last is None:
        work.create(SCHEDULES, Schedule(id=work.town, town=work.town, looked_on=today), "looked")
    elif last.looked_on != today:
        work.change(SCHEDULES, last.model_copy(update={"looked_on": today}), "looked")


async def _announce(work: Work, closing_on: str, today: date) -> None:
    """Give notice, once, of a scheduled closing in the coming days."""
    due = upcoming(closing_on, today)
    if due is not None and await repository.latest_progress(work, str(due.as_of.year)) is None:
        await notices.give(work, "due_soon", due, 0, 0)
