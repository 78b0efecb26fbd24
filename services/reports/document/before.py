"""The look of reports compiled before there was a check document: they are rendered as they were, byte for byte
(ADR 0060, 0064)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from services.reports.document import charts, layout, styles, wml
from services.reports.document.cells import Cell, Grid, cell_text
from services.reports.domain import FigureStatus, Run

_FEW_COLUMNS: Final = 6
_STRIP_COLUMNS: Final = 6  # of a table set in strips
_LONG: Final = 30  # rows that fill a page
_CELL_MARGIN: Final = 40

DRAWN: Final = charts.WITH_LENGTH | {FigureStatus.ZERO}
CHART: Final = charts.Look(bar_mm=11, grey="404040", face='<a:defRPr sz="1200"/>', line="")
_CHANGED: Final[Mapping[str, Mapping[str, Any]]] = {
    styles.ANNEX_NOTE: {"keep": True},
    styles.CAPTION: {"line": styles.LINE, "grid": True},
    styles.CELL_NOTE: {"break_words": True},
}
_STYLES: Final = tuple(
    replace(style, **_CHANGED.get(style.id, {}))
    for style in styles.STYLES
    if style.id not in (styles.LEGEND, styles.HEAD_SMALL)
)


def styles_part() -> str:
    """word/styles.xml"""
    return styles.styles_part(_STYLES, _CELL_MARGIN)


def table(grid: Grid, runs: Callable[[Cell], str]) -> str:
    """Caption and table; `runs` writes the content of a cell."""
    caption = wml.paragraph(styles.CAPTION, wml.run(grid.caption)) if grid.caption else ""
    grid = _folded(grid)
    few = len(grid.header) <= _FEW_COLUMNS
    looks = [styles.CELL if few else styles.CELL_SMALL] * len(grid.header)
    for columns, style in (
        (grid.prose, styles.CELL_PROSE),
        (grid.notes, styles.CELL_NOTE),
        (grid.small, styles.CELL_SMALL),
    ):
        for column in columns:
            looks[column] = style
    widths = _widths(grid, styles.CELL_CHARACTER if few else styles.SMALL_CHARACTER)
    head = (wml.paragraph(styles.CELL_HEAD, wml.run(title)) for title in grid.header)
    rows = [wml.row(widths, head, header=True)]
    rows += (
        wml.row(widths, (wml.paragraph(look, runs(cell)) for look, cell in zip(looks, cells, strict=True)))
        for cells in grid.rows
    )
    return caption + wml.table(styles.GRID, widths, rows)


def _folded(grid: Grid) -> Grid:
    """A long narrow table as strips side by side, read strip by strip."""
    columns, count = len(grid.header), len(grid.rows)
    strips = _STRIP_COLUMNS // columns if columns else 1
    if strips < 2 or count < _LONG or grid.prose or grid.notes:
        return grid
    height = -(-count // strips)
    empty = ((Run(text=""),),) * columns
    padded = (*grid.rows, *(empty,) * (strips * height - count))
    rows = tuple(tuple(chain.from_iterable(padded[i::height])) for i in range(height))
    return replace(grid, header=grid.header * strips, rows=rows, weights=grid.weights * strips)


def _widths(grid: Grid, character: int) -> list[int]:
    if not grid.weights:
        texts = [[cell_text(cell) for cell in row] for row in grid.rows]
        return layout.column_widths(grid.header, texts, styles.TEXT_WIDTH, character, unwrapped=1.0)
    whole = sum(grid.weights)
    widths = [styles.TEXT_WIDTH * weight // whole for weight in grid.weights]
    widths[-1] += styles.TEXT_WIDTH - sum(widths)
    return widths
