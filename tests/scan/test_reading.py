"""Photographs read: a few of the published seeds, and pages that must be called by what is wrong with them."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pypdfium2
import pytest

from services.activities.pages import printed, sign_in
from shared.documents.layout import Layout
from shared.documents.marks import Subject
from shared.documents.scan.files import Unfit, pictures
from shared.documents.scan.reading import Reading, read
from tests.scan.photographs import photograph, rendered
from tests.scan.samples import DAY, ROLL, SUBJECT, TOWN, of_63, register


def pages_of_nothing(count: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(595, 842)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def blank(kind: str, *shape: int) -> bytes:
    """A black picture."""
    data: bytes = cv2.imencode(kind, np.zeros(shape, np.uint8))[1].tobytes()
    return data


def found(data: bytes, *layouts: Layout) -> Reading:
    (picture,) = pictures(data)
    return read(picture, layouts, cut=True)


@pytest.mark.parametrize("seed", [1001, 1002, 1003, 1004])
def test_what_is_read_is_there_or_in_doubt(seed: int) -> None:
    pdf, layout = register() if seed % 4 == 3 else of_63()
    taken = photograph(pdf, layout, seed)
    reading = found(taken.data, layout)
    assert (reading.problem, reading.page) == ("", taken.page)
    assert {box.name for box in reading.boxes} == set(taken.ink)
    wrong = {box.name for box in reading.boxes if box.ink != taken.ink[box.name]}
    doubtful = {box.name for box in reading.boxes if box.doubtful}
    assert wrong <= doubtful
    assert len(doubtful) <= max(4, 0.1 * len(reading.boxes))
    assert set(reading.cuts) == doubtful
    assert all(cut.startswith(b"\xff\xd8") for cut in reading.cuts.values())


def test_an_empty_page_upside_down_is_read_as_empty() -> None:
    pdf, layout = of_63()
    reading = read(np.ascontiguousarray(rendered(pdf)[1][::-1, ::-1]), [layout], cut=True)
    assert (reading.page, reading.problem, reading.upside_down) == (2, "", True)
    assert not any(box.ink or box.doubtful for box in reading.boxes)


def test_pages_that_are_not_the_ones_are_named_by_what_differs() -> None:
    pdf, _ = of_63()
    page = rendered(pdf)[0]

    def problem(subject: Subject, people: int = 63) -> str:
        other = sign_in.sign_in(subject, "示例镇", "会议", DAY, ROLL[:people])
        return read(page, [printed.layout(None, other)], cut=False).problem

    assert problem(SUBJECT) == ""
    assert problem(SUBJECT, 62) == "other_edition"
    assert problem(Subject.of("S", TOWN, "session", "2021-01-08")) == "other_subject"
    assert problem(Subject("S", "340281198", SUBJECT.about)) == "other_area"
    assert read(page, [register()[1]], cut=False).problem == "other_kind"


def test_half_a_page_and_no_page_are_named() -> None:
    pdf, layout = of_63()
    page = rendered(pdf)[0]
    assert read(np.ascontiguousarray(page[: len(page) // 2]), [layout], cut=False).problem == "incomplete"
    assert read(np.full_like(page, 200), [layout], cut=False).problem == "not_ours"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: b"", "none"),
        (lambda: b"GIF89a" + bytes(100), "none"),
        (lambda: b"%PDF-1.7 nothing", "none"),
        (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', "none"),
        (lambda: b"\x89PNG\r\n\x1a\n<svg/>", "none"),
        (lambda: pages_of_nothing(1000), "pages"),
        (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(50), "none"),
        (lambda: blank(".jpg", 10_000, 10_000, 1), "large"),
        (lambda: blank(".png", 8_000, 8_000, 1), "large"),
        (lambda: blank(".jpg", 900, 900, 3)[:900], "none"),
        (lambda: blank(".png", 900, 900, 3)[:900], "none"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(made: Callable[[], bytes], why: str) -> None:
    data = made()
    with pytest.raises(Unfit, match=why):
        list(pictures(data))
