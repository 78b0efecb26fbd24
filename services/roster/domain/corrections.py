"""Corrections of a deputyship's data; the old value stays in its history."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from services.roster.domain.dated import Entry, Interval, not_after, unfit
from services.roster.domain.deputyships import Deputyship, EndReason, must_hold, written

Item = TypeVar("Item", bound=Entry)


def correct(deputyship: Deputyship, values: Mapping[str, Any], *, today: date) -> Deputyship:
    """Replace plain values; each that differs adds an entry to the history."""
    after = deputyship.model_copy(update=dict(values))
    for name in values:
        before, now = getattr(deputyship, name), getattr(after, name)
        if before != now:
            after = written(after, "corrected", today, field=name, before=_text(before), after=_text(now))
    return after


def redate(deputyship: Deputyship, *, started_on: date, today: date) -> Deputyship:
    """Correct the first day, and that of memberships and roles that began on it. Errors: ImpossibleDate."""
    moved = deputyship.model_copy(
        update={
            name: [_moved(item, "from_on", deputyship.started_on, started_on) for item in history]
            for name, history in _histories(deputyship)
        }
    )
    _check_days(moved, started_on, deputyship.ended_on, "body.started_on")
    return correct(moved, {"started_on": started_on}, today=today)


def redate_end(
    deputyship: Deputyship, *, ended_on: date | None, ended_reason: EndReason | None, today: date
) -> Deputyship:
    """Correct the last day or the reason (None: unchanged), and the last day of everything that ended on it.

    Errors: Invalid, ImpossibleDate.
    """
    if deputyship.ended_on is None:
        raise unfit("ended_on", "代表资格没有终止；终止请用 :end 办理")
    last, reason = ended_on or deputyship.ended_on, ended_reason or deputyship.ended_reason
    moved = deputyship.model_copy(
        update={
            name: [_moved(item, "to_on", deputyship.ended_on, last) for item in history]
            for name, history in (*_histories(deputyship), ("suspensions", deputyship.suspensions))
        }
    )
    _check_days(moved, deputyship.started_on, last, "body.ended_on")
    return correct(moved, {"ended_on": last, "ended_reason": reason}, today=today)


def void(deputyship: Deputyship, *, reason: str, today: date) -> Deputyship:
    """Withdraw a mandate that was entered by mistake: it has lasted for no day. Errors: WrongStatus.

    What it said before stays in its history.
    """
    must_hold(deputyship)
    began = deputyship.started_on
    empty = {"status": "voided", "ended_on": began, "ended_reason": None, "group_id": None, "roles": []}
    empty |= {"suspensions": [], "group_history": [], "role_history": [], "void_reason": reason}
    over = deputyship.ended_on or ""
    return written(
        deputyship.model_copy(update=empty), "voided", today, reason=reason, before=f"{began}—{over}"
    )


def _histories(deputyship: Deputyship) -> tuple[tuple[str, Iterable[Any]], ...]:
    return (("group_history", deputyship.group_history), ("role_history", deputyship.role_history))


def _moved(item: Item, bound: str, before: date, day: date) -> Item:
    return item.model_copy(update={bound: day}) if getattr(item, bound) == before else item


def _check_days(deputyship: Deputyship, started_on: date, ended_on: date | None, loc: str) -> None:
    """All intervals must lie between the first day and the last."""
    dated: list[Interval] = [*deputyship.suspensions, *deputyship.group_history, *deputyship.role_history]
    for item in dated:
        start = item.from_on or started_on
        over = item.to_on or start
        not_after(started_on, start, "任职开始", loc)
        not_after(start, over, "开始", loc)
        not_after(over, ended_on or over, "最近一次变动", loc)
    if ended_on is not None:
        not_after(started_on, ended_on, "任职开始", loc)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
