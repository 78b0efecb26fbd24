"""Sessions missed without approved leave in one term (代表法 2025 Art. 62(3)): counted and published, without effect.

The article says "twice", not "twice in a row"; sessions of another term do not count. The congress declares the end of
a mandate; a second absence only opens a task for its committee.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from services.activities.domain.meetings import Session
from services.activities.domain.values import Value
from shared.storage.work import Record

REACHED_AT: Final = 2


class Missed(Value):
    session_id: str
    session_number: int
    held_on: date


class AbsenceState(StrEnum):
    """`withdrawn`: after a correction fewer than two sessions were missed."""

    REACHED = "reached"
    WITHDRAWN = "withdrawn"


class Absence(Record):
    """A deputy who missed two or more sessions of one congress, for the committee to examine."""

    congress_number: int
    deputyship_id: str
    sessions: tuple[Missed, ...] = ()
    state: AbsenceState = AbsenceState.REACHED


class AbsenceCount(Record):
    """A document of one term that every entry about its sessions changes, so that concurrent entries conflict."""


def missed(
    sessions: Iterable[Session], congress_number: int, as_of: date | None = None
) -> dict[str, tuple[Missed, ...]]:
    """Missed sessions by deputyship, in order. Not recorded is not absent, nor is approved leave.

    `as_of`: later sessions and later approvals are ignored.
    """
    missed_sessions: dict[str, tuple[Missed, ...]] = {}
    for session in sorted(sessions, key=lambda session: (session.held_on, session.session_number)):
        if session.is_voided or session.congress_number != congress_number:
            continue
        if as_of is not None and session.held_on > as_of:
            continue
        entry = Missed(session_id=session.id, session_number=session.session_number, held_on=session.held_on)
        for deputyship_id in sorted(session.attendance.without_approved_leave(as_of) & {*session.expected}):
            missed_sessions[deputyship_id] = (*missed_sessions.get(deputyship_id, ()), entry)
    return missed_sessions
