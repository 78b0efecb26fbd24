"""Opinions of voters, with the text hidden from those who may not read it."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, StringConstraints, model_validator

from services.activities.domain.opinions import Channel, Erasure, Opinion, OpinionState
from services.activities.domain.values import Id, Label
from services.activities.schemas.suggestions import SuggestionIn
from services.activities.schemas.values import In, LongText, PersonName, Unit
from shared.days import Day
from shared.storage.voiding import unsaid

HIDDEN = "***"


class OpinionIn(In):
    """May be entered after it was answered, forwarded or closed; the state then follows from the dates."""

    received_on: Day
    channel: Channel | None = None
    station_id: Id | None = None
    deputyship_id: Id | None = None
    activity_id: Id | None = None
    category: Label = ""
    text: LongText = ""
    state: OpinionState = OpinionState.RECEIVED
    answered_on: Day | None = None
    answered_by: Label | None = None
    answer: LongText = ""
    forwarded_on: Day | None = None
    forwarded_to: Unit | None = None
    closed_on: Day | None = None


class OpinionAnswerIn(In):
    """`by`: the deputy or unit that answered."""

    on: Day
    by: Label | None = None
    text: LongText = ""


class OpinionForwardIn(In):
    unit: Unit
    on: Day


class OpinionConvertIn(In):
    """`suggestion`: a new one; `suggestion_id`: an existing one. `on`: default the day the suggestion was raised."""

    suggestion: SuggestionIn | None = None
    suggestion_id: Id | None = None
    on: Day | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.suggestion is None) == (self.suggestion_id is None):
            raise ValueError("填写新的建议（suggestion）或者已有建议的编号（suggestion_id），二者取一")
        return self


class OpinionCloseIn(In):
    on: Day


class ContactIn(In):
    """Contact of the voter; at least one of the two."""

    name: PersonName = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^$|^[0-9+\- ]{5,20}$")] = ""

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not (self.name or self.phone):
            raise ValueError("姓名和电话至少填写一项")
        return self


class ContactOut(BaseModel):
    version: int
    name: str
    phone: str


class OpinionOut(BaseModel):
    """`text` and `answer` in full and `erased` for the town's office only."""

    id: str
    town: str
    version: int
    year: int
    received_on: date
    channel: Channel | None
    station_id: str | None
    deputyship_id: str | None
    activity_id: str | None
    category: str
    text: str
    state: OpinionState
    answered_on: date | None
    answered_by: str | None
    answer: str
    forwarded_on: date | None
    forwarded_to: str | None
    converted_on: date | None
    suggestion_id: str | None
    closed_on: date | None
    erased: Erasure | None
    void_reason: str | None = unsaid()
    voided_on: date | None = unsaid()

    @classmethod
    def from_opinion(cls, opinion: Opinion, *, in_full: bool) -> Self:
        values = opinion.model_dump()
        if not in_full:
            values |= {name: HIDDEN for name in ("text", "answer") if values[name]} | {"erased": None}
        return cls.model_validate(values)
