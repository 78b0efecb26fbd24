"""What the county sees: towns by their codes, sums over them, and the notices of their closings."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.reports.domain import ReportStatus
from shared.http.paging import Paging


class BoardRow(BaseModel):
    """One town. `status` is `none` where no closing was asked for.

    `due_on`: the day its schedule closes the period, once the town was told of it.
    """

    town: str
    name: str
    status: str
    version: int | None = None
    as_of: date | None = None
    blocks: int = 0
    warnings: int = 0
    due_on: date | None = None


class RollUp(BaseModel):
    """One figure over towns: sums, and rates of sums. `towns` is how many have it; `missing` how many lack it."""

    id: str
    label: str
    unit: str
    value: int | float | None
    numerator: int | None = None
    denominator: int | None = None
    towns: int
    missing: int


class Board(BaseModel):
    """Towns by their codes, never by merit. `year` is null where the period is no calendar year; `periods`: every one
    that some town of the area has a report of."""

    area: str
    year: int | None
    period: str
    periods: list[str]
    towns: list[BoardRow]
    counts: dict[ReportStatus | str, int]
    figures: list[RollUp]


class NoticesQuery(Paging):
    kind: Annotated[
        Literal["due_soon", "compiled"] | None, Field(description="只要一种：快到日子的，或者已经编成的")
    ] = None


class NoticeOut(BaseModel):
    """Word about a closing by schedule: some days before it, or that it came to a report with so many findings."""

    id: str
    town: str
    version: int
    year: int
    period: str
    kind: Literal["due_soon", "compiled"]
    due_on: date
    as_of: date
    blocks: int
    warnings: int


class NoticePage(BaseModel):
    items: list[NoticeOut]
    next_cursor: str | None
