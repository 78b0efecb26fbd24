"""Sessions of the congress, meetings of its presidium, and absences."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from services.activities.domain.absences import Missed
from services.activities.domain.attendance import Attendance
from services.activities.domain.business import (
    AcceptedResignation,
    Election,
    HeardReport,
    Motion,
    Removal,
    Resolution,
)
from services.activities.domain.livelihood import LivelihoodProject, LivelihoodVote
from services.activities.domain.meetings import Decision, Observers
from services.activities.domain.questions import Question
from services.activities.domain.values import Count, Ordinal, Text
from services.activities.schemas.values import In, Remark, Texts
from shared.days import Day


class SessionIn(In):
    congress_number: Ordinal
    session_number: Ordinal
    notice_on: Day | None = None
    papers_on: Day | None = None
    planned_on: Day | None = None
    postponed_reason: Remark | None = None
    held_on: Day
    ended_on: Day | None = None
    agenda: Texts = ()
    reports: Annotated[tuple[HeardReport, ...], Field(max_length=100)] = ()
    resolutions: Annotated[tuple[Resolution, ...], Field(max_length=100)] = ()
    elections: Annotated[tuple[Election, ...], Field(max_length=100)] = ()
    resignations_accepted: Annotated[tuple[AcceptedResignation, ...], Field(max_length=100)] = ()
    removals: Annotated[tuple[Removal, ...], Field(max_length=100)] = ()
    motions: Annotated[tuple[Motion, ...], Field(max_length=100)] = ()
    questions: Annotated[tuple[Question, ...], Field(max_length=200)] = ()
    livelihood_vote: LivelihoodVote | None = None
    livelihood_projects: Annotated[tuple[LivelihoodProject, ...], Field(max_length=200)] = ()
    attendance: Attendance = Attendance()
    observers: Count | None = None
    observer_kinds: Annotated[tuple[Observers, ...], Field(max_length=50)] = ()


class ProjectProgressIn(In):
    """How a chosen project stands; `done_on` when it is completed. What is left out stays as it is."""

    progress: Text | None = None
    done_on: Day | None = None


class ProjectRatedIn(In):
    """Votes by which the work on a chosen project was rated on the day `on`."""

    on: Day
    satisfied: Count
    basically_satisfied: Count
    dissatisfied: Count
    abstained: Count | None = None


class PresidiumMeetingIn(In):
    number: Ordinal
    held_on: Day
    topics: Texts = ()
    special_reports: Texts = ()
    opinions: Texts = ()
    decisions: Annotated[tuple[Decision, ...], Field(max_length=100)] = ()
    attendance: Attendance = Attendance()


class AbsencesQuery(In):
    """Defaults: the current congress, today."""

    congress_number: Ordinal | None = None
    as_of: Day | None = None


class DeputyAbsences(BaseModel):
    """`reached`: two or more sessions, which is a task for the committee on credentials and has no other effect."""

    deputyship_id: str
    sessions: tuple[Missed, ...]
    reached: bool


class Absences(BaseModel):
    """Deputies who missed sessions of one term without approved leave, most absences first."""

    congress_number: int | None
    as_of: date
    items: tuple[DeputyAbsences, ...]


class DecisionDoneIn(In):
    on: Day
    outcome: Text | None = None


class OpenOn(In):
    """Default: today."""

    open_on: Day | None = None


class OpenDecision(BaseModel):
    """`number`: position among the meeting's decisions, from 1. `overdue`: the due date has passed."""

    meeting_id: str
    year: int
    meeting_number: int
    held_on: date
    number: int
    text: str
    due_on: date | None
    overdue: bool


class OpenDecisions(BaseModel):
    """Open decisions of all years by due date; those without one last."""

    open_on: date
    items: tuple[OpenDecision, ...]
