"""The duty file (履职档案) of a deputy, read from the ledger.

Invariants: a line is about the person and appears once, under one mandate; no points, no ranks; of a rating only
published results.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from services.reports.domain.files import (
    ChangeKind,
    DutyFile,
    FileChange,
    FileDutyReport,
    FileEvent,
    FileMandate,
    FileOpinions,
    FilePerson,
    FileRating,
)
from services.reports.events_in import Attended, Deputyship, DutyReport, Group, Meeting, Opinion, Person
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year
from services.reports.files.lines import (
    STATES,
    attendance_state,
    called,
    ended_on,
    evidence,
    held,
    leave_reason,
    suggestion_lines,
    town_name,
    ways,
)
from services.reports.notation import group_name

Mandates = Sequence[LedgerFact[Deputyship]]
Change = tuple[date | None, ChangeKind, str]
_ALWAYS = ("session", "presidium_meeting")
"""Kinds listed even where the deputy was not expected, so that the list is complete."""


def mandates_over(year: Year) -> list[LedgerFact[Deputyship]]:
    """Mandates held on some day of the year, in stroke order."""
    return [f for f in year.deputyships if year.reached(f.data.started_on, f.data.ended_on)]


def _person(year: Year, fact: LedgerFact[Person]) -> FilePerson:
    values = fact.data.model_dump() | {"name": fact.data.name_on(year.as_of)}
    return FilePerson(**values, record=fact.ref)


def duty_file(year: Year, deputyship: Deputyship) -> DutyFile:
    person_id = year.person_of(deputyship.id)
    person = year.ledger.by_id(Person).get(person_id)
    mandates = [fact for fact in year.deputyships if year.person_of(fact.data.id) == person_id]
    own = frozenset(fact.data.id for fact in mandates)
    events = list(_events(year, person_id, mandates))
    return DutyFile(
        town=year.ledger.town,
        town_name=town_name(year),
        year=year.year,
        deputyship_id=deputyship.id,
        person_id=person_id,
        name=person.data.name_on(year.as_of) if person else "",
        person=_person(year, person) if person else None,
        mandates=[_mandate(year, fact) for fact in mandates],
        changes=list(_changes(year, mandates)),
        events=events,
        totals={
            kind: {state: sum((e.kind, e.state) == (kind, state) for e in events) for state in STATES}
            for kind in sorted({event.kind for event in events})
        },
        suggestions=list(suggestion_lines(year, own)),
        opinions=_opinions(year, own),
        duty_reports=list(_duty_reports(year, own)),
        ratings=list(_ratings(year, mandates)),
    )


def _mandate(year: Year, fact: LedgerFact[Deputyship]) -> FileMandate:
    deputyship = fact.data
    if deputyship.group_history:
        spans = (span.group_id for span in deputyship.group_history if span.holds(year.as_of))
        group_id = next(spans, None)
    else:
        group_id = deputyship.group_id
    if deputyship.role_history:
        roles = [span.role for span in deputyship.role_history if span.holds(year.as_of)]
    else:
        roles = list(deputyship.roles)
    return FileMandate(
        **deputyship.model_dump(exclude={"roles", "group"}),
        group=_group(year, group_id),
        roles=sorted(set(roles)),
        record=fact.ref,
    )


def _group(year: Year, group_id: str | None) -> str:
    group = year.ledger.get(Group, group_id)
    return group_name(group) if group else ""


def _changes(year: Year, mandates: Mandates) -> Iterator[FileChange]:
    changes = [
        FileChange(on=on, what=what, detail=detail, deputyship_id=fact.data.id, record=fact.ref)
        for fact in mandates
        for on, what, detail in _turns(year, fact.data)
        if on is not None and year.within(on)
    ]
    yield from sorted(changes, key=lambda change: (change.on, change.what, change.detail))


def _turns(year: Year, deputyship: Deputyship) -> Iterator[Change]:
    """Changes of a mandate in any year: day, kind, detail."""
    yield deputyship.started_on, "started", deputyship.started_by
    yield deputyship.ended_on, "ended", deputyship.ended_reason
    for suspension in deputyship.suspensions:
        yield suspension.from_on, "suspended", ""
        yield suspension.to_on, "resumed", ""
    for stay in deputyship.group_history:
        yield stay.from_on, "group_joined", _group(year, stay.group_id)
        yield stay.to_on, "group_left", _group(year, stay.group_id)
    for term in deputyship.role_history:
        yield term.from_on, "role_taken", term.role
        yield term.to_on, "role_left", term.role


def _events(year: Year, person: str, mandates: Mandates) -> Iterator[FileEvent]:
    for fact in held(year):
        turnout = year.turnout(fact.data)
        state = attendance_state(turnout, person)
        kind, title = called(fact.data)
        if state == "not_expected" and kind not in _ALWAYS:
            continue
        yield FileEvent(
            kind=kind,
            title=title,
            held_on=fact.data.held_on,
            ended_on=ended_on(fact.data),
            place=getattr(fact.data, "place", ""),
            state=state,
            expected=person in turnout.expected,
            reason=leave_reason(year, fact.data, person) if state == "on_leave" else "",
            **(ways(year, fact.data, person) if state == "present" else {}),
            deputyship_id="" if state == "not_expected" else _by_mandate(year, fact.data, mandates),
            evidence=evidence(fact.data),
            record=fact.ref,
        )


def _by_mandate(year: Year, event: Attended, mandates: Mandates) -> str:
    """The mandate an event is listed under: one expected and named, else expected, else named."""
    expected, named = year.expected(event), frozenset(event.attendance.named)
    own = [fact.data.id for fact in mandates]
    return min(own, key=lambda id: (id not in expected, id not in named, own.index(id)))


def _opinions(year: Year, own: frozenset[str]) -> FileOpinions:
    opinions: list[LedgerFact[Opinion]] = [fact for fact in year.opinions if fact.data.deputyship_id in own]
    return FileOpinions(
        received=len(opinions),
        closed=sum(fact.data.state == "closed" for fact in opinions),
        by_state=dict(sorted(Counter(fact.data.state for fact in opinions).items())),
        records=[fact.ref for fact in opinions],
    )


def _duty_reports(year: Year, own: frozenset[str]) -> Iterator[FileDutyReport]:
    """Duty reports by day; those of unknown meetings are left out."""
    reports = [fact for fact in year.ledger.by_id(DutyReport).values() if fact.data.deputyship_id in own]
    lines = [
        FileDutyReport(
            held_on=meeting.held_on, constituency=meeting.constituency, form=fact.data.form, record=fact.ref
        )
        for fact in reports
        if (meeting := year.ledger.get(Meeting, fact.data.meeting_id)) and year.within(meeting.held_on)
    ]
    yield from sorted(lines, key=lambda line: (line.held_on or year.start, line.constituency, line.form))


def _ratings(year: Year, mandates: Mandates) -> Iterator[FileRating]:
    """Ratings at published meetings; suppressed results have no counts."""
    forms = {
        (fact.data.meeting_id, fact.data.deputyship_id): fact.data.form
        for fact in year.ledger.by_id(DutyReport).values()
    }
    for fact in year.rating_meetings:
        meeting, result = fact.data, fact.data.result
        for mandate_id in (m.data.id for m in mandates if m.data.id in meeting.deputyship_ids):
            shown = result is not None and not result.suppressed
            rows = (
                [row for row in result.deputies if row.deputyship_id == mandate_id]
                if result and shown
                else []
            )
            yield FileRating(
                held_on=meeting.held_on,
                constituency=meeting.constituency,
                form=forms.get((meeting.id, mandate_id), ""),
                scheme=meeting.scheme.name,
                suppressed=not shown,
                valid=result.valid if result and shown else None,
                counts=rows[0].counts if len(rows) == 1 else {},
                labels={option.code: option.label for option in meeting.scheme.options},
                record=fact.ref,
            )
