"""When it is time to say that a date comes near or has passed, each once for each date."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

from services.activities.domain.values import Value

Stage = Literal["due_soon", "overdue"]

PAST_DAYS: Final = 31
"""A date that passed earlier than this is history, entered afterwards, and nobody is reminded of it."""
WARNING_DAYS_MOST: Final = 60


class Told(Value):
    """That it was said of a date; kept with the record, so that whoever comes second sees it. `part`: of which item of
    the record, where it has several."""

    stage: Stage
    due_on: date
    part: str | None = None


def stage_of(due_on: date, today: date, warning_days: int) -> Stage | None:
    """The day itself is still in time."""
    if today <= due_on <= today + timedelta(days=warning_days):
        return "due_soon"
    if today - timedelta(days=PAST_DAYS) <= due_on < today:
        return "overdue"
    return None


def to_tell(
    told: Iterable[Told], due_on: date | None, today: date, warning_days: int, part: str | None = None
) -> Told | None:
    """What is to be said now and has not been said yet."""
    stage = stage_of(due_on, today, warning_days) if due_on is not None else None
    if stage is None or due_on is None:
        return None
    now = Told(stage=stage, due_on=due_on, part=part)
    return None if now in told else now
