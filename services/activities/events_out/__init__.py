"""Payloads of the events the activities service publishes. The text of an opinion is private and not included."""

from datetime import date
from typing import Literal

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field

from services.activities.domain.absences import Missed
from services.activities.domain.activities import FollowUp, ReviewedUnit
from services.activities.domain.attendance import Attendance
from services.activities.domain.business import (
    AcceptedResignation,
    Election,
    HeardReport,
    Motion,
    Removal,
    Resolution,
)
from services.activities.domain.cases import Case
from services.activities.domain.livelihood import LivelihoodProject, LivelihoodVote
from services.activities.domain.meetings import Decision, Observers
from services.activities.domain.opinions import Channel
from services.activities.domain.plans import PlanItem
from services.activities.domain.questions import Question
from services.activities.domain.reminders import Reminder
from services.activities.events_out.fact import ActivitiesFact, VoidableFact
from services.activities.events_out.suggestions import Suggestion as Suggestion


class Plan(ActivitiesFact):
    """`told`: reminders published; the last names the item of a `due_soon` or `overdue` event."""

    year: int
    group_id: str | None
    items: tuple[PlanItem, ...]
    told: tuple[Reminder, ...]


class Attended(ActivitiesFact):
    """`expected` is 应到 as fixed at entry, `late_leave` those whose leave was approved after `held_on`,
    `roster_sequence` the roster event it was fixed against, `roster_hash` the hash of that roster on `held_on`
    (ADR 0018; None where the copy was incomplete)."""

    year: int
    held_on: date
    attendance: Attendance
    expected: tuple[str, ...]
    late_leave: tuple[str, ...]
    roster_sequence: int
    roster_hash: str | None


class Session(VoidableFact, Attended):
    congress_number: int
    session_number: int
    notice_on: date | None
    papers_on: date | None
    planned_on: date | None
    postponed_reason: str | None
    ended_on: date | None
    agenda: tuple[str, ...]
    reports: tuple[HeardReport, ...]
    resolutions: tuple[Resolution, ...]
    elections: tuple[Election, ...]
    resignations_accepted: tuple[AcceptedResignation, ...] = ()
    removals: tuple[Removal, ...] = ()
    motions: tuple[Motion, ...]
    questions: tuple[Question, ...] = ()
    livelihood_vote: LivelihoodVote | None = None
    livelihood_projects: tuple[LivelihoodProject, ...] = ()
    observers: int | None
    observer_kinds: tuple[Observers, ...]


class Absence(ActivitiesFact):
    """A matter for the committee on credentials; the congress declares the end of a mandate."""

    congress_number: int
    deputyship_id: str
    sessions: tuple[Missed, ...]
    state: Literal["reached", "withdrawn"]


class PresidiumMeeting(VoidableFact, Attended):
    """`told`: reminders published; the last names the decision of a `due_soon` or `overdue` event."""

    number: int
    topics: tuple[str, ...]
    special_reports: tuple[str, ...]
    opinions: tuple[str, ...]
    decisions: tuple[Decision, ...]
    told: tuple[Reminder, ...]


class Activity(Attended):
    kind: Literal[
        "group_activity",
        "inspection",
        "research",
        "law_check",
        "review",
        "inquiry",
        "training",
        "reception",
        "visit",
        "contact",
        "good_deed",
        "other",
    ]
    title: str
    ended_on: date | None
    notice_on: date | None
    place: str
    group_id: str | None
    group_ids: tuple[str, ...]
    station_id: str | None
    topics: tuple[str, ...]
    opinions_count: int | None
    voters_count: int | None
    sites_count: int | None
    laws: tuple[str, ...]
    reports_count: int | None
    organiser: str
    units: tuple[ReviewedUnit, ...]
    questions: tuple[Question, ...] = ()
    households_count: int | None
    beneficiaries_count: int | None
    amount_yuan: int | None
    follow_up: FollowUp | None
    case: Case | None
    plan_item_id: str | None
    tags: tuple[str, ...]
    themes: tuple[str, ...] | None
    forms: tuple[str, ...]
    evidence: tuple[str, ...]
    evidence_sha256: dict[str, str]
    state: Literal["held", "voided"]
    void_reason: str | None
    merged_into: str | None = None
    different_from: tuple[str, ...] = ()


