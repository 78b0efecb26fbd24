"""Odd marks, copies and several sheets in one picture: read right, or in doubt, or named; nightly the harder set."""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.scan import HARDER_COUNT, HARDER_FIRST, measure
from shared.documents.layout import Layout
from shared.documents.scan.files import pictures
from shared.documents.scan.ink import NARROW, _stacked
from shared.documents.scan.reading import Reading, read
from tests.scan.harder import WRITING, Page, harder, placed, wood
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, rendered
from tests.scan.samples import Printed, of_63, register

Boxes = dict[str, bool]


def empty(number: int) -> tuple[Page, Layout]:
    """A page of the sign-in sheet with nothing written on it yet."""
    pdf, layout = of_63()
    plan = layout.pages[number - 1]
    return Page(rendered(pdf)[number - 1].copy(), plan, Random(3), dict.fromkeys(plan.boxes, False)), layout


def silent(reading: Reading, ink: Boxes) -> list[str]:
    """Boxes that are read wrongly without being in doubt."""
    assert reading.problem == ""
    return [box.name for box in reading.boxes if box.ink != ink[box.name] and not box.doubtful]


@pytest.mark.parametrize("kind", ["circles", "two rows", "highlighter"])
def test_odd_marks_are_right_or_in_doubt(kind: str) -> None:
    page, layout = empty(1)
    WRITING[kind](page)
    reading = read(page.paper, [layout], cut=False)
    assert silent(reading, page.ink) == []
    assert sum(box.doubtful for box in reading.boxes) <= 0.15 * len(page.ink)


def test_a_name_that_is_crossed_out_is_in_doubt() -> None:
    page, layout = empty(1)
    signatures = [name for name in page.ink if name.endswith("/signature")]
    for name in signatures[::3]:
        page.cross_out(name)
    for name in signatures[1::3]:
        page.pen().sign(page.plan.boxes[name], over=False)
        page.ink[name] = True
    reading = read(page.paper, [layout], cut=False)
    assert silent(reading, page.ink) == []
    assert sum(box.doubtful for box in reading.boxes if page.ink[box.name]) <= 1


def test_specks_of_a_copier_are_no_writing() -> None:
    pdf, layout = register()
    paper = rendered(pdf)[0].copy()
    specks = np.random.default_rng(5).random(paper.shape[:2]) < 0.0012
    paper[cv2.dilate(specks.astype(np.uint8), np.ones((3, 3))) > 0] = 40
    assert silent(read(paper, [layout], cut=False), dict.fromkeys(layout.pages[0].boxes, False)) == []


@pytest.mark.parametrize(
    ("printed", "seed"),
    [
        pytest.param(register, 20_027, id="what a fax leaves of a pencil"),
        pytest.param(of_63, 20_193, id="creases that cross in an empty box"),
        pytest.param(of_63, 30_383, id="a crease along a row of boxes for ticks"),
        pytest.param(of_63, 30_087, id="a tick that is crossed out along itself"),
    ],
)
def test_faint_writing_creases_and_crossed_out_ticks_are_in_doubt(
    printed: Callable[[], Printed], seed: int
) -> None:
    pdf, layout = printed()
    taken = harder(pdf, layout, seed)
    (picture,) = pictures(taken.data)
    assert silent(read(picture, [layout], cut=False), dict(taken.ink)) == []


def test_a_name_in_two_rows_that_crosses_no_rule_is_in_doubt() -> None:
    """Strokes that end at the rule between the rows, and others that begin beyond it."""
    page, layout = empty(1)
    name = [name for name in page.ink if name.endswith("/signature")][4]
    rect, pen = page.plan.boxes[name], page.pen()
    rule = rect.top + rect.height
    for n in range(6):
        x = rect.left + 4 + 5 * n
        pen.stroke([(x - 2, rule - 6), (x + 1, rule - 4), (x, rule - 0.8)])
        pen.stroke([(x + 2.5, rule + 0.8), (x, rule + 4), (x + 3, rule + 6)])
    page.ink[name] = True
    assert silent(read(page.paper, [layout], cut=False), page.ink) == []


def test_each_box_for_writing_has_the_one_below_it() -> None:
    for _, layout in (of_63(), register()):
        for plan in layout.pages:
            wide = {name: rect for name, rect in plan.boxes.items() if rect.width >= NARROW}
            columns: dict[str, list[str]] = {}
            for name in wide:
                columns.setdefault(name.rpartition("/")[2], []).append(name)
            pairs = {pair for names in columns.values() for pair in pairwise(names)}
            assert set(_stacked(plan)) == pairs
            assert len(pairs) >= 10


def on_a_table(*sheets: tuple[Any, float, float, float], wide: int = 2200, high: int = 2900) -> Any:
    """Pages, each with its left and top edges and its width in pixels."""
    table = wood((high, wide), Random(1), np.random.default_rng(1))
    for page, left, top, size in sheets:
        low = top + size * 2**0.5
        table = placed(page, table, [(left, top), (left + size, top), (left + size, low), (left, low)])
    return np.clip(table, 0, 255).astype(np.uint8)


def test_two_sheets_in_one_picture_are_named() -> None:
    pdf, layout = of_63()
    first, second, _ = rendered(pdf)
    picture = on_a_table((first, 50, 100, 1000), (second, 1100, 120, 1000), high=1700)
    assert read(picture, [layout], cut=False).problem == "several"


def test_a_corner_of_another_sheet_is_not_taken_for_one_of_this() -> None:
    page, layout = empty(1)
    WRITING["plain"](page)
    other = rendered(of_63()[0])[1]
    # The other one lies nearer, over a lower corner: its marks are larger.
    picture = on_a_table((page.paper, 200, 200, 1700), (other, 1600, 2250, 2000))
    reading = read(picture, [layout], cut=False)
    assert silent(reading, page.ink) == []
    assert reading.page == 1
    assert sum(box.doubtful for box in reading.boxes) <= 0.15 * len(page.ink)


def test_two_marks_and_the_code_place_a_page() -> None:
    page, layout = empty(1)
    WRITING["plain"](page)
    picture = on_a_table((page.paper, 200, 200, 1700))
    picture[200:330, 1785:1900] = picture[2480:2700, 200:400] = 90  # upper right, lower left
    reading = read(picture, [layout], cut=False)
    assert silent(reading, page.ink) == []
    assert sum(box.doubtful for box in reading.boxes) <= 0.1 * len(page.ink)


def test_marks_that_reach_beyond_their_box_leave_the_others_empty() -> None:
    page, layout = empty(3)
    names = [name for name in page.ink if name.endswith("/official_duty")][::3]
    for name in names:
        pen = Pen(page.paper, SCALE, Random(1))
        rect = page.plan.boxes[name]
        x, y = rect.left + 4, rect.top + rect.height - 1.5
        pen.stroke([(x - 3, y - 3), (x, y), (rect.left + rect.width + 2.5, rect.top - 3.5)])
        page.ink[name] = True
    assert silent(read(page.paper, [layout], cut=False), page.ink) == []


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_the_harder_set_is_right_or_in_doubt() -> None:
    outcomes = measure(range(HARDER_FIRST, HARDER_FIRST + HARDER_COUNT), odd=True)
    for outcome in outcomes.values():
        assert outcome.silent == []
    # A name over two rows of which hardly a stroke crosses the rule is not told from two names, and not every line
    # through a name from its strokes.
    for odd in ("two rows", "crossed out"):
        assert len(outcomes[odd].alike) <= 0.02 * outcomes[odd].boxes
