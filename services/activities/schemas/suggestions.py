"""Suggestions and the steps of their handling."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.activities.domain.cases import Case
from services.activities.domain.handling import Handling
from services.activities.domain.intake import Ground, Intake
from services.activities.domain.steps import RaisedAt, ResultClass, Satisfaction, State
from services.activities.domain.values import Id, Label, Number, Title, Year
from services.activities.schemas.values import In, LongText, OneUnit, Reason, Remark
from shared.days import Day


class SuggestionIn(In):
    """`raised_at`: default `session` where a session is named. The due date is computed on assignment. `key`: its
    handling is supervised (重点督办), by the leader named in `supervised_by`. `withheld_for`: why it and its reply are
    not to be made public (不予公开); events, summary and public pages have none of its words."""

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
    key: bool = False
    supervised_by: Label = ""
    withheld_for: Reason | None = None
    case: Case | None = None


class AssignIn(In):
    """`unit` leads and replies (主办); `co_units` handle it with it (会办), each counted once."""

    unit: OneUnit
    on: Day
    co_units: Annotated[tuple[OneUnit, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({self.unit, *self.co_units}) <= len(self.co_units):
            raise ValueError("同一单位不能既主办又会办，会办单位也不能重复")
        return self


class ExtendIn(In):
    """`consent_by`: the organ that assigned it and agreed to the extension."""

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
    """`to`: the county office that is to answer, by name or code."""

    to: Title
    on: Day
    reason: Remark | None = None
    reference: Label | None = None


class AnswerIn(In):
    """The county's answer; `reference` is its own number of the matter."""

    on: Day
    text: LongText | None = None
    class_: ResultClass | None = Field(default=None, alias="class")
    reference: Label | None = None


class RejectIn(In):
    ground: Ground
    on: Day
    reason: Remark | None = None


class RateIn(In):
    """The deputy's rating of the handling (`process`) and of the outcome (`result`)."""

    process: Satisfaction | None = None
    result: Satisfaction
    on: Day | None = None


class SuggestionSheetQuery(In):
    """`form`: 登记表 `register`, 交办单 `assign`, 催办单 `remind`, as of the day `on`, default today."""

    form: Literal["register", "assign", "remind"]
    on: Day | None = None


class HandlingDay(In):
    on: Annotated[Day | None, Field(description="哪一天的情况；默认今天")] = None


class HandlingQuery(HandlingDay):
    """`unit` leads or joins; `q`: words in the number, the title, the category or a unit's name."""

    year: Annotated[Year | None, Field(description="哪一年的，连同以前年度结转的；默认今年")] = None
    state: State | None = None
    unit: Label | None = None
    key: bool | None = None
    deputyship_id: Annotated[Id | None, Field(description="领衔或者附议的代表")] = None
    q: Annotated[str, Field(max_length=100)] = ""


class HandlingOut(BaseModel):
    """Overdue first. `units`, `categories`: of all suggestions of the year; `next_number`: the first free one after
    the highest."""

    on: date
    year: int
    next_number: int
    units: list[str]
    categories: list[str]
    items: list[Handling]
