"""The schedule of a town's rule pack: when a closing is due, as of which day, and when the office is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.reports import repository
from services.reports.domain import ReportStatus
from services.reports.domain.towns import reports_from
from services.reports.handlers import board, closings, notices
from services.reports.repository import SCHEDULES, KnownTown, Progress, Schedule
from services.reports.schemas import ClosingIn
from shared.clock import BEIJING, Clock
from shared.storage.work import Work

JUMP_SECONDS: Final = 60.0
"""Difference between what two clocks say has passed that is no drift."""
NOTICE_DAYS: Final = 7
"""Days between the notice and a scheduled closing."""


Days = Callable[[int], Sequence[date]]
"""The days of a year on which it is closed, each by the rules in force on it."""


def days_named(town: KnownTown) -> Days:
    """The days that a town's rules name for its closings, of years in which there was the town."""

    def days_of(year: int) -> list[date]:
        named = town.rules.days_named("closing_on", year)
        return [day for day in named if reports_from(date(as_of(day).year, 1, 1), town.abolished_on)]

    return days_of


def as_of(day: date) -> date:
    """A day in the first half of a year closes the previous year; any other closes its own year as of that day."""
    return date(day.year - 1, 12, 31) if day.month <= 6 else day


def scheduled(days_of: Days, today: date) -> date | None:
    """Day of the figures by this year's schedule; None before its day, or where it has none."""
    passed = [day for day in days_of(today.year) if day <= today]
    return as_of(max(passed)) if passed else None


def upcoming(days_of: Days, today: date) -> notices.Due | None:
    """The closing due within NOTICE_DAYS by a schedule, or None."""
    last = today + timedelta(days=NOTICE_DAYS)
    coming = _between(days_of, today, last)
    return notices.Due(coming[0], as_of(coming[0])) if coming else None


def following(days_of: Days, year: int, today: date) -> notices.Due | None:
    """The next closing of a year by a schedule, today's included, or None."""
    days = _between(days_of, today - timedelta(days=1), date(year + 1, 12, 31))
    return next((notices.Due(day, as_of(day)) for day in days if as_of(day).year == year), None)


def missed(days_of: Days, looked_on: date, today: date) -> list[date]:
    """Days of the figures of closings that fell due after the last look, while nobody looked."""
    return [as_of(day) for day in _between(days_of, looked_on, today)]


def _between(days_of: Days, after: date, upto: date) -> list[date]:
    years = range(after.year, upto.year + 1)
    return sorted(day for year in years for day in days_of(year) if after < day <= upto)


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


async def look(work: Work, days_of: Days, today: date) -> None:
    """Give notice of a closing that is due soon; request what is due, and what fell due since the last look."""
    last = await work.get(SCHEDULES, work.town)
    await _announce(work, days_of, today)
    due = missed(days_of, last.looked_on, today) if last is not None else []
    latest = {day.year: day for day in [*due, scheduled(days_of, today)] if day is not None}
    for day in latest.values():
        if await _is_due(work, day):
            body = ClosingIn(as_of=await _as_the_office_has_it(work, day))
            await closings.request_closing(work, str(day.year), body, by_schedule=True)
    if last is None:
        work.create(SCHEDULES, Schedule(id=work.town, town=work.town, looked_on=today), "looked")
    elif last.looked_on != today:
        work.change(SCHEDULES, last.model_copy(update={"looked_on": today}), "looked")


async def _announce(work: Work, days_of: Days, today: date) -> None:
    """Give notice of a scheduled closing in the coming days; tell at once where an announced day is no longer it."""
    for told in await notices.ahead(work, today):
        now = following(days_of, told.year, today)
        if now is None or await _is_settled(work, now.as_of):
            await notices.call_off(work, told)
        else:
            await notices.give(work, "due_soon", now, 0, 0)
    due = upcoming(days_of, today)
    if due is not None and not await _is_settled(work, due.as_of):
        await notices.give(work, "due_soon", due, 0, 0)


async def _is_due(work: Work, day: date) -> bool:
    """Whether the schedule closes as of a day; asked again with the board's row held, which few looks need."""
    if await _is_settled(work, day):
        return False
    await board.hold(work, str(day.year))
    return not await _is_settled(work, day)


async def _as_the_office_has_it(work: Work, day: date) -> date:
    """The day of a draft that the office had compiled ahead as of a later day: the closing by schedule keeps it."""
    report = await repository.report_of(work, str(day.year))
    return max(day, report.as_of) if report is not None else day


async def _is_settled(work: Work, day: date) -> bool:
    """Whether the schedule has nothing to close as of a day: a closing of that day or a later one counts, or the office
    has approved the report, which a closing would turn into the draft of a corrigendum."""
    period = str(day.year)
    asked_for = await repository.closings_of(work, period)
    if any(one.as_of >= day and _counts(one, day) for one in asked_for):
        return True
    report = await repository.report_of(work, period)
    return report is not None and report.status is not ReportStatus.DRAFT


def _counts(closing: Progress, day: date) -> bool:
    """Whether a closing closes the year as of a day: one that was asked for before the day lacks what was recorded from
    then on, and one that was superseded was a mistake."""
    if closing.scheduled:
        return True
    return closing.state != "superseded" and closing.started_at.astimezone(BEIJING).date() >= day
