"""Tables of the figures: those of the period that are sent, by chapter, and every one with definition and records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from services.reports.document import styles
from services.reports.document.cells import Cell, Grid, amount, before, cell_text, change, plain, stacked
from services.reports.document.layout import width
from services.reports.document.proof import NOUNS
from services.reports.domain import Figure, FigureStatus, RecordRef, Run

CHAPTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "人民代表大会会议": ("congress", "officials", "nominations", "budget", "questions", "livelihood"),
    "主席团会议": ("presidium",),
    "监督": ("supervision", "inquiries", "reviews"),
    "代表队伍": ("deputies", "groups", "stations", "changes", "by_elections"),
    "学习和代表活动": ("training", "group_activities", "activities", "tagged", "cases"),
    "联系选民": ("contact", "opinions"),
    "代表建议": ("suggestions",),
    "述职测评": ("ratings",),
    "计划和保障": ("plan", "office"),
}
"""Chapters of the figures by the first part of their ids."""
OTHERS: Final = "其他"

_HALF_LINE: Final = styles.TEXT_WIDTH / styles.CELL_CHARACTER / 2
_MARGIN: Final = 1.2  # characters beside the text of a cell
_COUNTED: Final = (FigureStatus.VALUE, FigureStatus.ZERO)
_OF: Final = {part: chapter for chapter, parts in CHAPTERS.items() for part in parts}


def chapters(figures: Iterable[Figure]) -> Iterator[tuple[str, list[Figure]]]:
    """Chapters that have figures, in order; a figure of no chapter is among the others at the end."""
    titles = [*CHAPTERS, OTHERS]

    def place(figure: Figure) -> int:
        return titles.index(_OF.get(figure.id.partition(".")[0], OTHERS))

    for position, found in groupby(sorted(figures, key=place), key=place):
        yield titles[position], list(found)


def comparable(figure: Figure) -> bool:
    """Whether the figure is known of the year before."""
    return figure.previous is not None and figure.previous.status in _COUNTED


def is_sent(figure: Figure) -> bool:
    """Whether the statistics that are sent have a row of it: it is more than nothing, this year or the year before."""
    known_before = comparable(figure) and figure.previous is not None and bool(figure.previous.value)
    return figure.status is FigureStatus.VALUE or (figure.status is FigureStatus.ZERO and known_before)


def of_the_period(figures: Iterable[Figure]) -> Grid | None:
    """The statistics that are sent; two figures a row where there is nothing to compare them with."""
    told = [figure for figure in figures if is_sent(figure)]
    if not told:
        return None
    if any(map(comparable, told)):
        rows = [row for title, found in chapters(told) for row in (_heading(title), *map(_compared, found))]
        header = ("指标", "数值", "上年同期", "增减")
        return Grid("", header, tuple(rows), weights=(40, 24, 18, 18), prose=(0,))
    rows = [row for title, found in chapters(told) for row in (_heading(title), *_pairs(found))]
    longest = max(width(cell_text(amount(figure))) for figure in told)
    value = min(longest + _MARGIN, _HALF_LINE / 2)  # so that no number is broken
    weights = round(100 * (_HALF_LINE - value)), round(100 * value)
    return Grid("", ("指标", "数值") * 2, tuple(rows), weights=weights * 2, prose=(0, 2))


def _heading(title: str) -> tuple[Cell, ...]:
    return (plain(title),)


def _compared(figure: Figure) -> tuple[Cell, ...]:
    return plain(figure.label), amount(figure), _earlier(figure), (change(figure),)


def _earlier(figure: Figure) -> Cell:
    return (before(figure), Run(text=figure.unit)) if comparable(figure) else (before(figure),)


def _pairs(figures: Sequence[Figure]) -> Iterator[tuple[Cell, ...]]:
    for at in range(0, len(figures), 2):
        pair = [cell for figure in figures[at : at + 2] for cell in (plain(figure.label), amount(figure))]
        yield (*pair, *(plain(""),) * (4 - len(pair)))


def definitions(figures: Sequence[Figure]) -> Iterator[Grid]:
    """Every figure with its value, its definition and the records behind it, a table a chapter."""
    compared = any(map(comparable, figures))
    header = ("指标", "数值", *(("上年同期",) if compared else ()), "口径", "依据的记录")
    weights = (18, 11, 10, 36, 25) if compared else (20, 12, 41, 27)
    for title, found in chapters(figures):
        rows = tuple(
            (
                plain(figure.label),
                (*stacked(figure), Run(text=figure.unit if figure.value is not None else "")),
                *((_earlier(figure),) if compared else ()),
                plain(figure.definition),
                plain(numbers(figure.records)),
            )
            for figure in found
        )
        last = len(header) - 1
        yield Grid(title, header, rows, weights=weights, prose=(0,), notes=(last - 1, last))


def numbers(records: Iterable[RecordRef]) -> str:
    """Records by kind and number of their event: 代表活动：12 15—18. Lines break at the spaces."""
    kinds: dict[str, list[int]] = {}
    for record in records:
        noun = record.subject.partition("/")[0]
        kinds.setdefault(NOUNS.get(noun, noun), []).append(record.sequence)
    return "\n".join(f"{kind}：{_ranges(sorted(found))}" for kind, found in kinds.items()) or "—"


def _ranges(sorted_numbers: Sequence[int]) -> str:
    """12 15—18; of no more than two in a row each is named."""
    runs: list[list[int]] = []
    for number in sorted_numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = (f"{run[0]}—{run[-1]}" if len(run) > 2 else " ".join(map(str, run)) for run in runs)
    return " ".join(texts)


def in_one_table(figures: Iterable[Figure]) -> Grid:
    """Every figure with its definition, as reports have it that were compiled before there was a check document."""
    rows = tuple(
        (
            plain(figure.label),
            stacked(figure),
            plain(figure.unit or "—"),
            (before(figure),),
            (change(figure),),
            plain(figure.definition),
        )
        for figure in figures
    )
    header = ("指标", "数值", "单位", "上年同期", "增减", "口径")
    return Grid("", header, rows, weights=(21, 10, 7, 10, 10, 42), prose=(0,), notes=(5,))
