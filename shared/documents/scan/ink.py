"""Ink: which boxes of a straightened page have been written in, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents.layout import Plan, Rect
from shared.documents.scan.straighten import SCALE, Pixels, darkness, pixels
from shared.documents.scan.strokes import struck

Inner = tuple[int, int, int, int]
"""Left, top, right and bottom of the inside of a box, in pixels."""
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
REACH: Final = 2.0
"""Millimetres that ink reaches into a box at least where it was begun there and goes on beyond its rules."""
MOST: Final = 1.5
"""How much more of a stroke lies on one side of a rule than on the other, where it belongs there."""
BEYOND: Final = 8.0
"""Millimetres beyond a rule in which the other part of a stroke is looked for."""
BESIDE: Final = 5.0
"""Square millimetres: more than this does not only reach in."""
DUST: Final = 6
"""Pixels: less is no ink."""
THIN: Final = 1.0 * SCALE
"""Pixels across a crease at most."""
COVERED: Final = 0.6
"""Share of a box: where more is dark, something lies on it."""
GRAY: Final = 0.002
"""Share of coloured pixels: a page with fewer has no colours."""
RING: Final = 0.8
"""Share of a stamp's ring that is found."""
RIM: Final = round(2.5 * SCALE)
"""Pixels that a stamp reaches beyond the middle of its ring at most."""
FAINT: Final = 0.45
"""Of the darkness of ink: what is at least so dark may be a pencil's, or a pen's that runs dry."""
NOISY: Final = 0.07
PALE: Final = 0.12
"""Noise above, and contrast of the rules below, which every box of a page is in doubt."""
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

    @property
    def unclear(self) -> bool:
        return self.noise > NOISY or self.contrast < PALE

    def mask(self, least: float) -> NDArray[np.uint8]:
        """What is darker than `least`, within a stamp darker than its ring, and red that is no stamp's."""
        found = self.dark > max(least, 4 * self.noise)
        for stamp in self.stamps:
            place, far = _disc(stamp)
            ring, disc = np.zeros_like(found, np.uint8), np.zeros_like(found, np.uint8)
            cv2.circle(ring, place, far - RIM, 1, 2)
            cv2.circle(disc, place, far, 1, -1)
            inked = self.dark[(ring > 0) & found]
            if inked.size:
                found &= (disc == 0) | (self.dark > 1.2 * float(np.median(inked)))
        return (found | self.red).astype(np.uint8)


