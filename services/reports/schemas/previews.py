"""Responses about a period that is not closed yet, about how fresh its figures are, and titles of their records."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.reports.domain import Expectation, Figure, Finding, Parked, Section, Table, TitledRecord
from services.reports.schemas import In
from shared.days import Day


class AsOfQuery(In):
    as_of: Annotated[Day | None, Field(description="截止日期；默认今天，统计期已过的为其最后一天")] = None


class FigureQuery(In):
    figure: Annotated[str, Field(max_length=100, description="指标编号")]


class FigureAsOfQuery(FigureQuery, AsOfQuery):
    """A figure of a preview."""


class SourceFreshness(BaseModel):
    """How far a source is read here. `held`: events without a gap; `seen`: the highest sequence heard of; `behind`:
    those not read yet; `recorded_at`: when the last event held was recorded; `seconds_behind`: at most so long this
    source is behind, null where it is level. What a source has not sent yet is not known here: its own head is at
    `/{source}/v1/towns/{town}/head`."""

    source: str
    held: int = 0
    seen: int = 0
    behind: int = 0
    recorded_at: datetime | None = None
    seconds_behind: float | None = None
    trouble: str = ""


class Freshness(BaseModel):
    """`level`: whether everything heard of is read and nothing is in the way."""

    items: list[SourceFreshness]
    level: bool


class PreviewOut(BaseModel):
    """The report of a period as the records stand: no proof, no document, no step to the county."""

    town: str
    year: int
    period: str
    from_on: date | None
    as_of: date
    status: Literal["unsealed"] = "unsealed"
    mark: Literal["未封账"] = "未封账"
    title: str
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    expectations: tuple[Expectation, ...]
    parked: tuple[Parked, ...]
    sources: list[SourceFreshness]


class TitledRecords(BaseModel):
    """Records of one figure. `report_version` is null in a preview."""

    figure: str
    as_of: date
    report_version: int | None = None
    items: list[TitledRecord]
