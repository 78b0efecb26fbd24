"""Facts of activities: plans, presidium meetings, activities, opinions, suggestions."""

from datetime import date
from typing import Any

from pydantic import Field

from services.reports.events_in.attended import Attended
from services.reports.events_in.sessions import Question
from services.reports.events_in.tolerant import Foreign, Tolerant, Voidable


class Postponement(Tolerant):
    from_on: date | None = None
    to: date | None = None
    reason: str = ""
    on: date | None = None


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
    postponements: tuple[Postponement, ...] = ()


class Plan(Foreign):
    year: int = 0
    group_id: str | None = None
    items: tuple[PlanItem, ...] = ()


class Absence(Foreign):
    """Notice of a deputy absent from two sessions; findings are derived from the sessions themselves."""

    congress_number: int | None = None
    deputyship_id: str = ""
    state: str = ""


class Decision(Tolerant):
    text: str = ""
    due_on: date | None = None
    done_on: date | None = None
    outcome: str = ""

    def late(self, day: date) -> bool:
        """Whether it is past its day and not done."""
        due = self.due_on is not None and self.due_on < day
        return due and (self.done_on is None or self.done_on > day)


class PresidiumMeeting(Attended):
    number: int | None = None
    topics: tuple[str, ...] = ()
    special_reports: tuple[str, ...] = ()
    opinions: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()


class ReviewedUnit(Tolerant):
    """A reviewed unit, and the ballots on it."""

    name: str = ""
    result: str = ""
    issued: int | None = None
    returned: int | None = None
    satisfied: int | None = None
    basically_satisfied: int | None = None
    dissatisfied: int | None = None
    abstained: int | None = None


class FollowUp(Tolerant):
    passed_on: date | None = None
    fed_back_on: date | None = None


class Case(Tolerant):
    """Case material in the office's own words. `in_report`: chosen for the summary."""

    raised: str = ""
    done: str = ""
    effect: str = ""
    in_report: bool = False

    @property
    def whole(self) -> bool:
        return bool(self.raised and self.done and self.effect)


class Activity(Attended):
    kind: str = "other"
    title: str = ""
    ended_on: date | None = None
    notice_on: date | None = None
    place: str = ""
    group_id: str | None = None
    group_ids: tuple[str, ...] = ()
    station_id: str | None = None
    topics: tuple[str, ...] = ()
    opinions_count: int | None = None
    voters_count: int | None = None
    sites_count: int | None = None
    reports_count: int | None = None
    laws: tuple[str, ...] = ()
    units: tuple[ReviewedUnit, ...] = ()
    questions: tuple[Question, ...] = ()
    households_count: int | None = None
    beneficiaries_count: int | None = None
    amount_yuan: int | None = None
    follow_up: FollowUp = FollowUp()
    case: Case = Case()
    tags: tuple[str, ...] = ()
    themes: tuple[str, ...] | None = None
    forms: tuple[str, ...] = ()
    evidence: tuple[Any, ...] = ()
    evidence_sha256: dict[str, str] = {}
    plan_item_id: str | None = None
    state: str = "held"
    different_from: tuple[str, ...] = ()

    @property
    def served(self) -> tuple[str, ...]:
        """Themes of the year it served; where they are not told apart, as before its tags."""
        return self.themes if self.themes is not None else self.tags

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose activity it is: several of a joint one."""
        return self.group_ids or ((self.group_id,) if self.group_id else ())

    @property
    def voided(self) -> bool:
        return self.state == "voided"


class Opinion(Voidable):
    received_on: date | None = None
    channel: str = ""
    station_id: str | None = None
    deputyship_id: str | None = None
    category: str = ""
    state: str = "received"
    answered_on: date | None = None
    forwarded_on: date | None = None
    converted_on: date | None = None
    closed_on: date | None = None


class SuggestionStep(Tolerant):
    """A step in the handling of a suggestion: assigned, extended, returned, forwarded, answered, replied, rated,
    redone, closed, rejected. `return_by`: deadline for the unit to return it; `rate_by`: deadline for the evaluation
    of a reply or answer."""

    action: str = ""
    on: date | None = None
    unit: str = ""
    due_on: date | None = None
    return_by: date | None = None
    rate_by: date | None = None
    consent_by: str = ""
    class_: str = Field("", alias="class")
    interviewed: bool | None = None
    result: str = ""


class Suggestion(Voidable):
    number: int | str | None = None
    raised_on: date | None = None
    raised_at: str = ""
    session_id: str | None = None
    lead_deputyship_id: str | None = None
    co_deputyship_ids: tuple[str, ...] = ()
    title: str = ""
    category: str = ""
    intake: dict[str, bool | None] = {}
    key: bool = False
    withheld: bool = False
    case: Case = Case()
    state: str = "raised"
    unit: str = ""
    co_units: tuple[str, ...] = ()
    assigned_on: date | None = None
    due_on: date | None = None
    replied_on: date | None = None
    class_: str = Field("", alias="class")
    interviewed: bool | None = None
    result: str = ""
    rated_on: date | None = None
    closed_on: date | None = None
    steps: tuple[SuggestionStep, ...] = ()
