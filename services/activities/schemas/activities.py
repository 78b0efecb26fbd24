"""Activities of every kind."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from services.activities.domain.activities import ActivityKind, FollowUp, ReviewedUnit
from services.activities.domain.attendance import Attendance
from services.activities.domain.cases import Case
from services.activities.domain.questions import Question
from services.activities.domain.tags import FORMS
from services.activities.domain.values import Count, Id, Title, Year
from services.activities.schemas.values import GroupIds, In, OptionalUnit, Remark, Texts, Titles, Unit
from shared.chinese.characters import normalised
from shared.days import Day
from shared.http import omitted


def _named(unit: ReviewedUnit) -> ReviewedUnit:
    return unit.model_copy(update={"name": normalised(unit.name)})


def _passed(follow_up: FollowUp) -> FollowUp:
    return follow_up.model_copy(update={"passed_to": normalised(follow_up.passed_to)})


NamedUnit = Annotated[ReviewedUnit, AfterValidator(_named)]
PassedOn = Annotated[FollowUp, AfterValidator(_passed)]


def _no_form(theme: str) -> str:
    if theme in FORMS:
        raise ValueError(f"“{theme}”是活动的形式，请写在形式（forms）里；这里写中心工作的主题")
    return theme


Theme = Annotated[Unit, AfterValidator(_no_form)]


class ActivityIn(In):
    """A count left out was not counted, which is not zero. The default title is the label of the kind. A joint activity
    has `group_ids`, every group in any order; one
    of several days `ended_on`, and counts once, by `held_on`. `themes`:
    what work of the year it served; `forms`: what it was beside its kind; `tags`: both, sorted by the words."""

    kind: ActivityKind
    title: Title = omitted()
    held_on: Day
    ended_on: Day | None = None
    notice_on: Day | None = None
    place: Remark = ""
    group_id: Id | None = None
    group_ids: GroupIds = ()
    station_id: Id | None = None
    attendance: Attendance = Attendance()
    topics: Texts = ()
    opinions_count: Count | None = None
    voters_count: Count | None = None
    sites_count: Count | None = None
    laws: Titles = ()
    reports_count: Count | None = None
    organiser: OptionalUnit = ""
    units: Annotated[tuple[NamedUnit, ...], Field(max_length=100)] = ()
    questions: Annotated[tuple[Question, ...], Field(max_length=200)] = ()
    households_count: Count | None = None
    beneficiaries_count: Count | None = None
    amount_yuan: Count | None = None
    follow_up: PassedOn | None = None
    case: Case | None = None
    plan_item_id: Id | None = None
    tags: Annotated[tuple[Unit, ...], Field(max_length=100)] = ()
    themes: Annotated[tuple[Theme, ...], Field(max_length=100)] = ()
    forms: Annotated[tuple[Unit, ...], Field(max_length=100)] = ()
    evidence: Titles = ()


class MonthsQuery(In):
    year: Year
    kind: ActivityKind | None = None
    group_id: Id | None = None


class MonthHeld(BaseModel):
    """`held`: how many were held that month; `held_before`: in the same month a year earlier."""

    month: int
    held: int
    held_before: int


class Months(BaseModel):
    """Activities by the month of their first day, voided ones left out."""

    year: int
    items: list[MonthHeld]
