"""Sessions missed without approved leave inside one term (代表法 2025 Art. 62(3)): counted, told, and never acted upon.

The article says "twice", not "twice in a row"; what was missed in another term does not count. That a mandate ends is
for the congress to declare; a second absence is no more than a task for its committee.
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
    """`withdrawn`: it turned out, or was corrected, that it was not twice."""

    REACHED = "reached"
    WITHDRAWN = "withdrawn"


class Absence(Record):
    """A deputy missed so many sessions of this congress that the committee is to look at it."""

    congress_number: int
    deputyship_id: str
    sessions: tuple[Missed, ...] = ()
    state: AbsenceState = AbsenceState.REACHED


class AbsenceCount(Record):
    """Two entries about one term cannot be made past each other: each of them changes this."""


def missed(
    sessions: Iterable[Session], congress_number: int, as_of: date | None = None
) -> dict[str, tuple[Missed, ...]]:
    """By deputyship, in the order the sessions were held. Not recorded is not absent, nor is approved leave.

    `as_of` looks at no later session and at no later approval.
    """
    found: dict[str, tuple[Missed, ...]] = {}
    for session in sorted(sessions, key=lambda one: (one.held_on, one.session_number)):
        if session.congress_number != congress_number or (as_of is not None and session.held_on > as_of):
            continue
        this = Missed(session_id=session.id, session_number=session.session_number, held_on=session.held_on)
        for deputyship_id in sorted(session.attendance.without_approved_leave(as_of) & {*session.expected}):
            found[deputyship_id] = (*found.get(deputyship_id, ()), this)
    return found
