"""Sessions of the congress (人民代表大会会议) and meetings of its presidium (主席团会议), as recorded."""

from datetime import date
from enum import StrEnum

from services.activities.domain.attendance import Attendance
from services.activities.domain.values import Count, Ordinal, Text, Title, Value
from services.activities.errors import DatesOutOfOrder
from shared.days import Day
from shared.errors import FieldError
from shared.work import Record


class ReportKind(StrEnum):
    GOVERNMENT = "government"
    PRESIDIUM = "presidium"
    BUDGET = "budget"
    OTHER = "other"


class HeardReport(Value):
    """A report the session heard and deliberated on; `adopted` None: nobody wrote down what became of it."""

    title: Title
    kind: ReportKind = ReportKind.OTHER
    adopted: bool | None = None


class Resolution(Value):
    title: Title
    votes: Count | None = None


class Election(Value):
    post: Title
    name: Title
    votes: Count | None = None


class Session(Record):
    """第{congress_number}届人民代表大会第{session_number}次会议. `year` is that of `held_on`."""

    year: int
    congress_number: Ordinal
    session_number: Ordinal
    planned_on: date | None = None
    postponed_reason: str | None = None
    held_on: date
    ended_on: date | None = None
    reports: tuple[HeardReport, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    elections: tuple[Election, ...] = ()
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()
    observers: Count | None = None
    roster_sequence: int = 0
    roster_hash: str | None = None

    def check_dates(self) -> None:
        if self.ended_on is not None and self.ended_on < self.held_on:
            message = f"会议 {self.held_on} 举行，不能早于当日（{self.ended_on}）闭幕"
            raise DatesOutOfOrder(message, errors=[FieldError("body.ended_on", message)])

    def votes(self) -> list[tuple[str, str, int | None]]:
        """(place in the request, what was voted on, votes in favour)."""
        elections = [
            (f"body.elections.{n}.votes", f"{e.post} {e.name}", e.votes) for n, e in enumerate(self.elections)
        ]
        resolutions = [
            (f"body.resolutions.{n}.votes", r.title, r.votes) for n, r in enumerate(self.resolutions)
        ]
        return [*elections, *resolutions]


class Decision(Value):
    """What the presidium decided, by when it is to be done, and when it was."""

    text: Text
    due_on: Day | None = None
    done_on: Day | None = None


class PresidiumMeeting(Record):
    """`number` counts within the year of `held_on`."""

    year: int
    number: Ordinal
    held_on: date
    topics: tuple[Text, ...] = ()
    special_reports: tuple[Text, ...] = ()
    opinions: tuple[Text, ...] = ()
    decisions: tuple[Decision, ...] = ()
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()
    roster_sequence: int = 0
    roster_hash: str | None = None
