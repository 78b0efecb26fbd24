"""What hands, lenses, sleeves, copiers and feeders do to a page: read right, in doubt, or named as not read."""

from collections.abc import Callable
from random import Random

import cv2
import numpy as np
import pytest

from benchmarks.scan import asked
from shared.documents.scan.files import pictures
from shared.documents.scan.reading import read
from tests.scan.photographs import counted, filled, rendered
from tests.scan.samples import Printed, ballot, count_sheet, of_63, register
from tests.scan.spoilt import SPOILT

QUICK = ("colour cast", "torn")
CASES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.nightly) for name in SPOILT]
SHEETS = [
    pytest.param(of_63, id="sign-in sheet"),
    *(pytest.param(sheet, marks=pytest.mark.nightly) for sheet in (ballot, count_sheet, register)),
]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_spoilt_page_is_never_read_wrongly_without_saying_so(
    name: str, sheet: Callable[[], Printed]
) -> None:
    pdf, layout = sheet()
    page, plan, r = rendered(pdf)[0].copy(), layout.pages[0], Random(9302)
    ink, _, _ = counted(page, plan, r) if plan.numbers else filled(page, plan.boxes, r)
    picture = SPOILT[name](page.astype(np.float32), np.random.default_rng(9302))
    quality = [cv2.IMWRITE_JPEG_QUALITY, 75]
    _, data = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), quality)
    (seen,) = pictures(data.tobytes())
    reading = read(seen, [layout], cut=False)
    if reading.problem:
        assert name == "foot cut off"
        assert reading.problem == "incomplete"
        return
    wrong = {box.name for box in reading.boxes if box.ink != ink[box.name]}
    assert wrong <= asked(reading, plan)
