"""Cells, tables and annexes as values, before any form is given to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.reports.document.charts import Chart
from services.reports.domain import Figure, Photograph, Run
from services.reports.figures import moved, shown

Cell = tuple[Run, ...]


@dataclass(frozen=True)
class Grid:
    """A table of an annex. `weights`: relative widths of its columns, () = by content.

    A row of one cell goes across the whole table: it is the heading of the rows below it.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    weights: tuple[int, ...] = ()
    prose: tuple[int, ...] = ()  # columns of running text, set flush left
    notes: tuple[int, ...] = ()  # columns of small print, flush left
    small: tuple[int, ...] = ()  # columns of long codes
    legend: tuple[str, ...] = ()  # small print under the table
    folds: bool = True  # whether it may stand in strips side by side
    gap: float = 0.0  # counted in the widths of its columns, see `layout.column_widths`


@dataclass(frozen=True)
class Annex:
    """An annex, on pages of its own; `id` is the name of its bookmark and anchor."""

    id: str
    title: str
    notes: tuple[str, ...]
    grids: tuple[Grid, ...] = ()
    charts: tuple[Chart, ...] = ()
    photographs: tuple[Photograph, ...] = ()


def amount(figure: Figure) -> Cell:
    """A figure in print with its unit; a rate with numerator and denominator: 92.1%（58/63）."""
    value = Run(text=shown(figure), figure=figure.id)
    if figure.value is None:
        return (value,)
    if figure.numerator is None or not figure.denominator:
        return (value, Run(text=figure.unit)) if figure.unit else (value,)
    return (value, Run(text="（"), *_fraction(figure), Run(text="）"))


def stacked(figure: Figure) -> Cell:
    """A figure in print without its unit; a rate with numerator and denominator in a line below."""
    value = Run(text=shown(figure), figure=figure.id)
    if figure.numerator is None or not figure.denominator:
        return (value,)
    return (value, Run(text="\n"), *_fraction(figure))


def _fraction(figure: Figure) -> Cell:
    return (
        Run(text=str(figure.numerator), figure=figure.id, part="#numerator"),
        Run(text="/"),
        Run(text=str(figure.denominator), figure=figure.id, part="#denominator"),
    )


def before(figure: Figure) -> Run:
    """The value a year before, or the reason why there is none."""
    return Run(text=previous(figure), figure=figure.id if figure.previous else None, part="#previous")


def change(figure: Figure) -> Run:
    return Run(text=moved(figure), figure=figure.id, part="#change") if moved(figure) else Run(text="—")


def previous(figure: Figure) -> str:
    """The value a year before in print, or the reason why there is none."""
    return shown(figure.previous) if figure.previous else "—"


def plain(text: str) -> Cell:
    return (Run(text=text),)


def tagged(text: str, tag: str | None) -> Run:
    """A run with the tag of a table cell; plain text without a tag."""
    figure, part = _TAG.fullmatch(tag or "").groups()  # type: ignore[union-attr]
    return Run(text=text, figure=figure or None, part=part)


_TAG = re.compile(r"([^#@]*)(.*)", re.DOTALL)


def lines(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs by line; staff's text may have line ends."""
    split_lines: list[list[Run]] = [[]]
    for run in runs:
        first, *rest = run.text.split("\n")
        split_lines[-1].append(run.model_copy(update={"text": first}))
        split_lines += [[run.model_copy(update={"text": text})] for text in rest]
    return split_lines


def tabular(text: str) -> tuple[tuple[str, ...], ...]:
    """Cells of a table of the office's own, kept as text with as many tabs in every line; of another text ()."""
    rows = tuple(tuple(line.split("\t")) for line in text.split("\n"))
    return rows if len(rows[0]) > 1 and len(set(map(len, rows))) == 1 else ()


def as_text(rows: Iterable[Iterable[str]]) -> str:
    """The text of which `tabular` makes these cells."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def own_grid(rows: tuple[tuple[str, ...], ...]) -> Grid:
    """A table of the office's own, its first row as the header."""
    columns = range(len(rows[0]))
    prose = tuple(column for column in columns if max(len(row[column]) for row in rows) > _PROSE)
    body = tuple(tuple(map(plain, row)) for row in rows[1:])
    return Grid("", rows[0], body, prose=prose, folds=False)


def cell_text(cell: Cell) -> str:
    return "".join(run.text for run in cell)


_PROSE: Final = 12  # characters of a cell that is no number or name
FINDING: Final = "finding"


def quoted(text: str) -> Cell:
    """Words of a finding, with their numbers tagged as `finding`, not as figures."""
    return (tagged(text, FINDING if text else None),)
