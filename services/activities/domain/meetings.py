"""Sessions of the congress (人民代表大会会议) and meetings of its presidium (主席团会议), as recorded."""

from collections.abc import Iterator
from datetime import date

from services.activities.domain.attendance import Attendance
from services.activities.domain.business import (
    AcceptedResignation,
    Cast,
    Election,
    HeardReport,
    Matter,
    Motion,
    Removal,
    Resolution,
)
from services.activities.domain.livelihood import LivelihoodProject, LivelihoodVote
from services.activities.domain.questions import Question, askers, check_questions
from services.activities.domain.reminders import Reminder
from services.activities.domain.values import Count, Ordinal, Text, Title, Value
from services.activities.errors import DatesOutOfOrder
from shared.days import Day
from shared.errors import FieldError, NotFound
from shared.storage.voiding import Voidable


class Observers(Value):
    """Number of observers (列席, 旁听) of one kind: deputies of the county, heads of offices, voters …"""

    kind: Title
    count: Count


class Session(Voidable):
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
    resignations_accepted: tuple[AcceptedResignation, ...] = ()
    removals: tuple[Removal, ...] = ()
    motions: tuple[Motion, ...] = ()
    questions: tuple[Question, ...] = ()
    livelihood_vote: LivelihoodVote | None = None
    livelihood_projects: tuple[LivelihoodProject, ...] = ()
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
        check_questions(self.questions, self.held_on)
        faults = [
            FieldError(f"body.livelihood_projects.{n}.{field}", message)
            for n, project in enumerate(self.livelihood_projects)
            for field, message in project.faults(self.held_on)
        ]
        if faults:
            raise DatesOutOfOrder(faults[0].message, errors=faults)

    def business(self) -> Iterator[tuple[str, Matter]]:
        """(place in the request, matter voted on)."""
        for name in ("elections", "resolutions", "reports", "resignations_accepted", "removals"):
            for n, matter in enumerate(getattr(self, name)):
                yield f"body.{name}.{n}", matter

    def votes(self) -> list[tuple[str, str, int | None]]:
        """(place in the request, matter, votes in favour) of all that was elected, resolved or passed."""
        return [
            (f"{at}.votes", matter.named, matter.votes) for at, matter in self.business() if matter.carried
        ]

    def cast(self) -> list[Cast]:
        """All numbers of votes and ballots, none of which may exceed the number of voters."""
        cast = [cast for at, matter in self.business() for cast in matter.cast(at)]
        cast += self.livelihood_vote.cast() if self.livelihood_vote else ()
        for n, project in enumerate(self.livelihood_projects):
            cast += project.cast(f"body.livelihood_projects.{n}")
        return cast

    def project_followed(self, number: int, **told: object) -> "Session":
        """What is told of a chosen project; `number` counts from 1. Errors: RecordVoided, NotFound,
        DatesOutOfOrder."""
        self.check_in_force()
        if not 1 <= number <= len(self.livelihood_projects):
            raise NotFound(f"这次会议没有第 {number} 个民生实事项目")
        projects = list(self.livelihood_projects)
        projects[number - 1] = projects[number - 1].model_copy(update=told)
        after = self.model_copy(update={"livelihood_projects": tuple(projects)})
        after.check_dates()
        return after

    def proposers(self) -> Iterator[tuple[str, str]]:
        """(place in the request, deputyship id)."""
        named = (
            ("motions", "proposers", self.motions),
            ("elections", "nominators", self.elections),
            ("removals", "proposers", self.removals),
        )
        for name, field, parts in named:
            for n, part in enumerate(parts):
                for m, deputyship_id in enumerate(getattr(part, field)):
                    yield f"{name}.{n}.{field}.{m}", deputyship_id
        yield from askers(self.questions)


class Decision(Value):
    """A decision of the presidium: due date, day it was done, and outcome."""

    text: Text
    due_on: Day | None = None
    done_on: Day | None = None
    outcome: Text | None = None


class PresidiumMeeting(Voidable):
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
        self.check_in_force()
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
