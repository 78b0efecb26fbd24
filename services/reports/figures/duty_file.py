"""One deputy's year (履职档案): where he was expected and whether he came, what he raised, how he reported to voters.

Invariants: a row is about the person, whichever mandate he came by; nothing is added up into points or ranks.
"""

from collections.abc import Iterator
from typing import Any

from services.reports.events_in import Activity, Deputyship, DutyReport, Person, PresidiumMeeting, Session
from services.reports.figures.ledger import Fact
from services.reports.figures.year import Year
from services.reports.schemas import (
    AttendanceState,
    DutyFile,
    FileEvent,
    FileMandate,
    FileRating,
    FileSuggestion,
)
from services.reports.words import session_name

STATES: tuple[AttendanceState, ...] = ("present", "on_leave", "absent", "not_recorded")


def duty_file(year: Year, deputyship: Deputyship) -> DutyFile:
    person_id = year.person_of(deputyship.id)
    person = year.ledger.get(Person, person_id) or Person(id=person_id)
    mandates = [fact.data for fact in year.deputyships if fact.data.person_id == person_id]
    own = frozenset(mandate.id for mandate in mandates)
    events = list(_events(year, person_id))
    return DutyFile(
        town=year.ledger.town,
        year=year.year,
        deputyship_id=deputyship.id,
        person_id=person_id,
        name=person.name,
        mandates=[FileMandate.model_validate(mandate.model_dump()) for mandate in mandates],
        events=events,
        totals={
            kind: {state: sum((e.kind, e.state) == (kind, state) for e in events) for state in STATES}
            for kind in sorted({event.kind for event in events})
        },
        suggestions=list(_suggestions(year, own)),
        ratings=list(_ratings(year, own)),
    )


def _events(year: Year, person: str) -> Iterator[FileEvent]:
    held: list[Fact[Any]] = [*year.sessions, *year.presidium_meetings, *year.all_activities]
    for fact in sorted(held, key=lambda fact: fact.data.held_on):
        turnout = year.turnout(fact.data)
        parts = (turnout.attended, turnout.on_leave, turnout.absent, turnout.not_recorded)
        state = next((state for state, part in zip(STATES, parts, strict=True) if person in part), None)
        if state is None:
            continue
        kind, title = _called(fact.data)
        leaves = (leave for leave in fact.data.attendance.on_leave if state == "on_leave")
        reason = next((one.reason for one in leaves if year.person_of(one.deputyship_id) == person), "")
        yield FileEvent(
            kind=kind, title=title, held_on=fact.data.held_on, state=state, reason=reason, record=fact.ref
        )


def _called(event: Session | PresidiumMeeting | Activity) -> tuple[str, str]:
    """Kind and title."""
    if isinstance(event, Session):
        return "session", session_name(event)
    if isinstance(event, PresidiumMeeting):
        return "presidium_meeting", f"第{event.number}次主席团会议" if event.number else "主席团会议"
    return event.kind, event.title


def _suggestions(year: Year, own: frozenset[str]) -> Iterator[FileSuggestion]:
    for fact in year.suggestions:
        leads = fact.data.lead_deputyship_id in own
        if leads or not own.isdisjoint(fact.data.co_deputyship_ids):
            yield FileSuggestion(
                number=fact.data.number,
                title=fact.data.title,
                raised_on=fact.data.raised_on,
                part="lead" if leads else "co",
                state=fact.data.state,
                record=fact.ref,
            )


def _ratings(year: Year, own: frozenset[str]) -> Iterator[FileRating]:
    """Published meetings only; counts stay away where too few rated."""
    forms = {
        (fact.data.meeting_id, fact.data.deputyship_id): fact.data.form
        for fact in year.ledger.by_id(DutyReport).values()
    }
    for fact in year.rating_meetings:
        meeting, result = fact.data, fact.data.result
        for one in sorted(own.intersection(meeting.deputyship_ids)):
            shown = result is not None and not result.suppressed
            rows = [row for row in result.deputies if row.deputyship_id == one] if result and shown else []
            yield FileRating(
                held_on=meeting.held_on,
                constituency=meeting.constituency,
                form=forms.get((meeting.id, one), ""),
                suppressed=not shown,
                counts=rows[0].counts if len(rows) == 1 else {},
                record=fact.ref,
            )
