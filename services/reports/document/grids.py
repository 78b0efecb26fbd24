"""Tables in Word: widths and styles of columns, long tables in strips."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from services.reports.document import layout, styles, wml
from services.reports.document.content import Cell, Grid, cell_text
from services.reports.domain import Run

_FEW_COLUMNS = 6
_STRIP_COLUMNS = 6  # of a table set in strips
_LONG = 30  # rows that fill a page


def table(grid: Grid, runs: Callable[[Cell], str]) -> str:
    """Caption and table; `runs` writes the content of a cell."""
    caption = wml.paragraph(styles.CAPTION, wml.run(grid.caption)) if grid.caption else ""
    grid = folded(grid)
    widths, looks = _widths(grid), _looks(grid)
    head = (wml.paragraph(styles.CELL_HEAD, wml.run(title)) for title in grid.header)
    rows = [wml.row(widths, head, header=True)]
    rows += (
        wml.row(widths, (wml.paragraph(look, runs(cell)) for look, cell in zip(looks, cells, strict=True)))
        for cells in grid.rows
    )
    return caption + wml.table(styles.GRID, widths, rows)


def folded(grid: Grid) -> Grid:
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


def _looks(grid: Grid) -> list[str]:
    """Style of each column."""
    usual = styles.CELL if len(grid.header) <= _FEW_COLUMNS else styles.CELL_SMALL
    looks = [usual] * len(grid.header)
    for columns, style in (
        (grid.prose, styles.CELL_PROSE),
        (grid.notes, styles.CELL_NOTE),
        (grid.small, styles.CELL_SMALL),
    ):
        for column in columns:
            looks[column] = style
    return looks


def _widths(grid: Grid) -> list[int]:
    if not grid.weights:
        texts = [[cell_text(cell) for cell in row] for row in grid.rows]
        character = styles.CELL_CHARACTER if len(grid.header) <= _FEW_COLUMNS else styles.SMALL_CHARACTER
        return layout.column_widths(grid.header, texts, styles.TEXT_WIDTH, character)
    whole = sum(grid.weights)
    widths = [styles.TEXT_WIDTH * weight // whole for weight in grid.weights]
    widths[-1] += styles.TEXT_WIDTH - sum(widths)
    return widths
