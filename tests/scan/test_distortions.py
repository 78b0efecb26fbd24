"""Distortions that the reading was not tuned on: read right, or called doubtful, or the page is named as not read."""

from collections.abc import Callable

import cv2
import pytest

from benchmarks.scan import asked
from shared.documents.scan.files import pictures
from shared.documents.scan.reading import INCOMPLETE, NOT_OURS, read
from tests.scan.distortions import DISTORTIONS, distorted
from tests.scan.samples import Printed, ballot, count_sheet, of_63

QUICK = ("red pen", "pencil", "glare")
HIDES = ("glare", "moved")
"""What the clerk has to look at, or to photograph again."""


CASES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.nightly) for name in DISTORTIONS]
SHEETS = [
    pytest.param(of_63, id="sign-in sheet"),
    pytest.param(ballot, id="ballot"),
    pytest.param(count_sheet, id="count sheet", marks=pytest.mark.nightly),
]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sheet", SHEETS)
def test_what_is_not_read_right_is_in_doubt(name: str, sheet: Callable[[], Printed]) -> None:
    pdf, layout = sheet()
    picture, ink, struck = distorted(name, pdf, layout, seed=5)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 75])
    (seen,) = pictures(data.tobytes())
    reading = read(seen, [layout], cut=False)
    if reading.problem:
        assert name in HIDES
        assert reading.problem in {INCOMPLETE, NOT_OURS}
        return
    wrong = {box.name for box in reading.boxes if box.ink != ink[box.name]}
    plan = layout.pages[0]
    doubtful = asked(reading, plan)
    assert wrong <= doubtful
    if name not in HIDES:
        assert len(wrong) <= 0.05 * len(ink)
        red = 0.05 if plan.numbers else 0.3  # numbers are all by one hand, which is seen to write in red
        assert len(doubtful - struck) <= (red if name == "red pen" else 0.05) * len(ink)
