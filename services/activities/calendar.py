"""iCalendar feed (RFC 5545) of plans, sessions and presidium meetings.

The same records always give the same bytes: nothing depends on the time of the request.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.sheets import PLANNED
from shared.storage.work import Record

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT: Final = "-//lvzhi//activities//ZH"
_LABELS: Final = {kind: label for label, kind in PLANNED.items()}


def calendar(
    name: str,
    plans: Sequence[Plan],
    groups: Mapping[str, str],
    sessions: Sequence[Session] = (),
    meetings: Sequence[PresidiumMeeting] = (),
) -> bytes:
    """`groups`: names of groups by id."""
    from icalendar import Calendar

    feed = Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("x-wr-calname", name)
    events = [
        *(event for plan in plans for event in _planned(plan, groups)),
        *(_session(session) for session in sessions),
        *(_meeting(meeting) for meeting in meetings),
    ]
    for event in sorted(events, key=lambda event: (event.DTSTART, str(event["uid"]))):
        feed.add_component(event)
    content: bytes = feed.to_ical()
    return content


def _planned(plan: Plan, groups: Mapping[str, str]) -> "Iterator[Event]":
    """Events of a plan's items: on the day an item was done, else on its due date; without either there is none."""
    group = groups.get(plan.group_id or "", "")
    for item in plan.items:
        day = item.done_on or item.due_on
        if day is None:
            continue
        title = f"{group}：{item.title}" if group else item.title
        event = _event(plan, item.id, plan.year, title, day)
        event.add("status", "CANCELLED" if item.state is ItemState.CANCELLED else "CONFIRMED")
        if item.kind:
            event.add("categories", [_LABELS.get(item.kind, item.kind)])
        if description := "\n".join(_description(item)):
            event.add("description", description)
        yield event


def _description(item: PlanItem) -> Iterator[str]:
    if item.theme:
        yield f"主题：{item.theme}"
    for postponement in item.postponements:
        yield f"推迟到{postponement.to}：{postponement.reason}"
    if item.cancelled_reason:
        yield f"取消：{item.cancelled_reason}"


def _session(session: Session) -> "Event":
    title = f"第{session.congress_number}届人民代表大会第{session.session_number}次会议"
    event = _event(session, session.id, session.year, title, session.held_on, session.ended_on)
    event.add("status", "CONFIRMED")
    return event


def _meeting(meeting: PresidiumMeeting) -> "Event":
    event = _event(meeting, meeting.id, meeting.year, f"第{meeting.number}次主席团会议", meeting.held_on)
    event.add("status", "CONFIRMED")
    return event


def _event(record: Record, id: str, year: int, title: str, first: date, last: date | None = None) -> "Event":
    """An all-day event; DTEND is the day after the last. SEQUENCE is the record's version, which only grows; DTSTAMP is
    the first day of its year, so that the feed does not depend on the time of the request."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{id}@{record.town}.lvzhi")
    event.add("dtstamp", datetime(year, 1, 1, tzinfo=UTC))
    event.add("sequence", record.version)
    event.add("summary", title)
    event.add("dtstart", first)
    event.add("dtend", date.fromordinal(max(first, last or first).toordinal() + 1))
    event.add("transp", "TRANSPARENT")
    return event
