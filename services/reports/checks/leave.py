"""Findings about leave: approved late; of sessions also not approved, or by the wrong approver."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from services.reports.checks.draft import Books, Draft, finding
from services.reports.checks.sheets import name_of
from services.reports.events_in import Leave
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year
from services.reports.names import APPROVERS, named


def leave(books: Books) -> Iterator[Draft]:
    """Leave approved late, not approved, or by the wrong approver; unrecorded approval is no finding."""
    year = books.year
    events: list[LedgerFact[Any]] = [*year.sessions, *year.presidium_meetings, *year.all_activities]
    for fact in events:
        day = fact.data.held_on or year.as_of
        yield from _finding(year, fact, "leave_late", "{}有{}名的请假是事后批准的。", partial(_late, day))
    for fact in year.sessions:
        permitted = year.rules_on(fact.data.held_on or year.as_of).leave_approver
        approvers = "、".join(named(APPROVERS, code) for code in permitted)
        other = f"{{}}有{{}}名的请假不是由规定的{approvers}批准的。"
        yield from _finding(year, fact, "leave_approver", other, partial(_by_another, permitted))
        pending = "{}有{}名申请请假，没有登记批准，按未经批准不出席计算。"
        yield from _finding(
            year, fact, "leave_unapproved", pending, lambda leave: not leave.approved(year.as_of)
        )


def _late(held_on: date, leave: Leave) -> bool:
    return leave.approved_on is not None and leave.approved_on > held_on


def _by_another(named: tuple[str, ...], leave: Leave) -> bool:
    return bool(named and leave.approved_by) and leave.approved_by not in named


def _finding(
    year: Year, fact: LedgerFact[Any], rule: str, message: str, wrong: Callable[[Leave], bool]
) -> Iterator[Draft]:
    number = sum(map(wrong, fact.data.attendance.on_leave))
    if number:
        name = name_of(year, fact.data)
        yield finding(
            f"attendance.{rule}", message.format(name, number), [fact], key=name, day=fact.data.held_on
        )
