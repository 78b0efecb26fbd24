"""Who is shown the reasons for leave: the office all of them, a deputy his own, others none."""

from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from services.activities.domain.activities import Activity
from services.activities.domain.attendance import Attendance
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.repository import deputyships_of
from shared.http import Call


class Attended(Protocol):
    @property
    def attendance(self) -> Attendance: ...

    def model_copy(self, *, update: dict[str, Attendance]) -> Self: ...


A = TypeVar("A", bound=Attended)


@dataclass(frozen=True)
class Viewer:
    """`own`: the deputyships of the caller, whose `sub` is the id of one or of the person."""

    office: bool
    own: frozenset[str]

    def seen(self, record: A) -> A:
        if self.office or not record.attendance.on_leave:
            return record
        return record.model_copy(update={"attendance": record.attendance.seen_by(self.own)})


async def viewer(call: Call) -> Viewer:
    own: set[str] = set()
    if call.actor.has("deputy", "leader"):
        own = {call.actor.sub, *(one.id for one in await deputyships_of(call.work, call.actor.sub))}
    return Viewer(call.actor.has("office"), frozenset(own))


def session_seen(session: Session, by: Viewer) -> Session:
    return by.seen(session)


def presidium_meeting_seen(meeting: PresidiumMeeting, by: Viewer) -> PresidiumMeeting:
    return by.seen(meeting)


def activity_seen(activity: Activity, by: Viewer) -> Activity:
    return by.seen(activity)
