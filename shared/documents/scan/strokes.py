"""Strokes: whether a tick or a name may be crossed out, and whether the ink of two rows may be one name."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents.scan.straighten import SCALE

STRUCK: Final = 9.5
"""Millimetres of strokes in a box for a tick: a longer one that crosses itself may be crossed out."""
CROSSINGS: Final = 2.1
"""Strokes that a line across a tick or a cross meets at most."""
ASIDE: Final = 0.05
"""Share of a cross that does not lie along its diagonals."""
SLOPES: Final = (0.45, 2.2)
"""How steep the lines of a cross are: one that strikes a tick out is flatter."""

THROUGH: Final = 0.9
"""Share of a name's width that a line goes through without a gap, where it may be crossed out."""
COARSE: Final = 2
"""Pixels that are one for this: a hand does not draw straighter."""
INKED: Final = 0.25
"""Share of such a pixel that is ink."""
STEEP: Final = 0.6
"""Slope of such a line at most."""
BROAD_LINE: Final = 2
"""Such pixels on either side that may be the line itself."""
ASTRIDE: Final = 0.1
"""Share of the ink on either side of it at least: a long stroke over or under a name strikes nothing out."""

EDGE: Final = round(0.75 * SCALE)
"""Pixels of a row beside its rules."""
AWAY: Final = 3.5
"""How much more ink of two rows is elsewhere than at their outer rules, where it may be one name."""
BROAD: Final = 0.82
"""Share of a row across which a name is written that may be of two rows: its characters are as broad as high."""
BESIDE: Final = 6.0 * SCALE
"""Pixels that the ends of its upper and its lower half lie from each other at most."""
FACING: Final = 3
"""Strokes at the rule between its halves, on each side at least."""


def one_name(upper: NDArray[np.uint8], lower: NDArray[np.uint8]) -> bool:
    """Whether the ink of two rows lies at the rule between them and hardly at the outer ones, or fills both as a large
    name does: one written over both need not have a stroke that crosses the rule."""
    above, below = upper.sum(axis=1), lower.sum(axis=1)
    outer = float(np.concatenate([above[:EDGE], below[-EDGE:]]).mean()) + 0.1 * SCALE
    inner = float(np.concatenate([above[EDGE:], below[:-EDGE]]).mean())
    between = inner > AWAY * outer and min(above[-EDGE:].mean(), below[:EDGE].mean()) > inner / 2
    return between or _large(upper, lower)


def _large(upper: NDArray[np.uint8], lower: NDArray[np.uint8]) -> bool:
    ends = np.array([np.percentile(np.nonzero(half.any(axis=0))[0], (2, 98)) for half in (upper, lower)])
    if np.ptp(ends, axis=1).min() < BROAD * upper.shape[1] or np.ptp(ends, axis=0).max() > BESIDE:
        return False
    at_rule = (upper[-2:].any(axis=0), lower[:2].any(axis=0))
    facing = [int((np.diff(row.astype(np.int8), prepend=0) == 1).sum()) for row in at_rule]
    return min(facing) >= FACING


def struck(ink: NDArray[np.uint8]) -> bool:
    """Whether a mark may be crossed out: it is none of the plain ones."""
    begins = (np.diff(ink.astype(np.int8), axis=axis, prepend=0) == 1 for axis in (1, 0))
    rows, columns = (
        float(np.sort(begin.sum(axis=axis))[-6:].mean()) for begin, axis in zip(begins, (1, 0), strict=True)
    )
    if max(rows, columns) > CROSSINGS:
        return True
    wide = _width(ink)
    return columns > 1.6 and float(ink.sum()) / wide / SCALE > STRUCK and not _cross(ink, wide)


def crossed_out(ink: NDArray[np.uint8]) -> bool:
    """Whether a straight line, longer than the row is high, goes through most of a name, with ink on either side."""
    ys, xs = np.nonzero(ink)
    name = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.float32)
    high, wide = (-(-side // COARSE) for side in name.shape)
    long = round(THROUGH * wide)
    if long * COARSE < ink.shape[0]:
        return False
    coarse = cv2.resize(name, (wide, high), interpolation=cv2.INTER_AREA) >= INKED
    slopes = np.linspace(-STEEP, STEEP, round(wide * STEEP) + 1)
    columns = np.arange(wide)
    aside = np.rint(slopes[:, None] * (columns - wide / 2)).astype(int)
    far = int(aside.max())
    rows = np.arange(high)[:, None] + aside[:, None, :] + far
    inked = np.pad(coarse, ((far, far), (0, 0)))[rows, columns]
    passed = np.cumsum(np.pad(inked, ((0, 0), (0, 0), (1, 0))), axis=2)
    lines = np.argwhere((passed[..., long:] - passed[..., :-long] == long).any(axis=2))
    return any(_divides(coarse, row + aside[slope]) for slope, row in lines)


def _divides(ink: NDArray[np.bool_], line: NDArray[np.int_]) -> bool:
    """Whether there is ink above and below a line, given by its row in each column."""
    rows = np.arange(len(ink))[:, None]
    sides = (float(ink[side].sum()) for side in (rows < line - BROAD_LINE, rows > line + BROAD_LINE))
    return min(sides) > ASTRIDE * float(ink.sum())


def _width(ink: NDArray[np.uint8]) -> float:
    """Pixels across the strokes."""
    inside = cv2.distanceTransform(np.pad(ink, 1), cv2.DIST_L2, 3)
    ridge = inside[inside >= cv2.dilate(inside, np.ones((3, 3))) - 1e-3]
    ridge = ridge[ridge > 0]
    return max(1.0, 2 * float(np.median(ridge)) - 0.5) if ridge.size else 1.0


def _cross(ink: NDArray[np.uint8], wide: float) -> bool:
    """Whether all of a mark lies along the two lines between its outermost points."""
    ys, xs = np.nonzero(ink)
    ends = [(int(xs[n]), int(ys[n])) for way in (xs + ys, xs - ys) for n in (way.argmin(), way.argmax())]
    along = np.zeros_like(ink)
    for begin, end in (ends[:2], ends[2:]):
        slope = abs(end[1] - begin[1]) / max(1, abs(end[0] - begin[0]))
        if not SLOPES[0] < slope < SLOPES[1]:
            return False
        cv2.line(along, begin, end, 1, round(1.5 * wide) + 3)
    return float(ink[along == 0].sum()) <= ASIDE * float(ink.sum())
