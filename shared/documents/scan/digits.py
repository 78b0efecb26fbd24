"""Digits: which of the small boxes of a number are marked. They are found by their outlines, row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.documents.layout import Plan, Rect
from shared.documents.numbers import FREE
from shared.documents.scan.ink import AREA, FAINT, Box, meets, sureness
from shared.documents.scan.sight import Sight
from shared.documents.scan.straighten import SCALE, pixels

FAR: Final = SCALE
"""Pixels that an outline is off at most after straightening."""
NEAR: Final = 3
"""Pixels that it is off at most from what is usual on the page: farther away it is a rule or a stroke."""
INSET: Final = 4
"""Pixels of the outline and its blur."""
MARK: Final = (0.2, 0.6)
"""Square millimetres of ink: less than the first is none, more than the second is certainly a mark."""
SEEN: Final = 0.45
"""Share of the usual strength of an outline: where there is less, something lies on it."""
RED: Final = 0.8
"""Share of the boxes with ink that have red in them, of a page that was written in red."""
TOGETHER: Final = 11
"""Boxes whose outlines are looked for together."""
BESIDE: Final = round(0.8 * SCALE)
"""Pixels above and below a box, half of what is between two rows of them."""
CORNERS: Final = 3
"""Corners of a box by which a cross goes out; a stroke or a tick takes one or two."""

DUST: Final = 3
"""Pixels: less is no ink."""
CREASE: Final = 0.9
"""Share of a line through a box that is faint where the paper is creased."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class _Piece:
    """Boxes of a row, and how dark their outlines are by how far they are off, from -FAR to FAR, right and down."""

    names: Sequence[str]
    right: NDArray[np.float32]
    down: NDArray[np.float32]


@dataclass(frozen=True)
class _Ink:
    """The ink of a page: certain and faint; `red`: whether it was written in red, else red may be a stamp's."""

    mask: Mask
    faint: Mask
    red: bool


def marked(sight: Sight, plan: Plan) -> list[Box]:
    """The boxes of a page of numbers."""
    lines = np.minimum(sight.lines, sight.contrast)
    pieces = [_outlines(lines, names, plan.boxes) for names in _pieces(plan)]
    usual = [int(np.median([ways.argmax() for ways in one])) for one in _both(pieces)]
    places = [[_near(ways, at) for ways in one] for one, at in zip(_both(pieces), usual, strict=True)]
    clear = [min(p.right[x], p.down[y]) for p, x, y in zip(pieces, *places, strict=True)]
    least = SEEN * float(np.median(clear))
    mask = sight.mask(sight.least)
    ink = _Ink(mask, sight.mask(FAINT * sight.least), _in_red(sight, mask, plan))
    return [
        _box(name, _moved(plan.boxes[name], x - FAR, y - FAR), sight, ink, hidden=seen < least)
        for piece, x, y, seen in zip(pieces, *places, clear, strict=True)
        for name in piece.names
    ]


def _in_red(sight: Sight, mask: Mask, plan: Plan) -> bool:
    """Whether most boxes with ink have red in them."""
    places = [pixels(rect) for rect in plan.boxes.values()] if sight.red.any() else []
    inked = [
        at
        for at in places
        if float(mask[at[1] + INSET : at[3] - INSET, at[0] + INSET : at[2] - INSET].sum()) * AREA > MARK[1]
    ]
    return sum(sight.red_in(*at) > MARK[1] for at in inked) > RED * len(inked)


def _both(pieces: Sequence[_Piece]) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    return [piece.right for piece in pieces], [piece.down for piece in pieces]


def _near(ways: NDArray[np.float32], usual: int) -> int:
    first = max(0, usual - NEAR)
    return first + int(ways[first : usual + NEAR + 1].argmax())


def _moved(rect: Rect, right: int, down: int) -> Rect:
    return Rect(rect.left + right / SCALE, rect.top + down / SCALE, rect.width, rect.height)


def _pieces(plan: Plan) -> Iterator[Sequence[str]]:
    rows: dict[str, list[str]] = {}
    for name in plan.boxes:
        rows.setdefault(name.rpartition("/")[0], []).append(name)
    for names in rows.values():
        for start in range(0, len(names), TOGETHER):
            yield names[start : start + TOGETHER]


def _outlines(lines: NDArray[np.float32], names: Sequence[str], boxes: Mapping[str, Rect]) -> _Piece:
    """Upper and lower edges are dark both: one alone may be a rule."""
    edges = np.array([pixels(boxes[name]) for name in names])
    top, bottom = int(edges[0, 1]), int(edges[0, 3])
    first, last = int(edges[0, 0]), int(edges[-1, 2])
    strip = lines[top - FAR : bottom + FAR + 1, first - FAR : last + FAR + 1]
    sides = edges[:, (0, 2)] - first + FAR
    inside = np.zeros(strip.shape[1], bool)
    for left, right in sides:
        inside[left + 2 : right - 1] = True
    rows, columns = strip[:, inside].mean(axis=1), strip[FAR + 2 : -FAR - 2].mean(axis=0)
    offs = np.arange(2 * FAR + 1)
    down = np.minimum(rows[offs], rows[offs + bottom - top])
    return _Piece(names, columns[sides.ravel()[:, None] - FAR + offs].mean(axis=0), down)


def _box(name: str, rect: Rect, sight: Sight, ink: _Ink, *, hidden: bool) -> Box:
    left, top, right, bottom = pixels(rect)
    inner = slice(top + INSET, bottom - INSET + 1), slice(left + INSET, right - INSET + 1)
    own = float(ink.mask[inner].sum()) * AREA
    there, sure = own >= sum(MARK) / 2, sureness(own, MARK)
    if hidden or sight.unclear or any(meets(rect, stamp) for stamp in sight.stamps):
        sure = min(sure, 0.2)
    stamped = ink.red and any(meets(rect, stamp) for stamp in sight.cleared)
    if stamped or (not ink.red and float(sight.red[inner].sum()) * AREA > MARK[0]):
        sure = min(sure, 0.3)
    if name.rpartition("/")[2] in FREE:
        sure = min(sure, _free(ink, inner, (left, top, right, bottom), there=there))
    return Box(name, there, round(sure, 2))


def _free(ink: _Ink, inner: tuple[slice, slice], edges: Sequence[int], *, there: bool) -> float:
    """How sure a box is whose place may be without a mark: nothing else tells that one is crossed out, too faint, or a
    circle around the box."""
    if there:
        return 0.1 if _crossed(ink.mask, *edges) else 1.0
    if _circled(ink.mask, *edges):
        return 0.2
    faint = ink.faint[inner]
    through = (faint.mean(axis=0) > CREASE)[None, :] | (faint.mean(axis=1) > CREASE)[:, None]
    return 0.3 if float(faint[~through].sum()) * AREA > MARK[1] else 1.0


def _circled(mask: Mask, left: int, top: int, right: int, bottom: int) -> bool:
    """Whether there is ink both above and below a box: no digit is printed there."""
    within = slice(left + INSET, right - INSET + 1)
    above, below = slice(top - BESIDE, top - 2), slice(bottom + 3, bottom + BESIDE + 1)
    return all(int(mask[rows, within].sum()) > DUST for rows in (above, below))


def _crossed(mask: Mask, left: int, top: int, right: int, bottom: int) -> bool:
    """Whether ink goes out at most corners, beyond both edges."""
    beside = (slice(left - 6, left - 1), slice(right + 2, right + 7))
    ends = (slice(top - 4, top - 1), slice(bottom + 2, bottom + 5))
    return sum(int(mask[rows, columns].sum()) > DUST for rows in ends for columns in beside) >= CORNERS