def _disc(stamp: Rect) -> tuple[tuple[int, int], int]:
    """Centre and radius in pixels, with its rim."""
    left, top, right, bottom = pixels(stamp)
    return ((left + right) // 2, (top + bottom) // 2), (right - left) // 2 + RIM


def boxes(sight: Sight, plan: Plan) -> list[Box]:
    mask, faint = sight.mask(sight.least), sight.mask(FAINT * sight.least)
    return [_box(name, rect, sight, mask, faint) for name, rect in plan.boxes.items()]


def seen(page: Pixels, plan: Plan) -> Sight:
    dark, reddish = without_red(page)
    lines = darkness(np.minimum(page[..., 2], page[..., 1]))
    ruled = plan.cells if plan.numbers else plan.boxes.values()
    strengths = [value for rect in ruled for value in _borders(lines, rect)]
    places = [pixels(rect) for rect in plan.boxes.values()]
    inside = np.concatenate(
        [dark[y + 8 : low - 8 : 3, x + 8 : far - 8 : 3].ravel() for x, y, far, low in places]
    )
    centre = float(np.median(inside))
    noise = max(1.4826 * float(np.median(np.abs(inside - centre))), 0.01)
    coloured = float((cv2.max(page[..., 2], page[..., 0]) - cv2.min(page[..., 2], page[..., 0]) > 12).mean())
    red = (reddish > max(0.2, 6 * noise)).astype(np.uint8)
    for stamp in stamps(reddish) if red.any() else ():
        cv2.circle(red, *_disc(stamp), 0, -1)
    return Sight(
        dark,
        red > 0,
        stamps(_within(lines, places) if plan.numbers else lines) if coloured < GRAY else (),
        lines,
        float(np.median(strengths)),
        noise,
    )


def _within(lines: NDArray[np.float32], places: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """What is inside of the boxes: the rules of many small ones look like rings."""
    inside = np.zeros_like(lines)
    for x, y, far, low in places:
        within = slice(y + 4, low - 3), slice(x + 4, far - 3)
        inside[within] = lines[within]
    return inside


def without_red(page: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(darkness of what is not red, how red each pixel is). Stamps are red; pens are blue or black."""
    blue, green, red = (1 - darkness(np.ascontiguousarray(page[..., n])) for n in range(3))
    reddish = np.clip(red - np.minimum(blue, green), 0, 1)
    return np.clip(1 - red - 0.6 * reddish, 0, 1), reddish


def stamps(drawn_in: NDArray[np.float32]) -> list[Rect]:
    """Round stamps, in what is red, or in all that is dark of a page without colours."""
    small = cv2.resize(drawn_in, None, fx=2 / SCALE, fy=2 / SCALE, interpolation=cv2.INTER_AREA)
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


def _inner(sight: Sight, rect: Rect) -> Inner:
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


def _box(name: str, rect: Rect, sight: Sight, mask: NDArray[np.uint8], faint: NDArray[np.uint8]) -> Box:
    narrow = rect.width < NARROW
    limits = TICK if narrow else WRITING
    left, top, right, bottom = inner = _inner(sight, rect)
    found = _ink(mask, inner, narrow=narrow)
    ink, sure = found.own >= sum(limits) / 2, sureness(found.own, limits)
    if narrow and ink and struck(found.kept):
        return Box(name, ink=False, sure=0.1)
    there = sum(strength > 0.45 * sight.contrast for strength in _borders(sight.lines, rect))
    covered = float((sight.dark[top:bottom, left:right] > 0.1).mean()) > COVERED
    if sight.unclear or there < 3 or covered or any(meets(rect, stamp) for stamp in sight.stamps):
        sure = min(sure, 0.2)
    if float(sight.red[top:bottom, left:right].sum()) * AREA > limits[0]:
        sure = min(sure, 0.3)
    if not ink and max(found.others, _ink(faint, inner, narrow=narrow).own) > limits[1]:
        sure = min(sure, 0.3)
    return Box(name, ink, round(sure, 2))


def meets(one: Rect, other: Rect) -> bool:
    return (
        abs(2 * (one.left - other.left) + one.width - other.width) < one.width + other.width
        and abs(2 * (one.top - other.top) + one.height - other.height) < one.height + other.height
    )


def sureness(own: float, limits: tuple[float, float]) -> float:
    """0.5 at either limit, less between them."""
    least, most = limits
    middle = (least + most) / 2
    away = (own - middle) / (most - middle) if own >= middle else (middle - own) / (middle - least)
    return float(np.clip(away / 2, 0, 1))


@dataclass(frozen=True)
class _Ink:
    """In square millimetres: `own`, and `others` that reach in and may be either's; `kept`: the pixels of own ink."""

    own: float
    others: float
    kept: NDArray[np.uint8]


def _ink(mask: NDArray[np.uint8], inner: Inner, *, narrow: bool) -> _Ink:
    """A thin line from one rule to the opposite is a crease, or a rule that is not where it should be."""
    left, top, right, bottom = inner
    cut = mask[top:bottom, left:right]
    height, width = cut.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cut, connectivity=8)
    own = others = 0
    kept = np.zeros(count, np.uint8)
    for n in range(1, count):
        x, y, wide, high, size = (int(value) for value in stats[n])
        thin = size < THIN * max(wide, high)
        if size < DUST:
            continue
        if thin and (wide >= width - 2 or high >= height - 2):
            others += size
            continue
        across, down = x <= 1 or x + wide >= width - 1, y <= 1 or y + high >= height - 1
        beyond = _beyond(mask, inner, (x, y, wide, high)) if across or down else 0
        within = not ((across and wide < OVER * width) or (down and high < OVER * height))
        deep = (high if down else wide) > REACH * SCALE
        if (not narrow or beyond < MOST * size) if within else beyond * MOST < size and deep:
            own += size
            kept[n] = 1
        elif within or size * AREA > BESIDE or beyond < size:
            others += size
    return _Ink(own * AREA, others * AREA, kept[labels])


def _beyond(mask: NDArray[np.uint8], inner: Inner, at: tuple[int, int, int, int]) -> int:
    """Pixels of the other part of a stroke, beyond the rules that it comes to."""
    left, top, right, bottom = inner
    x, y, wide, high = at
    gap, more = round((2 * INSET + 0.5) * SCALE) - 4, 4
    deep = round(BEYOND * SCALE)
    # Each side as if it were the upper one: rows away from the rule, and where along it the stroke is.
    sides = (
        (y <= 1, mask[max(0, top - gap - deep) : top - gap, left:right][::-1], x, wide),
        (y + high >= bottom - top - 1, mask[bottom + gap : bottom + gap + deep, left:right], x, wide),
        (x <= 1, mask[top:bottom, max(0, left - gap - deep) : left - gap].T[::-1], y, high),
        (x + wide >= right - left - 1, mask[top:bottom, right + gap : right + gap + deep].T, y, high),
    )
    found = 0
    for touched, part, begin, long in sides:
        if touched and part.size:
            _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part), connectivity=8)
            met = np.unique(labels[:more, max(0, begin - more) : begin + long + more])
            found += int(stats[met[met > 0], cv2.CC_STAT_AREA].sum())
    return found
