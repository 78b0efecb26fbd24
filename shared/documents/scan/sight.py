"""Sight: what is measured on a straightened page: ink, red, stamps, rules, and how noisy and pale it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents.layout import Plan, Rect
from shared.documents.scan.straighten import SCALE, Pixels, darkness, pixels

GRAY: Final = 0.002
"""Share of coloured pixels: a page with fewer has no colours."""
RING: Final = 0.8
"""Share of a stamp's ring that is found."""
RIM: Final = round(2.5 * SCALE)
"""Pixels that a stamp reaches beyond the middle of its ring at most."""
PEN: Final = 2.5
"""How much darker a pen is in red than in green at most."""
NOISY: Final = 0.07
PALE: Final = 0.12
"""Noise above, and contrast of the rules below, which every box of a page is in doubt."""


@dataclass(frozen=True)
class Sight:
    """What is measured on a page: `dark` without red, `red` that is no stamp's, `cleared`: places of red stamps, which
    are in neither, `stamps` that cannot be told from ink, `lines` with the rules, their `contrast`, and the `noise` of
    the paper."""

    dark: NDArray[np.float32]
    red: NDArray[np.bool_]
    cleared: Sequence[Rect]
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

    def red_in(self, left: int, top: int, right: int, bottom: int) -> float:
        """Square millimetres of red."""
        return float(self.red[top:bottom, left:right].sum()) / SCALE**2

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


def seen(page: Pixels, plan: Plan) -> Sight:
    dark, reddish = without_red(page)
    lines = darkness(np.minimum(page[..., 2], page[..., 1]))
    ruled = plan.cells if plan.numbers else plan.boxes.values()
    strengths = [value for rect in ruled for value in borders(lines, rect)]
    places = [pixels(rect) for rect in plan.boxes.values()]
    inside = np.concatenate(
        [dark[y + 8 : low - 8 : 3, x + 8 : far - 8 : 3].ravel() for x, y, far, low in places]
    )
    centre = float(np.median(inside))
    noise = max(1.4826 * float(np.median(np.abs(inside - centre))), 0.01)
    coloured = float((cv2.max(page[..., 2], page[..., 0]) - cv2.min(page[..., 2], page[..., 0]) > 12).mean())
    red = (reddish > max(0.2, 6 * noise)).astype(np.uint8)
    cleared = stamps(reddish) if red.any() else []
    for stamp in cleared:
        cv2.circle(red, *_disc(stamp), 0, -1)
    return Sight(
        dark,
        red > 0,
        cleared,
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
    """(darkness of what is not red, how red each pixel is). Stamps are red; pens are blue or black; what hardly darkens
    green is a highlighter's."""
    blue, green, red = (1 - darkness(np.ascontiguousarray(page[..., n])) for n in range(3))
    reddish = np.clip(red - np.minimum(blue, green), 0, 1)
    return np.clip(np.minimum(1 - red - 0.6 * reddish, PEN * (1 - green)), 0, 1), reddish


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


def borders(lines: NDArray[np.float32], rect: Rect) -> Sequence[float]:
    """Darkness of the four rules of a box, each at its darkest within a millimetre."""
    left, top, right, bottom = pixels(rect)
    far = SCALE
    across = (lines[max(0, y - far) : y + far + 1, left + 6 : right - 6] for y in (top, bottom))
    upright = (lines[top + 6 : bottom - 6, max(0, x - far) : x + far + 1].T for x in (left, right))
    return [float(np.median(strip.max(axis=0))) for strip in (*across, *upright)]
