"""Numbers marked by digit: read from photographs, or in doubt; never another number without saying so."""

from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.scan import measure
from shared.documents.layout import Plan
from shared.documents.numbers import MOST, Number, digits, number
from shared.documents.scan.files import pictures
from shared.documents.scan.ink import Box
from shared.documents.scan.reading import read
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, marked_boxes, photograph, rendered
from tests.scan.samples import count_sheet


@dataclass(frozen=True)
class Marked:
    ink: bool = False
    doubtful: bool = False


def of(*inked: str, doubtful: str = "") -> Number | None:
    names = [name for name, _, _ in digits("n", 0, 0)]
    return number("n", {name: Marked(name[2:] in inked, name[2:] == doubtful) for name in names})


@pytest.mark.parametrize("value", [0, 5, 10, 60, 99, 100, 205, MOST])
def test_each_number_has_its_marks(value: int) -> None:
    inked = [name.rpartition("/")[2] for name in marked_boxes("n", value)]
    assert of(*inked) == Number(value, doubtful=False)


def test_two_marks_of_a_place_or_none_are_no_number() -> None:
    unclear = Number(None, doubtful=True)
    assert of("10", "20", "3") == of("10") == of("3") == of() == of("100", "200", "00", "0") == unclear
    assert of("10", "3", doubtful="300") == Number(13, doubtful=True)
    assert number("other", {}) is None


@pytest.mark.parametrize("seed", [4101])
def test_numbers_of_photographs_are_right_or_in_doubt(seed: int) -> None:
    pdf, layout = count_sheet()
    taken = photograph(pdf, layout, seed)
    (picture,) = pictures(taken.data)
    reading = read(picture, [layout], cut=True)
    plan = layout.pages[taken.page - 1]
    assert (reading.problem, reading.page) == ("", taken.page)
    assert set(reading.cuts) == set(plan.numbers)
    true = values(plan, {name for name, ink in taken.ink.items() if ink})
    told = {name: number(name, {box.name: box for box in reading.boxes}) for name in plan.numbers}
    certain = {name: one.value for name, one in told.items() if one is not None and not one.doubtful}
    assert certain == {name: true[name] for name in certain}
    assert len(certain) >= 0.9 * len(plan.numbers) - len(taken.struck)


def values(plan: Plan, inked: set[str]) -> dict[str, int]:
    return {
        name: sum(int(box.rpartition("/")[2]) for box in inked if box.startswith(f"{name}/"))
        for name in plan.numbers
    }


def test_a_hundred_crossed_out_and_a_page_without_marks_are_in_doubt() -> None:
    pdf, layout = count_sheet()
    page, plan = rendered(pdf)[0].copy(), layout.pages[0]
    empty = read(np.ascontiguousarray(page), [layout], cut=False)
    assert not any(box.ink or box.doubtful for box in empty.boxes)
    pen = Pen(page, SCALE, Random(3))
    for box in marked_boxes("d1/satisfied", 30):
        pen.fill(plan.boxes[box], "dash")
    assert number("d1/satisfied", marks(page)) == Number(30, doubtful=False)
    pen.fill(plan.boxes["d1/satisfied/200"], "dash")
    pen.cross(plan.boxes["d1/satisfied/200"])
    assert number("d1/satisfied", marks(page)) == Number(230, doubtful=True)
    assert number("d2/satisfied", marks(page)) == Number(None, doubtful=True)


def test_red_marks_are_read_but_not_what_a_stamp_took_out() -> None:
    pdf, layout = count_sheet()
    page, plan = rendered(pdf)[0].copy(), layout.pages[0]
    pen = Pen(page, SCALE, Random(3))
    pen.colour = (45, 40, 205)
    for name in plan.numbers:
        for box in marked_boxes(name, 130):
            pen.fill(plan.boxes[box], "dash")
    read_boxes = marks(page)
    assert {number(name, read_boxes) for name in plan.numbers} == {Number(130, doubtful=False)}
    rect = plan.boxes["d1/satisfied/100"]
    pen.seal(rect.left, rect.top)
    told = [number(name, boxes) for boxes in [marks(page)] for name in plan.numbers]
    certain = [one.value for one in told if one is not None and not one.doubtful]
    assert set(certain) == {130}
    assert len(told) / 2 < len(certain) < len(told)


def test_a_circle_around_a_hundred_is_in_doubt() -> None:
    pdf, layout = count_sheet()
    page, plan = rendered(pdf)[0].copy(), layout.pages[0]
    pen = Pen(page, SCALE, Random(3))
    for box in marked_boxes("d1/satisfied", 30):
        pen.fill(plan.boxes[box], "dash")
    rect = plan.boxes["d1/satisfied/100"]
    x, y = rect.left + rect.width / 2, rect.top + rect.height / 2
    angles = np.linspace(0, 6.4, 14)
    pen.stroke([(x + 2.6 * float(np.cos(a)), y + 2.5 * float(np.sin(a))) for a in angles])
    assert number("d1/satisfied", marks(page)) == Number(30, doubtful=True)


def marks(page: Any) -> dict[str, Box]:
    _, layout = count_sheet()
    _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 80])
    (picture,) = pictures(data.tobytes())
    return {box.name: box for box in read(picture, [layout], cut=False).boxes}


def test_the_benchmark_counts_what_is_wrong_by_kind() -> None:
    outcome = measure([10_002])["count_sheet"]
    assert (outcome.photographs, outcome.silent, outcome.unread) == (1, [], [])
    assert outcome.boxes > 500
