"""Putting right what was written down wrongly about a deputyship: the old value stays in its history."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from services.roster.domain.dated import Entry, Interval, not_after, unfit
from services.roster.domain.deputyships import Deputyship, EndReason, written

Held = TypeVar("Held", bound=Entry)


def correct(deputyship: Deputyship, values: Mapping[str, Any], *, today: date) -> Deputyship:
    """Replace plain values; each that differs leaves an entry."""
    after = deputyship.model_copy(update=dict(values))
    for name in values:
        before, now = getattr(deputyship, name), getattr(after, name)
        if before != now:
            after = written(after, "corrected", today, field=name, before=_text(before), after=_text(now))
    return after


def redate(deputyship: Deputyship, *, started_on: date, today: date) -> Deputyship:
    """Put the first day right, and with it the memberships and roles held since that day. Raises ImpossibleDate."""
    moved = deputyship.model_copy(
        update={
            name: [_moved(item, "from_on", deputyship.started_on, started_on) for item in history]
            for name, history in _held(deputyship)
        }
    )
    _check_days(moved, started_on, deputyship.ended_on, "body.started_on")
    return correct(moved, {"started_on": started_on}, today=today)


def redate_end(
    deputyship: Deputyship, *, ended_on: date | None, ended_reason: EndReason | None, today: date
) -> Deputyship:
    """Put the last day or the ground right (None: it was), and with the day what ended then.

    Raises Invalid, ImpossibleDate.
    """
    if deputyship.ended_on is None:
        raise unfit("ended_on", "代表资格没有终止；终止请用 :end 办理")
    last, reason = ended_on or deputyship.ended_on, ended_reason or deputyship.ended_reason
    moved = deputyship.model_copy(
        update={
            name: [_moved(item, "to_on", deputyship.ended_on, last) for item in history]
            for name, history in (*_held(deputyship), ("suspensions", deputyship.suspensions))
        }
    )
    _check_days(moved, deputyship.started_on, last, "body.ended_on")
    return correct(moved, {"ended_on": last, "ended_reason": reason}, today=today)


def _held(deputyship: Deputyship) -> tuple[tuple[str, Iterable[Any]], ...]:
    return (("group_history", deputyship.group_history), ("role_history", deputyship.role_history))


def _moved(item: Held, bound: str, before: date, day: date) -> Held:
    return item.model_copy(update={bound: day}) if getattr(item, bound) == before else item


def _check_days(deputyship: Deputyship, started_on: date, ended_on: date | None, loc: str) -> None:
    """Everything dated lies between the first day and the last."""
    dated: list[Interval] = [*deputyship.suspensions, *deputyship.group_history, *deputyship.role_history]
    for item in dated:
        begun = item.from_on or started_on
        over = item.to_on or begun
        not_after(started_on, begun, "任职开始", loc)
        not_after(begun, over, "开始", loc)
        not_after(over, ended_on or over, "最近一次变动", loc)
    if ended_on is not None:
        not_after(started_on, ended_on, "任职开始", loc)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
