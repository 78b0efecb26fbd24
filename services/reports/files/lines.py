"""Lines that both duty files have: titles of events, attendance, suggestions."""

from collections.abc import Container, Iterator
from datetime import date
from typing import Any, Literal

from services.reports.domain.files import AttendanceState, FileSuggestion
from services.reports.events_in import Activity, Attended, Deputyship, PresidiumMeeting, Session, Suggestion
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.turnout import Turnout
from services.reports.figures.year import Year
from services.reports.notation import session_name

STATES: tuple[AttendanceState, ...] = ("present", "on_leave", "absent", "not_recorded", "not_expected")


def called(event: Attended) -> tuple[str, str]:
    """Kind and title of an event."""
    if isinstance(event, Session):
        return "session", session_name(event)
    if isinstance(event, PresidiumMeeting):
        return "presidium_meeting", f"第{event.number}次主席团会议" if event.number else "主席团会议"
    return (event.kind, event.title) if isinstance(event, Activity) else ("other", "")


def ended_on(event: Attended) -> date | None:
    """Last day of an activity of several days."""
    return event.ended_on if isinstance(event, Activity) and event.ended_on != event.held_on else None


def evidence(event: Attended) -> list[str]:
    return [str(item) for item in event.evidence] if isinstance(event, Activity) else []


def attendance_state(turnout: Turnout, person: str) -> AttendanceState:
    parts = (turnout.attended, turnout.on_leave, turnout.absent, turnout.not_recorded)
    states = (state for state, part in zip(STATES, parts, strict=False) if person in part)
    return next(states, "not_expected")


def leave_reason(year: Year, event: Attended, person: str) -> str:
    leaves = event.attendance.on_leave
    return next((leave.reason for leave in leaves if year.person_of(leave.deputyship_id) == person), "")


def ways(year: Year, event: Attended, person: str) -> dict[str, Any]:
    """Fields of a line that say how somebody present took part; empty where nothing is recorded."""
    sheet = event.attendance
    halves = (half.portion for half in sheet.half_day if year.person_of(half.deputyship_id) == person)
    online = person in year.turnout(event).online
    return {"online": online or None, "portion": next(halves, "")}


def suggestion_lines(year: Year, own: Container[str]) -> Iterator[FileSuggestion]:
    """Suggestions of the year that one of the mandates `own` leads or seconds."""
    for fact in year.suggestions:
        leads = fact.data.lead_deputyship_id in own
        if leads or any(id in own for id in fact.data.co_deputyship_ids):
            yield _suggestion(year, fact, "lead" if leads else "co")


def _suggestion(year: Year, fact: LedgerFact[Suggestion], part: Literal["lead", "co"]) -> FileSuggestion:
    suggestion, now = fact.data, year.handling(fact.data)
    return FileSuggestion(
        number=suggestion.number,
        title=suggestion.title,
        raised_on=suggestion.raised_on,
        raised_at=suggestion.raised_at,
        part=part,
        lead=year.name_of(year.ledger.get(Deputyship, suggestion.lead_deputyship_id)),
        state=suggestion.state,
        unit=suggestion.unit,
        co_units=list(suggestion.co_units),
        due_on=now.due_on,
        replied=now.replied,
        reply_class=now.reply_class,
        satisfaction=now.result,
        record=fact.ref,
    )


def town_name(year: Year) -> str:
    return year.town.data.name if year.town else ""


def held(year: Year) -> list[LedgerFact[Any]]:
    """Sessions, presidium meetings and activities of the year, by day."""
    events: list[LedgerFact[Any]] = [*year.sessions, *year.presidium_meetings, *year.all_activities]
    return sorted(events, key=lambda fact: fact.data.held_on)
