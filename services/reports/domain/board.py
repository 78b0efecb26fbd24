"""Models of the county's board: towns by their codes, and figures summed over them."""

from datetime import date

from services.reports.domain import Amount, Frozen, ReportStatus


class TownFigure(Amount):
    """A figure of one town's report, without its records."""

    id: str
    label: str
    unit: str


class BoardRow(Frozen):
    """One town. `status` is `none` where no closing was requested.

    `due_on`: day of the scheduled closing, once announced to the town. `submitted_on`: day of the latest submission,
    where the report was submitted. `figures`: those asked for that the town's report has, in the order asked for.
    """

    town: str
    name: str
    status: str
    version: int | None = None
    as_of: date | None = None
    blocks: int = 0
    warnings: int = 0
    due_on: date | None = None
    submitted_on: date | None = None
    figures: tuple[TownFigure, ...] = ()


class RollUp(Frozen):
    """One figure over towns: a sum, or the rate of sums. `towns`: how many have it; `missing`: how many lack it."""

    id: str
    label: str
    unit: str
    value: int | float | None
    numerator: int | None = None
    denominator: int | None = None
    towns: int
    missing: int


class Board(Frozen):
    """Towns of an area by code. `year` is null where the period is no calendar year; `periods`: all periods with a
    report in the area."""

    area: str
    year: int | None
    period: str
    periods: list[str]
    towns: list[BoardRow]
    counts: dict[ReportStatus | str, int]
    figures: list[RollUp]
