"""The county's board: status of every town, by code, and sums over compiled reports.

Invariants: no ranking; a rate over towns is the rate of the sums; a figure a town lacks is missing, never zero.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from services.reports.domain import Figure, FigureStatus
from services.reports.domain.board import Board, BoardRow, RollUp, TownFigure
from services.reports.figures import DEFINITIONS, Definition
from services.reports.notation import ranked

_STATED = (FigureStatus.VALUE, FigureStatus.ZERO)


@dataclass(frozen=True)
class TownReport:
    """One town's report as the board uses it: figures without records, number of findings by severity."""

    status: str
    version: int
    as_of: date
    figures: Sequence[Figure]
    blocks: int = 0
    warnings: int = 0
    submitted_on: date | None = None


def board(
    area: str,
    period: str,
    names: Mapping[str, str],
    compiled: Mapping[str, TownReport],
    waiting: Mapping[str, str],
    periods: Iterable[str] = (),
    due: Mapping[str, date] = MappingProxyType({}),
    figures: Sequence[str] = (),
) -> Board:
    """The board. `names`, `compiled`, `waiting` (state of closings without a report) and `due` (dates of announced
    scheduled closings) are by town; `periods`: all periods with reports; `figures`: ids of those shown of each town."""
    codes = sorted({*names, *compiled, *waiting})
    rows = [
        _row(code, names.get(code, ""), compiled.get(code), waiting.get(code), due.get(code), figures)
        for code in codes
    ]
    reports = [compiled[code] for code in codes if code in compiled]
    return Board(
        area=area,
        year=int(period) if period.isdigit() else None,
        period=period,
        periods=sorted(set(periods)),
        towns=rows,
        counts=dict(Counter(row.status for row in rows)),
        figures=[roll_up(definition, reports) for definition in DEFINITIONS],
    )


def _row(
    code: str,
    name: str,
    report: TownReport | None,
    state: str | None,
    due_on: date | None,
    figures: Sequence[str],
) -> BoardRow:
    if report is None:
        return BoardRow(town=code, name=name, status=state or "none", due_on=due_on)
    return BoardRow(
        town=code,
        name=name,
        status=state or report.status,
        version=report.version,
        as_of=report.as_of,
        blocks=report.blocks,
        warnings=report.warnings,
        due_on=due_on,
        submitted_on=report.submitted_on,
        figures=tuple(_of_town(report, figures)),
    )


def _of_town(report: TownReport, ids: Sequence[str]) -> Iterator[TownFigure]:
    known = {figure.id: figure for figure in report.figures}
    for figure in (known[id] for id in ids if id in known):
        yield TownFigure(id=figure.id, label=figure.label, unit=figure.unit, **dict(figure.amount))


def roll_up(definition: Definition, reports: Sequence[TownReport]) -> RollUp:
    known = [figure for report in reports for figure in report.figures if figure.id == definition.id]
    counted = [figure for figure in known if figure.status in _STATED]
    rates = [figure for figure in counted if figure.denominator]
    numerator = _sum(figure.numerator for figure in rates)
    denominator = _sum(figure.denominator for figure in rates)
    value: int | float | None = None
    if rates:
        value = numerator / denominator
    elif counted:
        value = _total(counted)
    return RollUp(
        id=definition.id,
        label=ranked(definition.label, "乡镇"),
        unit=definition.unit,
        value=value,
        numerator=numerator if rates else None,
        denominator=denominator if rates else None,
        towns=len(counted),
        missing=sum(figure.status is FigureStatus.MISSING for figure in known),
    )


def _sum(numbers: Iterable[int | None]) -> int:
    return sum(number or 0 for number in numbers)


def _total(figures: Iterable[Figure]) -> int:
    return sum(figure.value for figure in figures if isinstance(figure.value, int))
