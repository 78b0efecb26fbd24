"""The tolerant copy of the foreign facts counted here: unknown fields are ignored, only `id` is required.

Shapes: ids are opaque; `*_on` dates; intervals are half-open, [from_on, to_on).
"""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Tolerant(BaseModel):
    """Part of a fact."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @field_validator("*", mode="before")
    @classmethod
    def _null_means_default(cls, value: Any, info: Any) -> Any:
        """A source that knows nothing may say null; fields with a default take the default."""
        if value is not None or info.field_name not in cls.model_fields:
            return value
        field = cls.model_fields[info.field_name]
        return value if field.is_required() else field.get_default(call_default_factory=True)


class Foreign(Tolerant):
    """The full public state of one record of another service."""

    id: str
    town: str = ""
    version: int = 1


class Span(Tolerant):
    """[from_on, to_on); an open end holds for ever."""

    from_on: date | None = None
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day < self.to_on)


class GroupSpan(Span):
    group_id: str | None = None


class RoleSpan(Span):
    role: str = ""


class RulePack(Tolerant):
    """What findings measure against, of a rule pack; what that leaves out or garbles is the default."""

    presidium_meetings_per_quarter: int = 1
    group_activities_per_year: int = 4
    suspended_in_base: bool = False
    outline: str = "A"
    closing_on: str = ""

    @field_validator("*", mode="wrap")
    @classmethod
    def _garbled_means_default(cls, value: Any, handler: Any, info: Any) -> Any:
        try:
            return handler(value)
        except ValueError:
            return cls.model_fields[info.field_name].default


class Town(Foreign):
    name: str = ""
    county_name: str = ""
    city_name: str = ""
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    rules: RulePack = RulePack()


class Person(Foreign):
    name: str = ""
    gender: str = ""
    born_year: int | None = None
    ethnicity: str = ""
    party: str = ""
    education: str = ""
    occupation: str = ""


class Deputyship(Foreign):
    person_id: str = ""
    level: str = "town"
    congress_number: int | None = None
    constituency: str = ""
    started_on: date | None = None
    started_by: str = "election"
    group_id: str | None = None
    roles: tuple[str, ...] = ()
    from_unit: str = ""
    ended_on: date | None = None
    ended_reason: str = ""
    suspensions: tuple[Span, ...] = ()
    group_history: tuple[GroupSpan, ...] = ()
    role_history: tuple[RoleSpan, ...] = ()


class LeaderSpan(Span):
    deputyship_id: str = ""


class Group(Foreign):
    number: int | None = None
    name: str = ""
    level: str = "town"
    leader_deputyship_id: str | None = None
    leader_history: tuple[LeaderSpan, ...] = ()
    station_id: str | None = None
    rules: tuple[str, ...] = ()
    formed_on: date | None = None
    dissolved_on: date | None = None


class Station(Foreign):
    name: str = ""
    kind: str = ""
    address: str = ""
    serves: tuple[str, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    reception_day: int | str | None = None


class Constituency(Foreign):
    name: str = ""


class PlanItem(Tolerant):
    id: str = ""
    title: str = ""
    kind: str = ""
    due_on: date | None = None
    theme: str = ""
    state: str = "planned"
    activity_id: str | None = None
    done_on: date | None = None
    cancelled_reason: str = ""


class Plan(Foreign):
    year: int = 0
    group_id: str | None = None
    items: tuple[PlanItem, ...] = ()


class Leave(Tolerant):
    deputyship_id: str = ""
    reason: str = ""


class Attendance(Tolerant):
    """Deputyship ids; whoever is expected and named nowhere is not recorded."""

    present: tuple[str, ...] = ()
    on_leave: tuple[Leave, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def recorded(self) -> bool:
        return bool(self.present or self.on_leave or self.absent)

    @property
    def named(self) -> tuple[str, ...]:
        return (*self.present, *(leave.deputyship_id for leave in self.on_leave), *self.absent)


class Attended(Foreign):
    """Something that was held and attended; `expected` is the list as it was frozen at entry."""

    held_on: date | None = None
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()


class SessionReport(Tolerant):
    title: str = ""
    kind: str = "other"
    adopted: bool | None = None


class Resolution(Tolerant):
    title: str = ""


class Election(Tolerant):
    post: str = ""
    name: str = ""
    votes: int | None = None


class Session(Attended):
    congress_number: int | None = None
    session_number: int | None = None
    planned_on: date | None = None
    postponed_reason: str = ""
    ended_on: date | None = None
    reports: tuple[SessionReport, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    elections: tuple[Election, ...] = ()
    observers: int | None = None


class Decision(Tolerant):
    text: str = ""
    due_on: date | None = None
    done_on: date | None = None


class PresidiumMeeting(Attended):
    number: int | None = None
    topics: tuple[str, ...] = ()
    special_reports: tuple[str, ...] = ()
    opinions: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Activity(Attended):
    kind: str = "other"
    title: str = ""
    place: str = ""
    group_id: str | None = None
    station_id: str | None = None
    topics: tuple[str, ...] = ()
    opinions_count: int | None = None
    voters_count: int | None = None
    sites_count: int | None = None
    reports_count: int | None = None
    laws: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    evidence: tuple[Any, ...] = ()
    plan_item_id: str | None = None
    state: str = "held"
    void_reason: str = ""

    @property
    def voided(self) -> bool:
        return self.state == "voided"


class Opinion(Foreign):
    received_on: date | None = None
    channel: str = ""
    station_id: str | None = None
    deputyship_id: str | None = None
    category: str = ""
    state: str = "received"
    closed_on: date | None = None


class Step(Tolerant):
    """One thing done with a suggestion: assigned, extended, returned, forwarded, answered, replied, rated, redone,
    closed, rejected. `return_by`: until when the unit it was assigned to may return it."""

    action: str = ""
    on: date | None = None
    unit: str = ""
    due_on: date | None = None
    return_by: date | None = None
    consent_by: str = ""
    class_: str = Field("", alias="class")
    interviewed: bool | None = None
    result: str = ""


class Suggestion(Foreign):
    number: int | str | None = None
    raised_on: date | None = None
    raised_at: str = ""
    session_id: str | None = None
    lead_deputyship_id: str | None = None
    co_deputyship_ids: tuple[str, ...] = ()
    title: str = ""
    category: str = ""
    intake: dict[str, bool | None] = {}
    state: str = "raised"
    unit: str = ""
    assigned_on: date | None = None
    due_on: date | None = None
    replied_on: date | None = None
    class_: str = Field("", alias="class")
    interviewed: bool | None = None
    result: str = ""
    rated_on: date | None = None
    closed_on: date | None = None
    steps: tuple[Step, ...] = ()


class Option(Tolerant):
    code: str = ""
    label: str = ""


class MeetingScheme(Tolerant):
    id: str = ""
    name: str = ""
    options: tuple[Option, ...] = ()
    formula: str = ""
    min_raters: int | None = None
    min_published: int | None = None


class Scheme(Foreign):
    name: str = ""


class DeputyResult(Tolerant):
    deputyship_id: str = ""
    dimension: str = ""
    counts: dict[str, int] = {}
    abstain: int = 0
    spoiled: int = 0
    grade: str = ""


class Result(Tolerant):
    issued: int = 0
    returned: int = 0
    not_returned: int | None = None
    void: int = 0
    valid: int = 0
    suppressed: bool = False
    deputies: tuple[DeputyResult, ...] = ()


class Meeting(Foreign):
    year: int | None = None
    held_on: date | None = None
    constituency: str = ""
    deputyship_ids: tuple[str, ...] = ()
    scheme: MeetingScheme = MeetingScheme()
    method: str = ""
    invited: int | None = None
    present: int | None = None
    state: str = "draft"
    result: Result | None = None


class DutyReport(Foreign):
    meeting_id: str = ""
    deputyship_id: str = ""
    form: str = ""


class YearSealed(Tolerant):
    """`<service>.year.sealed.v1`: how far the stream reached and how many records of each noun there are."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int] = {}
    parked: int = 0


FACTS: dict[str, type[Foreign]] = {
    "roster.town": Town,
    "roster.person": Person,
    "roster.deputyship": Deputyship,
    "roster.group": Group,
    "roster.station": Station,
    "roster.constituency": Constituency,
    "activities.plan": Plan,
    "activities.session": Session,
    "activities.presidium_meeting": PresidiumMeeting,
    "activities.activity": Activity,
    "activities.opinion": Opinion,
    "activities.suggestion": Suggestion,
    "ratings.scheme": Scheme,
    "ratings.meeting": Meeting,
    "ratings.duty_report": DutyReport,
}
"""`service.noun` → model of its public state."""

SERVICES = ("roster", "activities", "ratings")
"""The sources of a report, in the order in which they are named."""
