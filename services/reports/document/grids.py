"""Tables in Word: widths and styles of columns, long tables in strips."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from services.reports.document import layout, styles, wml
from services.reports.document.cells import Cell, Grid, cell_text
from services.reports.domain import Run

_FEW_COLUMNS = 6
_MOST_STRIPS = 4
_LONG = 30  # rows that fill a page
_SHORT = 8  # rows that stay on one page
_COMPANIONS = 3  # rows that the last one has with it
KEEP = "<w:keepNext/>"


def table(grid: Grid, runs: Callable[[Cell], str]) -> str:
    """Caption and table; `runs` writes the content of a cell."""
    caption = wml.paragraph(styles.CAPTION, wml.run(grid.caption)) if grid.caption else ""
    grid = folded(grid)
    widths, looks = _widths(grid), _looks(grid)
    headed = styles.HEAD_SMALL if _character(grid) == styles.SMALL_CHARACTER else styles.CELL_HEAD
    head = (wml.paragraph(headed, wml.run(title)) for title in grid.header)
    rows = [wml.row(widths, head, header=True)]
    kept = _kept(grid)
    for number, cells in enumerate(grid.rows):
        keep = KEEP if number in kept else ""
        if len(cells) < len(grid.header):
            heading = wml.paragraph(styles.CELL_HEAD, runs(cells[0]), KEEP)
            rows.append(wml.row((sum(widths),), (heading,), columns=len(grid.header)))
        else:
            looked = zip(looks, cells, strict=True)
            rows.append(wml.row(widths, (wml.paragraph(look, runs(cell), keep) for look, cell in looked)))
    legend = "".join(wml.paragraph(styles.LEGEND, wml.run(line)) for line in grid.legend)
    return caption + wml.table(styles.GRID, widths, rows) + legend


def _kept(grid: Grid) -> set[int]:
    """Rows kept with the next: all but the last of a short table, of another the first and the last ones, so that no
    page has a single row."""
    last = len(grid.rows) - 1 + bool(grid.legend)
    if len(grid.rows) <= _SHORT:
        return set(range(last))
    return {0, *range(last - _COMPANIONS, last)}


def folded(grid: Grid) -> Grid:
    """A long narrow table as strips side by side, read strip by strip."""
    columns, count = len(grid.header), len(grid.rows)
    if count < _LONG or grid.prose or grid.notes or not grid.folds:
        return grid
    needed = sum(layout.wished_widths(grid.header, _texts(grid), styles.SMALL_CHARACTER, gap=grid.gap))
    strips = min(_MOST_STRIPS, int(styles.TEXT_WIDTH // needed))
    if strips < 2:
        return grid
    height = -(-count // strips)
    empty = ((Run(text=""),),) * columns
    padded = (*grid.rows, *(empty,) * (strips * height - count))
    rows = tuple(tuple(chain.from_iterable(padded[i::height])) for i in range(height))
    return replace(grid, header=grid.header * strips, rows=rows, weights=grid.weights * strips)


def _looks(grid: Grid) -> list[str]:
    """Style of each column."""
    small = _character(grid) == styles.SMALL_CHARACTER
    looks = [styles.CELL_SMALL if small else styles.CELL] * len(grid.header)
    for columns, style in (
        (grid.prose, styles.CELL_NOTE if small else styles.CELL_PROSE),
        (grid.notes, styles.CELL_NOTE),
        (grid.small, styles.CELL_SMALL),
    ):
        for column in columns:
            looks[column] = style
    return looks


def _widths(grid: Grid) -> list[int]:
    if not grid.weights:
        return layout.column_widths(
            grid.header, _texts(grid), styles.TEXT_WIDTH, _character(grid), gap=grid.gap
        )
    whole = sum(grid.weights)
    widths = [styles.TEXT_WIDTH * weight // whole for weight in grid.weights]
    widths[-1] += styles.TEXT_WIDTH - sum(widths)
    return widths


def _texts(grid: Grid) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in grid.rows]


def _character(grid: Grid) -> int:
    """Size of a table's characters: small print where it has many columns or its cells would not stand in a line."""
    if grid.weights:
        return styles.CELL_CHARACTER if len(grid.header) <= _FEW_COLUMNS else styles.SMALL_CHARACTER
    usual = layout.wished_widths(grid.header, _texts(grid), styles.CELL_CHARACTER, gap=grid.gap)
    fits = len(grid.header) <= _FEW_COLUMNS and sum(usual) <= styles.TEXT_WIDTH
    return styles.CELL_CHARACTER if fits else styles.SMALL_CHARACTER
