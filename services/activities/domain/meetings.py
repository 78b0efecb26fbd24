"""Sessions of the congress (人民代表大会会议) and meetings of its presidium (主席团会议), as recorded."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.activities.domain.attendance import Attendance
from services.activities.domain.reminders import Reminder
from services.activities.domain.values import Count, Id, Ordinal, Text, Title, Value
from services.activities.errors import DatesOutOfOrder
from shared.days import Day
from shared.errors import FieldError, NotFound
from shared.storage.work import Record


class ReportKind(StrEnum):
    GOVERNMENT = "government"
    PRESIDIUM = "presidium"
    BUDGET = "budget"
    OTHER = "other"


class HeardReport(Value):
    """A report heard and deliberated by the session; `adopted` None: the result is not recorded."""

    title: Title
    kind: ReportKind = ReportKind.OTHER
    adopted: bool | None = None
    votes: Count | None = None


class Resolution(Value):
    title: Title
    votes: Count | None = None


class Election(Value):
    """One person elected: number of `candidates`, ballots `issued`, `returned` and `valid`, `votes` in favour."""

    post: Title
    name: Title
    candidates: Count | None = None
    issued: Count | None = None
    returned: Count | None = None
    valid: Count | None = None
    votes: Count | None = None


class ProposedBy(StrEnum):
    DEPUTIES = "deputies"
    PRESIDIUM = "presidium"
    GOVERNMENT = "government"


class Motion(Value):
    """A motion (议案). `proposers`: deputyship ids; `on_agenda`: the presidium's decision."""

    title: Title
    proposed_by: ProposedBy = ProposedBy.DEPUTIES
    proposers: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    on_agenda: bool | None = None


class Observers(Value):
    """Number of observers (列席, 旁听) of one kind: deputies of the county, heads of offices, voters …"""

    kind: Title
    count: Count


class Session(Record):
    """第{congress_number}届人民代表大会第{session_number}次会议. `year` is that of `held_on`; deputies were notified on
    `notice_on` and received its papers on `papers_on`."""

    year: int
    congress_number: Ordinal
    session_number: Ordinal
    notice_on: date | None = None
    papers_on: date | None = None
    planned_on: date | None = None
    postponed_reason: str | None = None
    held_on: date
    ended_on: date | None = None
    agenda: tuple[Text, ...] = ()
    reports: tuple[HeardReport, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    elections: tuple[Election, ...] = ()
    motions: tuple[Motion, ...] = ()
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()
    late_leave: tuple[str, ...] = ()
    observers: Count | None = None
    observer_kinds: tuple[Observers, ...] = ()
    roster_sequence: int = 0
    roster_hash: str | None = None

    def check_dates(self) -> None:
        if self.ended_on is not None and self.ended_on < self.held_on:
            message = f"会议 {self.held_on} 举行，不能早于当日（{self.ended_on}）闭幕"
            raise DatesOutOfOrder(message, errors=[FieldError("body.ended_on", message)])

    def votes(self) -> list[tuple[str, str, int | None]]:
        """(place in the request, matter, votes in favour)."""
        elections = [
            (f"body.elections.{n}.votes", f"{e.post} {e.name}", e.votes) for n, e in enumerate(self.elections)
        ]
        resolutions = [
            (f"body.resolutions.{n}.votes", r.title, r.votes) for n, r in enumerate(self.resolutions)
        ]
        reports = [
            (f"body.reports.{n}.votes", r.title, r.votes) for n, r in enumerate(self.reports) if r.adopted
        ]
        return [*elections, *resolutions, *reports]

    def proposers(self) -> Iterator[tuple[str, str]]:
        """(place in the request, deputyship id)."""
        for n, motion in enumerate(self.motions):
            for m, deputyship_id in enumerate(motion.proposers):
                yield f"motions.{n}.proposers.{m}", deputyship_id


class Decision(Value):
    """A decision of the presidium: due date, day it was done, and outcome."""

    text: Text
    due_on: Day | None = None
    done_on: Day | None = None
    outcome: Text | None = None


class PresidiumMeeting(Record):
    """`number` counts within the year of `held_on`. `told`: reminders published for decisions that are due soon or
    overdue; their `part` is the decision's text."""

    year: int
    number: Ordinal
    held_on: date
    topics: tuple[Text, ...] = ()
    special_reports: tuple[Text, ...] = ()
    opinions: tuple[Text, ...] = ()
    decisions: tuple[Decision, ...] = ()
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()
    late_leave: tuple[str, ...] = ()
    roster_sequence: int = 0
    roster_hash: str | None = None
    told: tuple[Reminder, ...] = ()

    def decision_done(self, number: int, on: date, outcome: str | None) -> "PresidiumMeeting":
        """Mark a decision as done; `number` counts from 1. A second call corrects the first."""
        if not 1 <= number <= len(self.decisions):
            raise NotFound(f"这次会议没有第 {number} 项议定事项")
        if on < self.held_on:
            message = f"会议 {self.held_on} 举行，议定事项不能早于当日（{on}）落实"
            raise DatesOutOfOrder(message, errors=[FieldError("body.on", message)])
        done = self.decisions[number - 1].model_copy(update={"done_on": on, "outcome": outcome})
        decisions = (*self.decisions[: number - 1], done, *self.decisions[number:])
        return self.model_copy(update={"decisions": decisions})

    def open_decisions(self, day: date) -> Iterator[tuple[int, Decision]]:
        """Decisions not done by the day, with their numbers."""
        for number, decision in enumerate(self.decisions, start=1):
            if decision.done_on is None or decision.done_on > day:
                yield number, decision
