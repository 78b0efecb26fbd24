"""Opinions of voters, and how they are shown to those whom they were not told."""

from datetime import date
from typing import Self

from pydantic import BaseModel

from services.activities.domain.opinions import Channel, Opinion, OpinionState
from services.activities.domain.values import Id, Label
from services.activities.schemas.values import In, LongText
from shared.days import Day

HIDDEN = "***"


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
