"""The duty file (小组履职档案) of a group, read from the ledger.

Invariants: membership and leadership are those of the day; names are in stroke order, without comparison.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from services.reports.domain.files import (
    Attendee,
    GroupEvent,
    GroupFile,
    GroupLeader,
    GroupMember,
    GroupPlanItem,
    GroupStation,
)
from services.reports.events_in import (
    Activity,
    Attended,
    Deputyship,
    Group,
    GroupSpan,
    LeaderSpan,
    Span,
    Station,
)
from services.reports.figures import plans
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.mandates import in_group, serves
from services.reports.figures.year import Year
from services.reports.files.lines import (
    attendance_state,
    called,
    ended_on,
    evidence,
    leave_reason,
    suggestion_lines,
    town_name,
    ways,
)
from services.reports.notation import group_name

Member = LedgerFact[Deputyship]


def groups_over(year: Year) -> list[LedgerFact[Group]]:
    """Groups that existed on some day of the year, by number."""
    groups = year.ledger.sorted(Group, lambda g: (g.level != "town", g.number or 0, g.name))
    return [f for f in groups if year.reached(f.data.formed_on, f.data.dissolved_on)]


def group_file(year: Year, fact: LedgerFact[Group]) -> GroupFile:
    group = fact.data
    stays = list(_stays(year, group))
    own = year.of_group(group)
    trainings = [a for a in year.activities("training") if group.id not in a.data.groups]
    items = list(_plan(year, group))
    return GroupFile(
        town=year.ledger.town,
        town_name=town_name(year),
        year=year.year,
        group_id=group.id,
        name=group_name(group),
        number=group.number,
        level=group.level,
        formed_on=group.formed_on,
        dissolved_on=group.dissolved_on,
        rules=list(group.rules),
        record=fact.ref,
        station=_station(year, group),
        members=[_member(year, member, stay) for member, stay in stays],
        leaders=list(_leaders(year, fact)),
        plan=items,
        plan_due=sum(p.group_id == group.id for p, _ in plans.due(year)),
        plan_done=sum(p.group_id == group.id for p, _ in plans.done(year)),
        activities=[_event(year, group, event) for event in own],
        trainings=[line for line in (_event(year, group, event) for event in trainings) if _concerns(line)],
        sessions=[_event(year, group, event) for event in year.sessions],
        suggestions=list(suggestion_lines(year, {member.data.id for member, _ in stays})),
    )


def members_over(year: Year, group: Group) -> frozenset[str]:
    """Deputyships that belonged to the group on some day of the year."""
    return frozenset(member.data.id for member, _ in _stays(year, group))


def leads(group: Group, deputyship: Deputyship, day: date) -> bool:
    """Whether the deputy leads the group on `day`: by its history, its named leader, or the role of the deputy."""
    if not serves(deputyship, day):
        return False
    if group.leader_history:
        return any(span.deputyship_id == deputyship.id and span.holds(day) for span in group.leader_history)
    if group.leader_deputyship_id:
        return group.leader_deputyship_id == deputyship.id
    terms = (span for span in deputyship.role_history if span.role == "group_leader" and span.holds(day))
    return in_group(deputyship, group.id, day) and next(terms, None) is not None


def _stays(year: Year, group: Group) -> Iterator[tuple[Member, Span]]:
    """Memberships with a day in the year, limited to the mandate; members in stroke order."""
    for fact in year.deputyships:
        deputyship = fact.data
        spans: Sequence[GroupSpan] = deputyship.group_history or (GroupSpan(group_id=deputyship.group_id),)
        for span in spans:
            begun = max((day for day in (span.from_on, deputyship.started_on) if day), default=None)
            over = min((day for day in (span.to_on, deputyship.ended_on) if day), default=None)
            if (
                span.group_id == group.id
                and year.reached(begun, over)
                and not (begun and over and over <= begun)
            ):
                yield fact, Span(from_on=begun, to_on=over)


def _member(year: Year, fact: Member, stay: Span) -> GroupMember:
    return GroupMember(
        deputyship_id=fact.data.id,
        name=year.name_of(fact.data),
        constituency=fact.data.constituency,
        from_on=stay.from_on,
        to_on=stay.to_on,
        record=fact.ref,
    )


def _leaders(year: Year, group: LedgerFact[Group]) -> Iterator[GroupLeader]:
    """Leaders by day; where the group names none, members with the role of leader."""
    spans: list[tuple[str, Span, Any]] = [
        (span.deputyship_id, span, group.ref) for span in group.data.leader_history
    ]
    if not spans and group.data.leader_deputyship_id:
        spans = [(group.data.leader_deputyship_id, LeaderSpan(), group.ref)]
    if not spans:
        spans = [
            (member.data.id, term, member.ref)
            for member, _ in _stays(year, group.data)
            for term in member.data.role_history
            if term.role == "group_leader"
        ]
    for id, span, ref in sorted(spans, key=lambda entry: by_date(entry[1].from_on)):
        if year.reached(span.from_on, span.to_on):
            name = year.name_of(year.ledger.get(Deputyship, id))
            yield GroupLeader(deputyship_id=id, name=name, from_on=span.from_on, to_on=span.to_on, record=ref)


def _station(year: Year, group: Group) -> GroupStation | None:
    fact = year.ledger.by_id(Station).get(group.station_id or "")
    return GroupStation(**fact.data.model_dump(), record=fact.ref) if fact else None


def _plan(year: Year, group: Group) -> Iterator[GroupPlanItem]:
    done = {id(item) for _, item in plans.done(year)}
    for fact in year.plans:
        for item in fact.data.items if fact.data.group_id == group.id else ():
            activity = year.ledger.by_id(Activity).get(item.activity_id or "")
            yield GroupPlanItem(
                **item.model_dump(include={"title", "kind", "theme", "due_on", "state", "done_on"}),
                done=id(item) in done,
                activity=activity.ref if activity else None,
                record=fact.ref,
            )


def _event(year: Year, group: Group, fact: LedgerFact[Any]) -> GroupEvent:
    event: Attended = fact.data
    kind, title = called(event)
    return GroupEvent(
        kind=kind,
        title=title,
        held_on=fact.data.held_on,
        ended_on=ended_on(event),
        place=getattr(event, "place", ""),
        topics=list(getattr(event, "topics", ())),
        members=list(_attendees(year, group, event)),
        others=len(year.turnout(event).attended - _persons(year, group, event).keys()),
        evidence=evidence(event),
        record=fact.ref,
    )


def _persons(year: Year, group: Group, event: Attended) -> Mapping[str, Deputyship]:
    """Members on the day of the event by person, in stroke order."""
    day = event.held_on or year.as_of
    there = [f.data for f in year.serving(day=day) if in_group(f.data, group.id, day)]
    return {year.person_of(member.id): member for member in there}


def _attendees(year: Year, group: Group, event: Attended) -> Iterator[Attendee]:
    turnout = year.turnout(event)
    for person, member in _persons(year, group, event).items():
        state = attendance_state(turnout, person)
        yield Attendee(
            deputyship_id=member.id,
            name=year.name_of(member),
            state=state,
            reason=leave_reason(year, event, person) if state == "on_leave" else "",
            **(ways(year, event, person) if state == "present" else {}),
        )


def _concerns(line: GroupEvent) -> bool:
    """Whether any member was expected or came."""
    return any(member.state != "not_expected" for member in line.members)
