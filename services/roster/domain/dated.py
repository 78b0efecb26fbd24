"""Intervals of days, and the checks of dates that contradict each other.

Intervals are half-open, [from_on, to_on): on the day a deputyship ends its holder no longer serves, and on the day a
role changes hands it belongs to the new holder.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from services.roster.errors import ImpossibleDate
from shared.errors import FieldError, Invalid


class Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Interval(Protocol):
    @property
    def from_on(self) -> date | None: ...
    @property
    def to_on(self) -> date | None: ...


class Entry(Interval, Protocol):
    """An interval of a history; pydantic's `model_copy` closes it."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self: ...


Dated = TypeVar("Dated", bound=Entry)


def covers(interval: Interval, day: date) -> bool:
    started = interval.from_on is None or interval.from_on <= day
    return started and (interval.to_on is None or day < interval.to_on)


def close(history: Iterable[Dated], on: date) -> list[Dated]:
    return [
        item if item.to_on is not None else item.model_copy(update={"to_on": not_before(item.from_on, on)})
        for item in history
    ]


def not_before(earlier: date | None, day: date) -> date:
    if earlier is not None:
        not_after(earlier, day, "上次变动")
    return day


def check_period(from_on: date | None, to_on: date | None, *, loc: str) -> None:
    """An end must not be before the start. Errors: ImpossibleDate."""
    if from_on is not None and to_on is not None:
        not_after(from_on, to_on, "开始", loc)


def not_after(earlier: date, day: date, event: str, loc: str = "body.on") -> None:
    if day < earlier:
        message = f"{day} 早于{event}的日期 {earlier}"
        raise ImpossibleDate(message, errors=[FieldError(loc, message)])


def unfit(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError(f"body.{field}", message)])
