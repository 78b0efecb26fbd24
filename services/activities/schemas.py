"""What the service takes and gives over HTTP. Required is only what identifies a record and dates it."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.activities.domain.activities import Kind
from services.activities.domain.attendance import Attendance
from services.activities.domain.intake import Ground, Intake
from services.activities.domain.meetings import Decision, Election, HeardReport, Resolution
from services.activities.domain.opinions import Channel, Opinion, OpinionState
from services.activities.domain.steps import RaisedAt, ResultClass, Satisfaction
from services.activities.domain.values import Count, Id, Label, Ordinal, Text, Title, Year
from shared.days import Day
from shared.http import omitted

Texts = Annotated[tuple[Text, ...], Field(max_length=100)]
Titles = Annotated[tuple[Title, ...], Field(max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Number = (
    Annotated[int, Field(ge=1, le=1_000_000)]
    | Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
)
HIDDEN = "***"


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlanItemIn(In):
    """`id` names an item that is there already; without one it is new. `kind`: of activity, or free."""

    id: Id | None = None
    title: Title
    kind: Label = ""
    due_on: Day | None = None
    theme: Remark = ""


class PlanIn(In):
    """Without a group: the plan of the whole town."""

    year: Year
    group_id: Id | None = None
    items: Annotated[tuple[PlanItemIn, ...], Field(max_length=500)] = ()


class ItemDoneIn(In):
    """`activity_id`: the activity, session or presidium meeting by which it was done."""

    activity_id: Id


class ReasonIn(In):
    reason: Reason


class SessionIn(In):
    congress_number: Ordinal
    session_number: Ordinal
    planned_on: Day | None = None
    postponed_reason: Remark | None = None
    held_on: Day
    ended_on: Day | None = None
    reports: Annotated[tuple[HeardReport, ...], Field(max_length=100)] = ()
    resolutions: Annotated[tuple[Resolution, ...], Field(max_length=100)] = ()
    elections: Annotated[tuple[Election, ...], Field(max_length=100)] = ()
    attendance: Attendance = Attendance()
    observers: Count | None = None


class PresidiumMeetingIn(In):
    number: Ordinal
    held_on: Day
    topics: Texts = ()
    special_reports: Texts = ()
    opinions: Texts = ()
    decisions: Annotated[tuple[Decision, ...], Field(max_length=100)] = ()
    attendance: Attendance = Attendance()


class ActivityIn(In):
    """A count left out was not counted, which is not zero. Without a title it is called after its kind."""

    kind: Kind
    title: Title = omitted()
    held_on: Day
    place: Remark = ""
    group_id: Id | None = None
    station_id: Id | None = None
    attendance: Attendance = Attendance()
    topics: Texts = ()
    opinions_count: Count | None = None
    voters_count: Count | None = None
    sites_count: Count | None = None
    laws: Titles = ()
    reports_count: Count | None = None
    plan_item_id: Id | None = None
    tags: Titles = ()
    evidence: Titles = ()


class OpinionIn(In):
    """May be entered when it is closed already; `closed_on` alone says that it is."""

    received_on: Day
    channel: Channel | None = None
    station_id: Id | None = None
    deputyship_id: Id | None = None
    category: Label = ""
    text: LongText = ""
    state: OpinionState = OpinionState.RECEIVED
    closed_on: Day | None = None


class SuggestionIn(In):
    """`raised_at` left out is `session` where a session is named. The due date is computed on assignment."""

    number: Number
    raised_on: Day
    raised_at: RaisedAt | None = None
    session_id: Id | None = None
    lead_deputyship_id: Id | None = None
    co_deputyship_ids: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    title: Title
    text: LongText = ""
    category: Label = ""
    intake: Intake | None = None


class AssignIn(In):
    unit: Title
    on: Day


class ExtendIn(In):
    """`consent_by`: the organ that assigned it and agreed to wait."""

    reason: Reason
    on: Day
    consent_by: Label | None = None


class ReturnIn(In):
    reason: Reason | None = None
    on: Day | None = None


class ReplyIn(In):
    """`interviewed`: whether the unit spoke with the deputy before replying (代表法 2025 Art. 51)."""

    on: Day
    class_: ResultClass | None = Field(default=None, alias="class")
    interviewed: bool | None = None


class ForwardIn(In):
    """`to`: the office of the county that is to answer, by name or code."""

    to: Title
    on: Day
    reason: Remark | None = None
    reference: Label | None = None


class AnswerIn(In):
    """Of the county; `reference` is its own number of the matter."""

    on: Day
    text: LongText | None = None
    class_: ResultClass | None = Field(default=None, alias="class")
    reference: Label | None = None


class RejectIn(In):
    ground: Ground
    on: Day
    reason: Remark | None = None


class RateIn(In):
    """How the deputy found the way it was handled (`process`) and what came of it (`result`)."""

    process: Satisfaction | None = None
    result: Satisfaction
    on: Day | None = None


class OnIn(In):
    on: Day | None = None


class Nothing(In):
    """A command that needs no words."""


class OpinionOut(BaseModel):
    """`text` in full for the town's office only."""

    id: str
    town: str
    version: int
    year: int
    received_on: date
    channel: Channel | None
    station_id: str | None
    deputyship_id: str | None
    category: str
    text: str
    state: OpinionState
    closed_on: date | None

    @classmethod
    def of(cls, opinion: Opinion, *, in_full: bool) -> Self:
        shown = opinion.model_dump()
        if not in_full and opinion.text:
            shown["text"] = HIDDEN
        return cls.model_validate(shown)
