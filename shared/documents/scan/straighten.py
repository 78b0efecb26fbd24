"""Straightening: a photographed page as if it lay flat, by its corner marks and the rules of its tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents.layout import Layout, Plan, Rect
from shared.documents.marks import CODE, EDGE, RIGHT, SIDE, corners

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]
SCALE: Final = 8
"""Pixels per millimetre of the straightened page, about 200 dpi."""
LONGEST: Final = 2000
"""Pixels of the picture in which marks are looked for."""
LARGE, SMALL = 0.065, 0.02
"""Perimeter of a mark at least, in sides of the picture, of a page that fills it and of any."""
ALIKE: Final = 3
"""Marks of one number that are tried."""
ALIGNED: Final = 1.2
"""Millimetres that a corner of a mark is off at most: those of two sheets are off by more, curled ones by less."""
BESIDE: Final = 5.0
"""Millimetres that a corner of the code is off at most."""
ALONG: Final = 0.5
"""Cosine between the sides of a code and of a mark at least."""
REACH: Final = 3.2
"""Millimetres that a rule may be off: less than half of a row."""
PIECE: Final = 9.0
"""Millimetres of a rule that are looked at together."""
FEWEST: Final = 2.5
"""Pieces for each factor of a surface: a small table gives a plainer one."""
PLAIN: Final = 0.03**2
"""How much large factors of a surface cost: it is plain where few pieces tell of it."""
_DICTIONARY: Final = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)


@dataclass(frozen=True)
class Marks:
    """Corner marks found, by number the four corners of each in pixels of the picture, the largest first: a corner of
    another sheet may be in view."""

    found: dict[int, list[Numbers]]

    @classmethod
    def of(cls, picture: Pixels) -> "Marks":
        gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        share = min(1.0, LONGEST / max(gray.shape))
        small = (
            cv2.resize(gray, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) if share < 1 else gray
        )
        # A page that fills the picture has hundreds of boxes as large as the marks of one that does not.
        large = cls._seen(small, share, LARGE)
        alone = sorted(large.found) == [0, 1, 2, 3] and all(len(ones) == 1 for ones in large.found.values())
        return large if alone else cls._seen(small, share, SMALL)

    @classmethod
    def _seen(cls, small: Any, share: float, least: float) -> "Marks":
        """`least`: of their perimeter, in sides of the picture."""
        settings = cv2.aruco.DetectorParameters()
        settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
        settings.minMarkerPerimeterRate = least
        placed, numbers, _ = cv2.aruco.ArucoDetector(_DICTIONARY, settings).detectMarkers(small)
        found: dict[int, list[Numbers]] = {}
        for corners_of_one, number in zip(
            placed, np.asarray(numbers if len(placed) else [], dtype=int).flatten(), strict=True
        ):
            if int(number) < 4:
                points = np.asarray(corners_of_one, dtype=np.float64).reshape(4, 2) / share
                found.setdefault(int(number), []).append(points)
        return cls({number: sorted(ones, key=_size, reverse=True) for number, ones in found.items()})

    @property
    def upside_down(self) -> bool:
        """Whether the page stands on its head: its marks point downwards."""
        downs = [points[3] - points[0] for ones in self.found.values() for points in ones[:1]]
        return bool(downs) and float(sum(down[1] for down in downs)) < 0

    def along(self, code: Numbers) -> bool:
        """Whether a code stands as the marks do: a mirrored one is read as if it lay on its side."""
        downs = [points[3] - points[0] for ones in self.found.values() for points in ones]
        down = code[3] - code[0]
        return not downs or max(float(one @ down) / _long(one) / _long(down) for one in downs) > ALONG

    def homography(self, width: float, height: float, code: Numbers | None) -> Numbers | None:
        """From the picture to the page in pixels of `SCALE`, by the most marks that lie to each other as printed.
        `code`: corners of the QR code, which stands for the mark beside it. None where too few corners are known."""
        there = [_square(left, top, SIDE) for left, top in corners(width, height)]
        beside = _square(width - RIGHT - CODE, EDGE, CODE)
        best: tuple[int, float, Numbers] | None = None
        for chosen in product(*([*self.found.get(number, ())[:ALIKE], None] for number in range(4))):
            marks = {number: one for number, one in enumerate(chosen) if one is not None}
            if len(marks.keys() | ({1} if code is not None else set())) < 3:
                continue
            if best is not None and len(marks) < best[0]:
                continue
            pairs = [(one, there[number]) for number, one in marks.items()]
            stays = [(code, beside)] if code is not None else []
            fitted: Any = cv2.findHomography(*_stacked(pairs + stays * (len(marks) < 4)), 0)[0]
            if fitted is None or (stays and _off(fitted, stays) > BESIDE):
                continue
            off = _off(fitted, pairs)
            if off < ALIGNED and (best is None or (len(marks), -off) > (best[0], -best[1])):
                best = len(marks), off, np.asarray(fitted, dtype=np.float64)
        return None if best is None else best[2]


def _stacked(pairs: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    seen, there = (np.vstack(points) for points in zip(*pairs, strict=True))
    return seen, there * SCALE


def _off(homography: Numbers, pairs: Sequence[tuple[Numbers, Numbers]]) -> float:
    """Millimetres that a point is off at most."""
    seen, there = _stacked(pairs)
    return float(np.abs(cv2.perspectiveTransform(seen[None], homography)[0] - there).max()) / SCALE


def _long(way: Numbers) -> float:
    return max(1.0, float(np.hypot(*way)))


def _size(points: Numbers) -> float:
    return float(cv2.contourArea(points.astype(np.float32)))


def _square(left: float, top: float, side: float) -> Numbers:
    return np.array([(left, top), (left + side, top), (left + side, top + side), (left, top + side)])


def within(picture: Pixels, homography: Numbers, plan: Plan) -> bool:
    """Whether all boxes of the page are in the picture."""
    edges = [
        (x, y)
        for rect in plan.boxes.values()
        for x in (rect.left, rect.left + rect.width)
        for y in (rect.top, rect.top + rect.height)
    ]
    points = cv2.perspectiveTransform(np.array([edges], dtype=np.float64) * SCALE, np.linalg.inv(homography))[
        0
    ]
    height, width = picture.shape[:2]
    return bool((points >= 0).all() and (points[:, 0] < width).all() and (points[:, 1] < height).all())


def flat(picture: Pixels, homography: Numbers, layout: Layout) -> Pixels:
    size = round(layout.width * SCALE), round(layout.height * SCALE)
    return np.asarray(cv2.warpPerspective(picture, homography, size, flags=cv2.INTER_AREA), dtype=np.uint8)


def darkness(channel: Pixels) -> NDArray[np.float32]:
    """How much darker each pixel is than the paper around it, 0 to 1: shadows and folds are of the paper."""
    small = cv2.resize(channel, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 3)
    wide = cv2.resize(paper, (channel.shape[1], channel.shape[0]), interpolation=cv2.INTER_LINEAR)
    lit = np.divide(channel, np.maximum(wide, 1), dtype=np.float32)
    return np.clip(np.subtract(1, lit, out=lit), 0, 1, out=lit)


@dataclass(frozen=True)
class Rule:
    """Pieces of rules, `place` in pixels across the rule, `along` the range along it."""

    place: float
    along: tuple[float, float]


def _rules(plan: Plan, *, upright: bool) -> Iterator[Rule]:
    """Rules of the tables in pieces, each once."""
    known: set[tuple[int, int, int]] = set()
    for cell in plan.cells:
        across, start, long = (
            (cell.left, cell.top, cell.height) if upright else (cell.top, cell.left, cell.width)
        )
        pieces = max(1, round(long / PIECE))
        for side in (across, across + (cell.width if upright else cell.height)):
            for n in range(pieces):
                ends = start + long * n / pieces, start + long * (n + 1) / pieces
                if (key := (round(side * 4), round(ends[0] * 2), round(ends[1] * 2))) not in known:
                    known.add(key)
                    yield Rule(side * SCALE, (ends[0] * SCALE, ends[1] * SCALE))


def uncurled(page: Pixels, plan: Plan) -> Pixels:
    """The page with the rules of its tables where they were printed: paper is never quite flat."""
    for order, reach in ((3, REACH), (5, REACH / 2)):
        dark = darkness(np.minimum(page[..., 2], page[..., 1]))
        down = _offsets(dark, plan, order, reach, upright=False)
        right = _offsets(dark.T, plan, order, reach, upright=True)
        height, width = page.shape[:2]
        xs, ys = right(width, height), down(width, height)
        xs += np.arange(width, dtype=np.float32)
        ys += np.arange(height, dtype=np.float32)[:, None]
        page = np.asarray(cv2.remap(page, xs, ys, cv2.INTER_LINEAR), dtype=np.uint8)
    return page


class _Offsets:
    """A smooth surface of offsets over the page, as a polynomial of its place."""

    def __init__(self, order: int, size: tuple[int, int]) -> None:
        self._order, self._size = order, size
        self._factors: Numbers | None = None

    def _terms(self, xs: Any, ys: Any) -> Numbers:
        x, y = xs / self._size[0] * 2 - 1, ys / self._size[1] * 2 - 1
        powers = [(i, j) for i in range(self._order + 1) for j in range(self._order + 1 - i)]
        return np.stack([x**i * y**j for i, j in powers], axis=-1)

    def fit(self, xs: Numbers, ys: Numbers, offsets: Numbers, weights: Numbers) -> None:
        """Pieces that do not go along with the others are given less and less weight."""
        terms, trust = self._terms(xs, ys), weights
        plain = np.eye(terms.shape[1]) * PLAIN
        for _ in range(8):
            weighed = terms.T * trust
            factors: Numbers = np.linalg.solve(weighed @ terms + plain, weighed @ offsets).astype(np.float64)
            self._factors = factors
            missed = np.abs(terms @ factors - offsets)
            trust = weights / (1 + (missed / max(1.0, float(np.median(missed)))) ** 4)

    def __call__(self, width: int, height: int) -> NDArray[np.float32]:
        if self._factors is None:
            return np.zeros((height, width), np.float32)
        xs, ys = np.meshgrid(np.linspace(0, width, 43), np.linspace(0, height, 61))
        coarse = (self._terms(xs, ys) @ self._factors).astype(np.float32)
        return np.asarray(
            cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32
        )


class _Turned(_Offsets):
    def __call__(self, width: int, height: int) -> NDArray[np.float32]:
        return np.ascontiguousarray(super().__call__(height, width).T)


def _offsets(dark: NDArray[np.float32], plan: Plan, order: int, reach: float, *, upright: bool) -> _Offsets:
    """How far rules that lie across `dark` are from where they should be."""
    height, width = dark.shape
    far = round(reach * SCALE)
    places, offsets, weights = [], [], []
    for rule in _rules(plan, upright=upright):
        first, last = round(rule.along[0]) + 2, round(rule.along[1]) - 2
        centre = round(rule.place)
        if first < 0 or last > width or last - first < 8 or centre < far or centre + far >= height:
            continue
        profile = dark[centre - far : centre + far + 1, first:last].mean(axis=1)
        peak = int(profile.argmax())
        strength = float(profile[peak] - np.median(profile))
        if strength > 0.05 and 0 < peak < 2 * far:
            places.append(((first + last) / 2, rule.place))
            offsets.append(centre - far + peak + _between(profile, peak) - rule.place)
            weights.append(min(strength, 0.5))
    while order > 1 and (order + 1) * (order + 2) / 2 * FEWEST > len(places):
        order -= 1
    surface = (_Turned if upright else _Offsets)(order, (width, height))
    if len(places) > 3 * FEWEST:
        at = np.array(places)
        surface.fit(at[:, 0], at[:, 1], np.array(offsets), np.array(weights))
    return surface


def _between(profile: NDArray[np.float32], peak: int) -> float:
    before, at, after = (float(value) for value in profile[peak - 1 : peak + 2])
    curve = before - 2 * at + after
    return 0.5 * (before - after) / curve if curve < 0 else 0.0


def pixels(rect: Rect) -> Sequence[int]:
    """Left, top, right and bottom."""
    edges = rect.left, rect.top, rect.left + rect.width, rect.top + rect.height
    return [round(edge * SCALE) for edge in edges]
