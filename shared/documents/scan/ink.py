"""Ink: which boxes of a straightened page have been written in, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents.layout import Plan, Rect
from shared.documents.scan.straighten import SCALE, Pixels, darkness, pixels

AREA: Final = 1.0 / SCALE**2
"""Square millimetres of a pixel."""
INSET: Final = 0.45
"""Millimetres that the rules and their blur take from a box."""
NARROW: Final = 15.0
"""Millimetres: a narrower box is for a tick, a wider one for writing."""
TICK: Final = (0.5, 1.1)
WRITING: Final = (1.5, 4.0)
"""Square millimetres of own ink: less than the first is none, more than the second is certainly some."""
OVER: Final = 0.5
"""Share of a box: ink that reaches in from its edge less far than this belongs to the neighbour."""
STRUCK: Final = 12.5
"""Millimetres of strokes in a box for a tick: a longer one that crosses itself may be crossed out."""
CROSSINGS: Final = 2.1
"""Strokes that a line across a tick or a cross meets at most."""
BESIDE: Final = 5.0
"""Square millimetres: more than this does not only reach in."""
DUST: Final = 6
"""Pixels: less is no ink."""
COVERED: Final = 0.6
"""Share of a box: where more is dark, something lies on it."""
GRAY: Final = 0.002
"""Share of coloured pixels: a page with fewer has no colours."""
STAMP: Final = 22.0
RING: Final = 0.8
"""Millimetres of a stamp at least; share of its ring that is found."""
SURE: Final = 0.5


@dataclass(frozen=True)
class Box:
    """`sure`: from 0 to 1; less than `SURE` is in doubt."""

    name: str
    ink: bool
    sure: float

    @property
    def doubtful(self) -> bool:
        return self.sure < SURE


@dataclass(frozen=True)
class Sight:
    """What is measured on a page: `dark` without red, `red` that is no stamp's, `stamps` that cannot be told from ink,
    `lines` with the rules, their `contrast`, and the `noise` of the paper."""

    dark: NDArray[np.float32]
    red: NDArray[np.bool_]
    stamps: Sequence[Rect]
    lines: NDArray[np.float32]
    contrast: float
    noise: float

    @property
    def least(self) -> float:
        """Darkness of ink."""
        return float(np.clip(max(0.42 * self.contrast, 5 * self.noise), 0.1, 0.35))


def boxes(page: Pixels, plan: Plan) -> list[Box]:
    sight = _seen(page, plan)
    mask = (sight.dark > sight.least).astype(np.uint8)
    return [_box(name, rect, sight, mask) for name, rect in plan.boxes.items()]


def _seen(page: Pixels, plan: Plan) -> Sight:
    dark, reddish = without_red(page)
    lines = darkness(np.minimum(page[..., 2], page[..., 1]))
    strengths = [value for rect in plan.boxes.values() for value in _borders(lines, rect)]
    places = [pixels(rect) for rect in plan.boxes.values()]
    inside = np.concatenate(
        [dark[y + 8 : low - 8 : 3, x + 8 : far - 8 : 3].ravel() for x, y, far, low in places]
    )
    centre = float(np.median(inside))
    noise = max(1.4826 * float(np.median(np.abs(inside - centre))), 0.01)
    coloured = float((cv2.max(page[..., 2], page[..., 0]) - cv2.min(page[..., 2], page[..., 0]) > 12).mean())
    return Sight(
        dark,
        _pens(reddish > max(0.2, 6 * noise)),
        stamps(lines) if coloured < GRAY else (),
        lines,
        float(np.median(strengths)),
        noise,
    )


def without_red(page: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(darkness of what is not red, how red each pixel is). Stamps are red; pens are blue or black."""
    blue, green, red = (1 - darkness(np.ascontiguousarray(page[..., n])) for n in range(3))
    reddish = np.clip(red - np.minimum(blue, green), 0, 1)
    return np.clip(1 - red - 0.6 * reddish, 0, 1), reddish


