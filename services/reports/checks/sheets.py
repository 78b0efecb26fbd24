"""Findings about attendance sheets: missing records, and records that differ from the sealed roster."""

from collections.abc import Iterator
from typing import Any

from services.reports.checks.draft import Books, Draft, finding, together
from services.reports.events_in import Attended, Session
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year
from services.reports.notation import session_name


def attendance(books: Books) -> Iterator[Draft]:
    """Attendance not recorded (no absence), and sheets that differ from the sealed roster, which figures use."""
    year = books.year
    events: list[LedgerFact[Any]] = [*year.sessions, *year.presidium_meetings, *year.all_activities]
    silent = ((fact.data.held_on, [fact]) for fact in events if not fact.data.attendance.recorded)
    message = "有{}场会议和活动没有登记考勤。"
    yield from together(books, "attendance.not_recorded", message, silent, key="whole")
    for fact in events:
        if fact.data.attendance.recorded:
            yield from _sheet(year, fact)


def _sheet(year: Year, fact: LedgerFact[Any]) -> Iterator[Draft]:
    turnout, name, day = year.turnout(fact.data), name_of(year, fact.data), fact.data.held_on
    if turnout.not_recorded:
        message = f"{name}应到{len(turnout.expected)}名，其中{len(turnout.not_recorded)}名的出席、请假、缺席均未登记。"
        yield finding("attendance.not_recorded", message, [fact], key=name, day=day)
    entered = year.persons(fact.data.expected)
    if fact.data.expected and entered != turnout.expected:
        more, fewer = len(turnout.expected - entered), len(entered - turnout.expected)
        message = (
            f"{name}登记时应到{len(entered)}名，按封账时的名册应到{len(turnout.expected)}名"
            f"（增{more}名、减{fewer}名），统计以名册为准。"
        )
        yield finding("attendance.expected_differs", message, [fact], key=name, day=day)
    if outside := _named_away(year, fact.data) - turnout.expected:
        message = f"{name}登记请假、缺席的有{len(outside)}名不在应到之内，没有计入，请核对人员和小组。"
        yield finding("attendance.unexpected", message, [fact], key=f"{name}/away", day=day)
    if turnout.others and isinstance(fact.data, Session):
        message = f"{name}有{len(turnout.others)}名出席者不在应到之内，不计入出席率。"
        yield finding("attendance.unexpected", message, [fact], key=name, day=day)
    elif idle := year.idle(fact.data):
        message = f"{name}有{len(idle)}名出席者当日不是在任代表或者暂停执行职务，请核对名册和签到。"
        yield finding("attendance.unexpected", message, [fact], key=name, day=day)


def _named_away(year: Year, event: Attended) -> frozenset[str]:
    """Persons on leave or absent by the record, except those suspended that day, whom nobody expects."""
    day, sheet = event.held_on or year.as_of, event.attendance
    away = (*(leave.deputyship_id for leave in sheet.on_leave), *sheet.absent)
    idle = {fact.data.id for fact in year.suspended(day=day)}
    return year.persons(id for id in away if id not in idle)


def name_of(year: Year, event: Any) -> str:
    day = year.dated(event.held_on)
    if isinstance(event, Session):
        return session_name(event)
    return f"{day}“{event.title}”" if getattr(event, "title", "") else f"{day}主席团会议"
