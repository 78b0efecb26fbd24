"""The same page twice: each box as it was read more surely, in doubt where the two differ; mirrored pages."""

from io import BytesIO
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shared.documents.scan.reading import read
from shared.documents.scan.worker import read_file
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, rendered
from tests.scan.samples import ballot, of_63


def signed(*lines: int) -> tuple[Any, list[str]]:
    """The first page of the sign-in sheet signed on these lines, and the names of those boxes."""
    pdf, layout = of_63()
    page, boxes = rendered(pdf)[0].copy(), layout.pages[0].boxes
    names = [[name for name in boxes if name.endswith("/signature")][line] for line in lines]
    for name in names:
        Pen(page, SCALE, Random(name)).sign(boxes[name], over=False)
    return page, names


def pdf_of(*pages: Any) -> bytes:
    file = BytesIO()
    first, *others = (Image.fromarray(page[..., ::-1]) for page in pages)
    first.save(file, "PDF", save_all=True, append_images=others, resolution=220)
    return file.getvalue()


@pytest.mark.parametrize("late_signed", [(True, False, False), (False, True, False), (False, True, True)])
async def test_a_box_that_two_of_three_pictures_differ_on_stays_in_doubt(
    late_signed: tuple[bool, ...],
) -> None:
    _, layout = of_63()
    (without, _), (signed_late, (_, late)) = signed(3), signed(3, 8)
    data = pdf_of(*(signed_late if there else without for there in late_signed))
    last = (await read_file(data, [layout], cut=True))[-1]
    assert {name for name, mark in last.marks.items() if mark.doubtful} == {late}
    assert last.marks[late].ink is late_signed[-1]
    assert last.marks[late].picture


async def test_a_box_that_two_pictures_of_a_page_differ_on_is_in_doubt() -> None:
    _, layout = of_63()
    (one, _), (other, (_, late)) = signed(3), signed(3, 8)
    for data, ink in ((pdf_of(one, other), True), (pdf_of(other, one), False)):
        first, second = await read_file(data, [layout], cut=True)
        assert (first.again, second.again) == (False, True)
        assert not any(mark.doubtful for mark in first.marks.values())
        assert {name for name, mark in second.marks.items() if mark.doubtful} == {late}
        assert second.marks[late].ink is ink
        assert second.marks[late].picture


def test_what_one_picture_is_sure_of_is_not_in_doubt() -> None:
    _, layout = of_63()
    (clear, names), (hidden, _) = signed(3, 8), signed(3, 8)
    hidden[600:1500] = 120
    pictures = {"clear": np.ascontiguousarray(clear), "hidden": hidden}
    for order in (("clear", "hidden"), ("hidden", "clear")):
        first, second = (pictures[name] for name in order)
        before = read(first, [layout], cut=False)
        after = read(second, [layout], cut=False, earlier={(0, 1): before.boxes})
        assert [box.name for box in after.boxes if box.doubtful] == []
        assert {box.name for box in after.boxes if box.ink} == set(names)


async def test_the_same_page_of_a_ballot_is_another_ballot() -> None:
    pdf, layout = ballot()
    page = rendered(pdf)[0]
    ticked = page.copy()
    name = next(iter(layout.pages[0].boxes))
    Pen(ticked, SCALE, Random(1)).tick(layout.pages[0].boxes[name])
    pages = await read_file(pdf_of(ticked, page), [layout], cut=False, copies=[0])
    assert [(page.again, page.marks[name].ink, page.marks[name].doubtful) for page in pages] == [
        (False, True, False),
        (False, False, False),
    ]


def test_a_mirrored_page_is_read() -> None:
    _, layout = of_63()
    page, names = signed(3, 8)
    reading = read(np.ascontiguousarray(page[:, ::-1]), [layout], cut=False)
    assert (reading.problem, reading.page) == ("", 1)
    assert {box.name for box in reading.boxes if box.ink} == set(names)


def test_a_page_that_shows_through_is_not_another_sheet() -> None:
    _, layout = of_63()
    page, names = signed(3, 8)
    behind = 255 - 0.3 * (255.0 - np.roll(rendered(of_63()[0])[1][:, ::-1], (17, 9), (0, 1)))
    reading = read(np.minimum(page, behind.astype(np.uint8)), [layout], cut=False)
    assert (reading.problem, reading.page) == ("", 1)
    wrong = {box.name for box in reading.boxes if box.ink != (box.name in names)}
    assert wrong <= {box.name for box in reading.boxes if box.doubtful}