def _pens(red: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Red that is no stamp's: what is near each other is together no larger than writing."""
    small = cv2.resize(red.astype(np.uint8), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(small, np.ones((9, 9))))
    large = [n for n in range(1, count) if stats[n][2:4].min() > STAMP * SCALE / 4]
    stamp = cv2.resize(np.isin(labels, large).astype(np.uint8), red.shape[::-1]) > 0
    return red & ~stamp


def stamps(lines: NDArray[np.float32]) -> list[Rect]:
    """Round stamps of a page without colours."""
    small = cv2.resize(lines, None, fx=2 / SCALE, fy=2 / SCALE, interpolation=cv2.INTER_AREA)
    drawn = (np.clip(small * 2, 0, 1) * 255).astype(np.uint8)
    circles = cv2.HoughCircles(
        drawn, cv2.HOUGH_GRADIENT, 1, 20, param1=120, param2=28, minRadius=30, maxRadius=50
    )
    near = cv2.dilate(small, np.ones((5, 5))) > 0.12
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    found = []
    for x, y, radius in [] if circles is None else circles.reshape(-1, 3)[:20]:
        xs = np.clip(x + radius * np.cos(angles), 0, small.shape[1] - 1).astype(int)
        ys = np.clip(y + radius * np.sin(angles), 0, small.shape[0] - 1).astype(int)
        if near[ys, xs].mean() > RING:
            found.append(Rect((x - radius) / 2, (y - radius) / 2, radius, radius))
    return found


def _borders(lines: NDArray[np.float32], rect: Rect) -> Sequence[float]:
    """Darkness of the four rules of a box, each at its darkest within a millimetre."""
    left, top, right, bottom = pixels(rect)
    far = SCALE
    across = (lines[max(0, y - far) : y + far + 1, left + 6 : right - 6] for y in (top, bottom))
    upright = (lines[top + 6 : bottom - 6, max(0, x - far) : x + far + 1].T for x in (left, right))
    return [float(np.median(strip.max(axis=0))) for strip in (*across, *upright)]


def _inner(sight: Sight, rect: Rect) -> tuple[int, int, int, int]:
    """The inside of a box between its rules, which are looked for within a millimetre."""
    left, top, right, bottom = pixels(rect)
    inset = round(INSET * SCALE)
    far = SCALE * 3 // 4

    def nearest(strip: NDArray[np.float32], place: int) -> int:
        profile = strip.mean(axis=1)
        peak = int(profile.argmax())
        clear = profile[peak] - float(np.median(profile)) > 0.3 * sight.contrast
        return place - far + peak if clear else place

    lines = sight.lines
    rows = [nearest(lines[y - far : y + far + 1, left + 6 : right - 6], y) for y in (top, bottom)]
    columns = [nearest(lines[top + 6 : bottom - 6, x - far : x + far + 1].T, x) for x in (left, right)]
    return columns[0] + inset, rows[0] + inset, columns[1] - inset, rows[1] - inset


def _box(name: str, rect: Rect, sight: Sight, mask: NDArray[np.uint8]) -> Box:
    narrow = rect.width < NARROW
    limits = TICK if narrow else WRITING
    left, top, right, bottom = inner = _inner(sight, rect)
    own, others, kept = _ink(mask, inner)
    ink, sure = own >= sum(limits) / 2, _sure(own, limits)
    if narrow and ink and _struck(kept):
        return Box(name, ink=False, sure=0.1)
    there = sum(strength > 0.45 * sight.contrast for strength in _borders(sight.lines, rect))
    covered = float((sight.dark[top:bottom, left:right] > 0.1).mean()) > COVERED
    if there < 3 or covered or any(_meet(rect, stamp) for stamp in sight.stamps):
        sure = min(sure, 0.2)
    red = float(sight.red[top:bottom, left:right].sum()) * AREA
    if not ink and max(others, red) > limits[1]:
        sure = min(sure, 0.3)
    return Box(name, ink, round(sure, 2))


def _meet(one: Rect, other: Rect) -> bool:
    return (
        abs(2 * (one.left - other.left) + one.width - other.width) < one.width + other.width
        and abs(2 * (one.top - other.top) + one.height - other.height) < one.height + other.height
    )


def _sure(own: float, limits: tuple[float, float]) -> float:
    """0.5 at either limit, less between them."""
    least, most = limits
    middle = (least + most) / 2
    away = (own - middle) / (most - middle) if own >= middle else (middle - own) / (middle - least)
    return float(np.clip(away / 2, 0, 1))


def _ink(mask: NDArray[np.uint8], inner: tuple[int, int, int, int]) -> tuple[float, float, NDArray[np.uint8]]:
    """(own ink, ink that only reaches in and comes from nowhere, in square millimetres; the pixels of own ink)."""
    left, top, right, bottom = inner
    cut = mask[top:bottom, left:right]
    height, width = cut.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cut, connectivity=8)
    own = others = 0.0
    kept = np.zeros(count, np.uint8)
    for n in range(1, count):
        x, y, wide, high, pixels_of = (int(value) for value in stats[n])
        if pixels_of < DUST:
            continue
        area = pixels_of * AREA
        across = (x <= 1 or x + wide >= width - 1) and wide < OVER * width
        down = (y <= 1 or y + high >= height - 1) and high < OVER * height
        if not (across or down):
            own += area
            kept[n] = 1
        elif area > BESIDE or not _goes_on(mask, inner, (x, y, wide, high)):
            others += area
    return own, others, kept[labels]


def _goes_on(
    mask: NDArray[np.uint8], inner: tuple[int, int, int, int], at: tuple[int, int, int, int]
) -> bool:
    """Whether ink at the edge of a box has its other part beyond the rule."""
    left, top, right, bottom = inner
    x, y, wide, high = at
    far, more = round((2 * INSET + 0.5) * SCALE), 4
    rows = slice(max(0, top + y - more), top + y + high + more)
    columns = slice(max(0, left + x - more), left + x + wide + more)
    beyond = []
    if x <= 1:
        beyond.append(mask[rows, left - far : left - far + more])
    if x + wide >= right - left - 1:
        beyond.append(mask[rows, right + far - more : right + far])
    if y <= 1:
        beyond.append(mask[top - far : top - far + more, columns])
    if y + high >= bottom - top - 1:
        beyond.append(mask[bottom + far - more : bottom + far, columns])
    return any(bool(part.any()) for part in beyond)


def _struck(ink: NDArray[np.uint8]) -> bool:
    """Whether a mark may be crossed out: it is none of the plain ones."""
    begins = (np.diff(ink.astype(np.int8), axis=axis, prepend=0) == 1 for axis in (1, 0))
    rows, columns = (
        float(np.sort(begin.sum(axis=axis))[-6:].mean()) for begin, axis in zip(begins, (1, 0), strict=True)
    )
    if max(rows, columns) > CROSSINGS:
        return True
    return columns > 1.6 and _length(ink) > STRUCK


def _length(ink: NDArray[np.uint8]) -> float:
    """Millimetres of strokes: their area by their width."""
    inside = cv2.distanceTransform(np.pad(ink, 1), cv2.DIST_L2, 3)
    ridge = inside[inside >= cv2.dilate(inside, np.ones((3, 3))) - 1e-3]
    ridge = ridge[ridge > 0]
    if not ridge.size:
        return 0.0
    wide = max(1.0, 2 * float(np.median(ridge)) - 0.5)
    return float(ink.sum()) / wide / SCALE