class Opinion(VoidableFact):
    """`erased_on`: its text and contact were erased, by the actor of that event; only where they were."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    year: int
    received_on: date
    channel: Channel | None
    station_id: str | None
    deputyship_id: str | None
    activity_id: str | None
    category: str
    state: Literal["received", "answered", "forwarded", "converted", "closed"]
    answered_on: date | None
    forwarded_on: date | None
    forwarded_to: str | None
    converted_on: date | None
    suggestion_id: str | None
    closed_on: date | None
    erased_on: date | None = Field(
        default=None,
        validation_alias=AliasChoices("erased_on", AliasPath("erased", "on")),
        exclude_if=lambda day: day is None,
    )


class ParkedEvent(BaseModel):
    """One dead letter of this service; `reason` contains no values."""

    source: str
    sequence: int
    type: str
    reason: str


class YearSealed(BaseModel):
    """Seal of a closing: head of the town's stream, and number of records per noun."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int]
    parked: int = 0
    """Number of dead letters that are not settled."""
    parked_events: list[ParkedEvent] = []
    """The first fifty of them."""
    manifest: str = ""
    """Format of the manifest that summaries of this closing carry; empty where they have none."""


class PersonalDataRead(BaseModel):
    """Which fields of which records were read, never a value; the actor of the event read them."""

    id: str
    town: str
    version: int
    records: list[str]
    fields: list[str]


PUBLISHED: dict[str, type[BaseModel]] = {
    "activities.plan.adopted.v1": Plan,
    "activities.plan.changed.v1": Plan,
    "activities.plan.due_soon.v1": Plan,
    "activities.plan.overdue.v1": Plan,
    "activities.session.held.v1": Session,
    "activities.session.changed.v1": Session,
    "activities.session.voided.v1": Session,
    "activities.absence.reached.v1": Absence,
    "activities.absence.changed.v1": Absence,
    "activities.absence.withdrawn.v1": Absence,
    "activities.presidium_meeting.held.v1": PresidiumMeeting,
    "activities.presidium_meeting.changed.v1": PresidiumMeeting,
    "activities.presidium_meeting.voided.v1": PresidiumMeeting,
    "activities.presidium_meeting.due_soon.v1": PresidiumMeeting,
    "activities.presidium_meeting.overdue.v1": PresidiumMeeting,
    "activities.activity.held.v1": Activity,
    "activities.activity.changed.v1": Activity,
    "activities.activity.voided.v1": Activity,
    "activities.opinion.received.v1": Opinion,
    "activities.opinion.changed.v1": Opinion,
    "activities.opinion.voided.v1": Opinion,
    "activities.opinion.answered.v1": Opinion,
    "activities.opinion.forwarded.v1": Opinion,
    "activities.opinion.converted.v1": Opinion,
    "activities.opinion.closed.v1": Opinion,
    "activities.opinion.erased.v1": Opinion,
    "activities.suggestion.raised.v1": Suggestion,
    "activities.suggestion.changed.v1": Suggestion,
    "activities.suggestion.voided.v1": Suggestion,
    "activities.suggestion.assigned.v1": Suggestion,
    "activities.suggestion.returned.v1": Suggestion,
    "activities.suggestion.forwarded.v1": Suggestion,
    "activities.suggestion.answered.v1": Suggestion,
    "activities.suggestion.rejected.v1": Suggestion,
    "activities.suggestion.due_soon.v1": Suggestion,
    "activities.suggestion.overdue.v1": Suggestion,
    "activities.suggestion.replied.v1": Suggestion,
    "activities.suggestion.rated.v1": Suggestion,
    "activities.suggestion.redone.v1": Suggestion,
    "activities.suggestion.closed.v1": Suggestion,
    "activities.year.sealed.v1": YearSealed,
    "activities.personal_data.read.v1": PersonalDataRead,
}
