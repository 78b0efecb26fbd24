"""Reminders of due dates: due soon and overdue, each once per date."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

from services.activities.domain.values import Value

Stage = Literal["due_soon", "overdue"]

PAST_DAYS: Final = 31
"""No reminder of a date that passed more days ago: such records were entered afterwards."""
WARNING_DAYS_MOST: Final = 60


class Reminder(Value):
    """A reminder that was published; stored in the record, so that it is published once. `part`: the item of a record
    with several."""

    stage: Stage
    due_on: date
    part: str | None = None


def stage_of(due_on: date, today: date, warning_days: int) -> Stage | None:
    """The stage of a due date; on the day itself it is not overdue."""
    if today <= due_on <= today + timedelta(days=warning_days):
        return "due_soon"
    if today - timedelta(days=PAST_DAYS) <= due_on < today:
        return "overdue"
    return None


def next_reminder(
    published: Iterable[Reminder],
    due_on: date | None,
    today: date,
    warning_days: int,
    part: str | None = None,
) -> Reminder | None:
    """The reminder to publish now; None if none is due or it has been published."""
    stage = stage_of(due_on, today, warning_days) if due_on is not None else None
    if stage is None or due_on is None:
        return None
    now = Reminder(stage=stage, due_on=due_on, part=part)
    return None if now in published else now
