"""Models of the county's board: its rows as they are kept, towns by their codes, and figures summed over them."""

from datetime import date, datetime

from services.reports.domain import Amount, Frozen, ReportStatus
from services.reports.domain.hand_in import Window
from shared.storage.work import Record


class Standing(Record):
    """The board's row of one town and period; `id` is `town:period`.

    `edition`: of the report, 0 before there is one. `closing_id`, `waiting_since`, `trouble` (sources): of the closing
    that is waited for. `figures`: compressed amounts (`board.packed`).
    """

    period: str
    status: str = ""
    edition: int = 0
    as_of: date | None = None
    blocks: int = 0
    warnings: int = 0
    due_on: date | None = None
    submitted_on: date | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    closing_id: str | None = None
    waiting_since: datetime | None = None
    trouble: tuple[str, ...] = ()
    late: bool = False
    extended_until: date | None = None
    figures: str = ""


class AreaPeriod(Record):
    """A period of which some town of a county has a report; `id` is `county:period`."""

    period: str


class TownFigure(Amount):
    """A figure of one town's report, without its records."""

    id: str
    label: str
    unit: str


class BoardRow(Frozen):
    """One town. `status` is `none` where no closing was requested.

    `due_on`: day of the scheduled closing, once announced to the town. `submitted_on`, `submitted_at`, `accepted_at`:
    of the latest submission, also while a later edition is written; `late`: it came after the county's window, or the
    last day is over and nothing came; `extended_until`: by an extension for this town. `waiting_for`: sources that the
    closing waits for or has trouble with. `missing`: how many figures of the report have no data.
    `figures`: those asked for that the town's report has, in the order asked for.
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
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    late: bool = False
    extended_until: date | None = None
    waiting_for: tuple[str, ...] = ()
    missing: int = 0
    figures: tuple[TownFigure, ...] = ()


class RollUp(Frozen):
    """One figure over towns: a sum, or the rate of sums. `towns`: how many have it; `missing`: how many lack it;
    `per_town`: it counts people, and whoever has records in two towns is counted in each."""

    id: str
    label: str
    unit: str
    value: int | float | None
    numerator: int | None = None
    denominator: int | None = None
    towns: int
    missing: int
    per_town: bool = False


class Board(Frozen):
    """Towns of an area by code. `year` is null where the period is no calendar year; `periods`: all periods with a
    report in the area. `window`: until when the area's towns hand in, where the county or an area around it has set it.
    `next_cursor`: where a page of the towns was asked for and more follow."""

    area: str
    year: int | None
    period: str
    periods: list[str]
    towns: list[BoardRow]
    counts: dict[ReportStatus | str, int]
    figures: list[RollUp]
    window: Window | None = None
    next_cursor: str | None = None


class TownShare(Frozen):
    """What one town has of a figure. `status`: that of the figure, `no_report`, or `no_figure` where the
    report is older than the figure. `records`: address of the records
    behind it; empty where there are none."""

    town: str
    name: str
    status: str
    value: int | float | None = None
    numerator: int | None = None
    denominator: int | None = None
    records: str = ""


class Breakdown(Frozen):
    """A figure over the towns of an area, and what each town has of it, by code. `lacking`: codes of the towns whose
    report lacks it; `no_report`: codes of those without a report."""

    area: str
    period: str
    figure: RollUp
    definition: str
    lacking: list[str]
    no_report: list[str]
    items: list[TownShare]
    next_cursor: str | None = None
