"""One picture read against the layout of the sheet that it should be of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp

from shared.documents.layout import Layout, Plan, Rect
from shared.documents.marks import PageCode, Subject
from shared.documents.scan.digits import marked
from shared.documents.scan.ink import NARROW, Box, boxes
from shared.documents.scan.sight import seen
from shared.documents.scan.straighten import SCALE, Marks, Numbers, Pixels, flat, pixels, uncurled, within

NOT_OURS, INCOMPLETE, SEVERAL = "not_ours", "incomplete", "several"
OTHER_KIND, OTHER_TOWN, OTHER_MEETING, OTHER_EDITION = (
    "other_kind",
    "other_area",
    "other_subject",
    "other_edition",
)
AROUND: Final = 1.5
"""Millimetres around a box that are shown with it."""
QUALITY: Final = 60
DIFFERS: Final = 0.2
"""How sure a box is that was read otherwise on another picture of the same page."""


@dataclass(frozen=True)
class Reading:
    """What one picture is: `problem` where it was not read. `sheet`: which of the layouts; `cuts`: pictures of the
    doubtful boxes, of ticks beside other ink in one line, and of all numbers, JPEG."""

    sheet: int | None = None
    page: int | None = None
    problem: str = ""
    upside_down: bool = False
    boxes: Sequence[Box] = ()
    cuts: Mapping[str, bytes] = field(default_factory=dict)


Place = tuple[int | None, int | None]
"""Which of the layouts, and its page."""


def read(
    picture: Pixels,
    layouts: Sequence[Layout],
    *,
    cut: bool,
    earlier: Mapping[Place, Sequence[Box]] = MappingProxyType({}),
) -> Reading:
    """`layouts`: of the sheets that the picture may be of; `earlier`: what was read of pages that may be here again."""
    found = Marks.of(picture)
    codes = _codes(picture)
    if codes and not found.found and Marks.of(_mirrored(picture)).found:
        return read(_mirrored(picture), layouts, cut=cut, earlier=earlier)
    if len(codes) > 1:  # that of the page behind shows through thin paper, mirrored
        codes = [(one, at) for one, at in codes if found.along(at)]
    if len(codes) > 1:
        return Reading(problem=SEVERAL)
    code, corners = codes[0] if codes else (None, None)
    if code is None and len(found.found) >= 3:
        code = _code_of(picture, found, layouts[0])
    if code is None:
        return Reading(problem=INCOMPLETE if len(found.found) >= 2 else NOT_OURS)
    sheet = next((n for n, one in enumerate(layouts) if code in one.codes), None)
    if sheet is None:
        return Reading(None, code.page, _why_not(code, [one.subject for one in layouts if one.subject]))
    layout = layouts[sheet]
    plan = layout.pages[code.page - 1]
    if not plan.boxes:  # the last page may have but lines to sign
        return Reading(sheet, code.page, "", found.upside_down)
    homography = found.homography(layout.width, layout.height, corners)
    if homography is None or not within(picture, homography, plan):
        return Reading(sheet, code.page, INCOMPLETE, found.upside_down)
    page = uncurled(flat(picture, homography, layout), plan)
    sight = seen(page, plan)
    read_boxes = marked(sight, plan) if plan.numbers else boxes(sight, plan)
    read_boxes = list(_together(earlier.get((sheet, code.page), ()), read_boxes))
    shown = plan.numbers or {box.name: plan.boxes[box.name] for box in _to_show(read_boxes, plan)}
    cuts = {name: _cut(page, rect) for name, rect in shown.items() if cut}
    return Reading(sheet, code.page, "", found.upside_down, read_boxes, cuts)


def _to_show(read_boxes: Sequence[Box], plan: Plan) -> Iterator[Box]:
    """Boxes in doubt, and a tick with the other ink of its line."""
    inked = [box for box in read_boxes if box.ink]
    count = Counter(map(_line, inked))
    ticked = {_line(box) for box in inked if plan.boxes[box.name].width < NARROW}
    several = {line for line in ticked if count[line] > 1}
    return (box for box in read_boxes if box.doubtful or (box.ink and _line(box) in several))


def _line(box: Box) -> str:
    return box.name.rpartition("/")[0]


def _mirrored(picture: Pixels) -> Pixels:
    """As it is where a camera that faces its user keeps it mirrored: its code is read, its marks are not."""
    return np.ascontiguousarray(picture[:, ::-1])


def _together(earlier: Sequence[Box], later: Sequence[Box]) -> Iterator[Box]:
    """The boxes of a page that was read before, each as it was read more surely; where two that are sure differ, the
    later one in doubt, and so in every further picture."""
    before = {box.name: box for box in earlier}
    for box in later:
        other = before.get(box.name, box)
        if other.differs or (other.ink != box.ink and not other.doubtful and not box.doubtful):
            yield replace(box, sure=DIFFERS, differs=True)
        else:
            yield max(box, other, key=lambda one: one.sure)


def _why_not(code: PageCode, subjects: Sequence[Subject]) -> str:
    """What differs first."""
    of_kind = [subject for subject in subjects if subject.kind == code.subject.kind]
    if not of_kind:
        return OTHER_KIND
    if code.subject.area not in {subject.area for subject in of_kind}:
        return OTHER_TOWN
    return OTHER_EDITION if code.subject in of_kind else OTHER_MEETING


def _codes(picture: Pixels) -> list[tuple[PageCode, Numbers]]:
    """The codes of our pages in a picture, each with its corners as printed."""
    found = []
    for barcode in zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    ):
        code = PageCode.read(barcode.text)
        if code is not None:
            at = barcode.position
            places = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            found.append((code, np.array([(place.x, place.y) for place in places], dtype=np.float64)))
    return found


def _code_of(picture: Pixels, found: Marks, layout: Layout) -> PageCode | None:
    """The code once more, of the straightened page, where it is small or skewed in the picture."""
    homography = found.homography(layout.width, layout.height, None)
    if homography is None:
        return None
    page = flat(picture, homography, layout)
    corner = page[: 30 * SCALE, page.shape[1] - 50 * SCALE :]
    sharper: Any = cv2.createCLAHE(2.0).apply(cv2.cvtColor(corner, cv2.COLOR_BGR2GRAY))
    return next((code for one in (corner, sharper) for code, _ in _codes(one)), None)


def _cut(page: Pixels, rect: Rect) -> bytes:
    left, top, right, bottom = pixels(rect)
    more = round(AROUND * SCALE)
    part = page[max(0, top - more) : bottom + more, max(0, left - more) : right + more]
    done, data = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes() if done else b""
