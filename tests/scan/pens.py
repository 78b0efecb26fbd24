"""What people write on a sheet, drawn from seeds: signatures, ticks, ticks crossed out, seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import cv2
import numpy as np

from shared.documents.layout import Rect

INKS: Final = ((30, 30, 30), (120, 50, 25), (150, 80, 40), (70, 60, 60))
"""Blue, green, red: black, two blues, gray."""
FINE: Final = 4
"""Bits of a fraction of a pixel."""


@dataclass
class Pen:
    """A pen on a page of `scale` pixels per millimetre."""

    page: Any
    scale: float
    random: Random

    def __post_init__(self) -> None:
        self.colour = self.random.choice(INKS)
        self.width = self.random.uniform(0.35, 0.75)

    def stroke(self, points: Sequence[tuple[float, float]], width: float | None = None) -> None:
        """A smooth line through points in millimetres."""
        placed = np.array(_smooth(points)) * self.scale * (1 << FINE)
        thick = max(1, round((width or self.width) * self.scale))
        cv2.polylines(self.page, [placed.astype(np.int32)], False, self.colour, thick, cv2.LINE_AA, FINE)

    def sign(self, rect: Rect, *, over: bool) -> Rect:
        """Two or three characters of strokes, and where; `over`: one goes on into the box below, one into the box
        beside."""
        r = self.random
        count = r.choice((2, 3, 3))
        size = min(rect.height * r.uniform(0.65, 1.0), rect.width / count)
        left = rect.left + r.uniform(0.5, max(0.6, rect.width - count * size - 0.5))
        top = rect.top + (rect.height - size) * r.uniform(0.2, 0.8)
        for n in range(count):
            for _ in range(r.randint(4, 9)):
                self.stroke(_wild(r, left + n * size, top, size))
        if over:
            x, y = left + r.uniform(0, count * size), rect.top + rect.height
            self.stroke(
                [(x, y - 3), (x + r.uniform(-1, 1), y), (x + r.uniform(-2, 1), y + r.uniform(1.5, 3.8))]
            )
            x, y = rect.left + rect.width, rect.top + rect.height * r.uniform(0.3, 0.8)
            self.stroke([(x - 4, y), (x + r.uniform(1.0, 3.8), y + r.uniform(-1.5, 1.5))])
        return Rect(left, top, count * size, size)

    def cross_out(self, name: Rect) -> None:
        """One line or two through a name, or a cross over it."""
        r, x, far = self.random, name.left, name.left + name.width
        heights = r.choice(((0.5, 0.5), (0.9, 0.1), (0.4, 0.4, 0.65, 0.65), (0.1, 0.9, 0.9, 0.1)))
        for begin, end in zip(heights[::2], heights[1::2], strict=True):
            ends = [name.top + name.height * share + r.uniform(-0.7, 0.7) for share in (begin, end)]
            middle = sum(ends) / 2 + r.uniform(-0.5, 0.5)
            self.stroke(
                [
                    (x - r.uniform(-1, 2), ends[0]),
                    ((x + far) / 2, middle),
                    (far + r.uniform(-1, 2), ends[1]),
                ]
            )

    def tick(self, rect: Rect) -> None:
        r = self.random
        size = min(rect.width, rect.height) * r.uniform(0.5, 1.05)
        x = rect.left + rect.width * r.uniform(0.35, 0.5)
        y = rect.top + rect.height * r.uniform(0.6, 0.85)
        if r.random() < 0.15:  # a cross
            half = size / 2.6
            y = rect.top + rect.height / 2
            self.stroke([(x - half, y - half), (x + half, y + half)])
            self.stroke([(x + half, y - half), (x - half, y + half)])
            return
        self.stroke([(x - size * 0.28, y - size * 0.3), (x, y)])
        self.stroke([(x, y), (x + size * 0.25, y - size * 0.4), (x + size * 0.55, y - size * 0.8)])

    def strike(self, rect: Rect) -> None:
        """A tick that does not count: scribbled over."""
        self.tick(rect)
        r = self.random
        for _ in range(r.randint(2, 4)):
            y = rect.top + rect.height * r.uniform(0.25, 0.75)
            self.stroke([(rect.left + 1.2, y), (rect.left + rect.width - 1.2, y + r.uniform(-2, 2))])

    def fill(self, rect: Rect, kind: str) -> None:
        """A box of a digit: filled, or a stroke through it that may go on beyond it."""
        r, beyond = self.random, self.random.choice((-0.4, 0.2, 0.6, 1.4))
        x, y, far, low = rect.left, rect.top, rect.left + rect.width, rect.top + rect.height
        middle = y + rect.height * r.uniform(0.4, 0.6)
        match kind:
            case "dash":
                self.stroke([(x - beyond, middle), (far + beyond, middle + r.uniform(-0.8, 0.8))])
            case "slash":
                self.stroke([(far + beyond / 2, y - beyond / 2), (x - beyond / 2, low + beyond / 2)])
            case "tick":
                self.stroke([(x + 0.4, middle), (x + 1.2, low - 0.5), (far + beyond, y - beyond / 2)])
            case _:
                steps = [y + 0.5 + n * (rect.height - 1) / 7 for n in range(8)]
                ends = (x + 0.2 - beyond / 3, far - 0.2 + beyond / 3)
                self.stroke([(ends[n % 2] + r.uniform(-0.2, 0.2), step) for n, step in enumerate(steps)])

    def cross(self, rect: Rect) -> None:
        """A mark that does not count: a cross over it."""
        x, y, far, low = rect.left, rect.top, rect.left + rect.width, rect.top + rect.height
        self.stroke([(x - 0.8, y - 0.6), (far + 0.8, low + 0.6)])
        self.stroke([(far + 0.8, y - 0.6), (x - 0.8, low + 0.6)])

    def large(self, rect: Rect) -> None:
        """A tick that leaves its box."""
        r, size = self.random, min(rect.width, rect.height) * self.random.uniform(1.2, 1.7)
        x, y = rect.left + rect.width * r.uniform(0.35, 0.5), rect.top + rect.height * r.uniform(0.6, 0.9)
        self.stroke([(x - size * 0.28, y - size * 0.3), (x, y), (x + size * 0.55, y - size * 0.8)])

    def dot(self, rect: Rect) -> None:
        r = self.random
        x = rect.left + rect.width * r.uniform(0.35, 0.65)
        y = rect.top + rect.height * r.uniform(0.35, 0.65)
        self.stroke([(x, y), (x + 0.2, y + 0.1)], r.uniform(0.9, 2.0))

    def dash(self, rect: Rect) -> None:
        r, half = self.random, rect.width * self.random.uniform(0.25, 0.55)
        x, y = rect.left + rect.width / 2, rect.top + rect.height * r.uniform(0.35, 0.65)
        self.stroke([(x - half, y), (x + half, y + r.uniform(-0.6, 0.6))])

    def ring(self, rect: Rect) -> None:
        """A circle around a box, about where its outline is."""
        r = self.random
        x, y = rect.left + rect.width / 2, rect.top + rect.height / 2
        wide, high = (side / 2 + r.uniform(-1.0, 1.5) for side in (rect.width, rect.height))
        angles = np.linspace(-1.8, 4.7, 14)
        self.stroke([(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles])

    def initial(self, rect: Rect) -> None:
        """A single small character."""
        r, size = self.random, self.random.uniform(3.0, 5.0)
        left = rect.left + 1 + r.random() * (rect.width - size - 2)
        top = rect.top + 0.7 + r.random() * max(0.1, rect.height - size - 1.4)
        for _ in range(r.randint(3, 5)):
            self.stroke(_wild(r, left, top, size))

    def chop(self, rect: Rect) -> None:
        """A square seal with a name."""
        side = min(10.0, rect.height)
        x, y = rect.left + self.random.uniform(2, max(2.1, rect.width - side - 2)), rect.top
        x, y = x + 0.8, y + (rect.height - side) / 2 + 0.8
        far, low = x + side - 1.6, y + side - 1.6
        self.stroke([(x, y), (far, y)])
        self.stroke([(far, y), (far, low)])
        self.stroke([(far, low), (x, low)])
        self.stroke([(x, low), (x, y)])
        for n in range(4):
            for _ in range(4):
                at = x + n % 2 * side * 0.4, y + n // 2 * side * 0.4
                self.stroke(_wild(self.random, *at, side * 0.38), 0.4)

    def note(self, rect: Rect, count: int) -> None:
        """So many written digits, which may go beyond their cell."""
        r = self.random
        size = rect.height * r.uniform(0.6, 1.15)
        left, top = rect.left + r.uniform(0.5, rect.width - count * size * 0.6), rect.top + rect.height / 2
        for n in range(count):
            self.stroke(_wild(r, left + n * size * 0.6, top - size / 2, size * 0.6))
            self.stroke(_wild(r, left + n * size * 0.6, top - size / 2, size))

    def write(self, rect: Rect) -> None:
        """A line of writing that fills some of a box."""
        r = self.random
        size = min(rect.height, 8.0) * r.uniform(0.5, 0.8)
        top = rect.top + (rect.height - size) * r.uniform(0.2, 0.8)
        left = rect.left + 1.5
        for n in range(max(2, int((rect.width - 3) / size * r.uniform(0.25, 0.9)))):
            if left + (n + 1) * size > rect.left + rect.width - 0.5:
                break
            for _ in range(r.randint(3, 8)):
                self.stroke(_wild(r, left + n * size, top, size))

    def seal(self, x: float, y: float) -> None:
        """A round seal in red, as an office stamps it."""
        ink = np.full_like(self.page, 255)
        centre, radius = (round(x * self.scale), round(y * self.scale)), round(20 * self.scale)
        red = (50, 40, 215)
        cv2.circle(ink, centre, radius, red, round(1.1 * self.scale), cv2.LINE_AA)
        angles = [np.pi * (0.8 * n - 0.5) for n in range(5)]
        star = [
            (centre[0] + 0.35 * radius * np.cos(a), centre[1] + 0.35 * radius * np.sin(a)) for a in angles
        ]
        cv2.fillPoly(ink, [np.array(star, np.int32)], red, cv2.LINE_AA)
        for n in range(12):
            a = np.pi * (0.85 + n * 1.3 / 11)
            at = centre[0] + 0.78 * radius * np.cos(a), centre[1] + 0.78 * radius * np.sin(a)
            cv2.rectangle(
                ink, [*(round(v - 2 * self.scale) for v in at), *[round(3.4 * self.scale)] * 2], red, 3
            )
        strength = self.random.uniform(0.5, 0.95)
        self.page[:] = (self.page * (1 - strength * (1 - ink / 255.0))).astype(np.uint8)


def _wild(r: Random, left: float, top: float, size: float) -> list[tuple[float, float]]:
    x, y = left + size * r.random(), top + size * r.random()
    points = [(x, y)]
    for _ in range(r.randint(1, 3)):
        x = min(max(x + size * r.uniform(-0.7, 0.7), left), left + size)
        y = min(max(y + size * r.uniform(-0.7, 0.7), top), top + size)
        points.append((x, y))
    return points


def _smooth(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(points) < 3:
        return list(points)
    smooth = []
    for n in range(len(points) - 1):
        p0, p1 = points[max(0, n - 1)], points[n]
        p2, p3 = points[n + 1], points[min(len(points) - 1, n + 2)]
        for step in range(6):
            t = step / 6
            smooth.append(
                tuple(
                    0.5
                    * (
                        2 * b
                        + (c - a) * t
                        + (2 * a - 5 * b + 4 * c - d) * t**2
                        + (3 * b - a - 3 * c + d) * t**3
                    )
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    return [*smooth, points[-1]]  # type: ignore[list-item]
