"""A harder set of photographs from seeds: odd marks and pens, spoilt and copied paper, bad cameras and scanners."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import cv2
import numpy as np

from shared.documents.layout import Layout, Plan, Rect
from tests.scan.pens import Pen
from tests.scan.photographs import DPI, SCALE, Photograph, counted, marked_boxes, rendered, votes

USUAL: Final = ("plain", "clean", "camera")
"""Writing, paper and taking of which nothing is odd."""
WHITE: Final = 255.0
RED: Final = (45, 40, 205)
LONG: Final = 3000
"""Pixels of the long side of a picture by a camera."""


@dataclass
class Page:
    """A page as it is written on: `ink`, `struck` and `alike` by box, as in `Photograph`."""

    paper: Any
    plan: Plan
    r: Random
    ink: dict[str, bool]
    struck: set[str] = field(default_factory=set)
    alike: set[str] = field(default_factory=set)

    def lines(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.plan.boxes:
            found.setdefault(name.rpartition("/")[0], []).append(name)
        return list(found.values())

    def pen(self, colour: tuple[int, int, int] | None = None) -> Pen:
        pen = Pen(self.paper, SCALE, self.r)
        pen.colour = colour or pen.colour
        return pen

    def mark(self, names: list[str], how: Callable[[Pen, Rect], None], pen: Pen, share: float = 0.6) -> None:
        """Mark one box of most lines: by `how` a box for a tick, and write into a wide one."""
        if self.r.random() > share:
            return
        name = self.r.choice(names)
        rect = self.plan.boxes[name]
        if rect.width < 15:
            how(pen, rect)
        else:
            pen.sign(rect, over=self.r.random() < 0.25)
        self.ink[name] = True

    def cross_out(self, name: str) -> None:
        """Sign in the wrong row and cross it out."""
        pen = self.pen()
        pen.cross_out(pen.sign(self.plan.boxes[name], over=False))
        self.struck.add(name)
        self.alike.add(name)


def _ticked(page: Page, how: Callable[[Pen, Rect], None] = Pen.tick, colour: Any = None) -> None:
    """Marks of a kind in the boxes for ticks, names where names belong. A count sheet has no ticks."""
    if page.plan.numbers:
        pen = page.pen(colour)
        for name, value in votes(page.plan, page.r, page.r.randint(8, 260)).items():
            for box in marked_boxes(name, value):
                how(pen, page.plan.boxes[box])
                page.ink[box] = True
        return
    for names in page.lines():
        narrow = [name for name in names if page.plan.boxes[name].width < 15]
        page.mark(narrow if narrow and page.r.random() < 0.6 else names, how, page.pen(colour))


def _struck(page: Page) -> None:
    """Of every third line a tick is crossed out and another box ticked; of some a name."""
    if page.plan.numbers:
        page.ink, struck, _ = counted(page.paper, page.plan, page.r)
        page.struck |= struck
        return
    for names in page.lines():
        pen = page.pen()
        narrow = [name for name in names if page.plan.boxes[name].width < 15]
        if len(narrow) > 1 and page.r.random() < 0.3:
            wrong, right = page.r.sample(narrow, 2)
            pen.strike(page.plan.boxes[wrong])
            pen.tick(page.plan.boxes[right])
            page.struck.add(wrong)
            page.ink[right] = True
        elif page.plan.boxes[names[0]].width >= 15 and page.r.random() < 0.3:
            page.cross_out(names[0])
        else:
            page.mark(names, Pen.tick, pen)


def _initials(page: Page) -> None:
    for names in page.lines():
        for name in names:
            rect = page.plan.boxes[name]
            if rect.width >= 15 and page.r.random() < 0.6:
                page.pen().initial(rect)
                page.ink[name] = True
    if page.plan.numbers:
        _ticked(page)


def _spread(page: Page) -> None:
    """Every fourth line is signed so large that the name covers the row below, which is left empty."""
    lines, skip = page.lines(), False
    for n, names in enumerate(lines):
        wide = [name for name in names if page.plan.boxes[name].width >= 15]
        if not wide or skip:
            skip = False
            continue
        rect = page.plan.boxes[wide[0]]
        if n + 1 < len(lines) and page.r.random() < 0.25:
            below = page.plan.boxes[lines[n + 1][names.index(wide[0])]]
            both = Rect(rect.left, rect.top, rect.width, below.top + below.height - rect.top)
            page.pen().sign(both, over=False)
            page.alike |= {wide[0], lines[n + 1][names.index(wide[0])]}
            skip = True
        elif page.r.random() < 0.6:
            page.pen().sign(rect, over=False)
        else:
            continue
        page.ink[wide[0]] = True
    if not any(page.ink.values()):
        _ticked(page)


def _highlighted(page: Page) -> None:
    """Rows marked with a highlighter, whether or not anything is written in them."""
    _ticked(page)
    ink = np.full_like(page.paper, 255)
    colour = page.r.choice(((90, 250, 255), (150, 250, 140), (200, 150, 255), (250, 220, 130)))
    for names in page.lines():
        if page.r.random() < 0.15:
            rect = page.plan.boxes[page.r.choice(names)]
            x, y = rect.left - page.r.uniform(0, 3), rect.top + rect.height / 2
            pen = Pen(ink, SCALE, page.r)
            pen.colour = colour
            pen.stroke([(x, y), (x + rect.width + 4, y + page.r.uniform(-1, 1))], rect.height * 0.7)
    page.paper[:] = (page.paper * (ink / WHITE)).astype(np.uint8)


def _sealed(page: Page) -> None:
    """A seal over the boxes, and seals with a name instead of some signatures."""
    _ticked(page)
    rects = list(page.plan.boxes.values())
    middle = page.r.choice(rects)
    page.pen().seal(middle.left, middle.top)
    for name, rect in page.plan.boxes.items():
        if rect.width >= 15 and not page.ink[name] and page.r.random() < 0.1:
            page.pen(RED).chop(rect)
            page.ink[name] = True


def _pencilled(page: Page) -> None:
    gray = page.r.randint(120, 190)
    _ticked(page, colour=(gray, gray, gray))


WRITING: Final[Mapping[str, Callable[[Page], None]]] = {
    "plain": _ticked,
    "pencil": _pencilled,
    "red pen": lambda page: _ticked(page, colour=RED),
    "highlighter": _highlighted,
    "large ticks": lambda page: _ticked(page, Pen.large),
    "dots": lambda page: _ticked(page, Pen.dot),
    "dashes": lambda page: _ticked(page, Pen.dash),
    "circles": lambda page: _ticked(page, Pen.ring),
    "crossed out": _struck,
    "initials": _initials,
    "two rows": _spread,
    "seals": _sealed,
}


def _places(picture: Any) -> tuple[Any, Any]:
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    return xs, ys


def _gray(picture: Any) -> Any:
    return np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2)


def _coffee(paper: Any, r: Random, _: Any) -> Any:
    stain = np.zeros(paper.shape[:2], np.float32)
    at = round(r.uniform(50, 160) * SCALE), round(r.uniform(70, 230) * SCALE)
    cv2.circle(stain, at, round(r.uniform(30, 42) * SCALE), r.uniform(0.5, 1.0), round(3 * SCALE))
    cv2.circle(stain, at, round(28 * SCALE), r.uniform(0.1, 0.3), -1)
    for _n in range(8):
        spot = at[0] + round(r.uniform(-60, 60) * SCALE), at[1] + round(r.uniform(-60, 60) * SCALE)
        cv2.circle(stain, spot, round(r.uniform(0.5, 2.5) * SCALE), r.uniform(0.4, 1.0), -1)
    stain = cv2.GaussianBlur(stain, (0, 0), 3)[..., None]
    return paper * (1 - stain * (1 - np.array([0.45, 0.62, 0.75], np.float32)))


def _creased(paper: Any, r: Random, _: Any) -> Any:
    """Folded to a quarter: the parts lie at angles to each other, with a dark and a light line along each fold."""
    xs, ys = _places(paper)
    height, width = paper.shape[:2]
    y, x = height * r.uniform(0.42, 0.58), width * r.uniform(0.42, 0.58)
    bend = r.uniform(0.5, 1.3) * SCALE
    ups = bend * (1 - np.abs(ys - y) / height * 2), bend * (1 - np.abs(xs - x) / width * 2)
    paper = cv2.remap(
        paper, xs + ups[1] * 0.7, ys + ups[0], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    light = np.where(ys > y, r.uniform(0.75, 1), 1) * np.where(xs > x, r.uniform(0.8, 1), 1)
    for away in (ys - y, xs - x):
        light *= 1 - r.uniform(0.1, 0.45) * np.exp(-((away / 3) ** 2))
        light *= 1 + 0.1 * np.exp(-(((away - 7) / 3) ** 2))
    return paper * light[..., None].astype(np.float32)


def _toner(paper: Any, r: Random, noise: Any) -> Any:
    """Whatever was printed is pale, in stripes paler still; what was written is not, where it is darker."""
    stripes = cv2.GaussianBlur(noise.uniform(0.5, 1, (1, paper.shape[1])).astype(np.float32), (0, 0), 25)
    pale = WHITE - (WHITE - paper) * (r.uniform(0.3, 0.5) * stripes / stripes.mean())[..., None]
    return np.where(paper.max(axis=2, keepdims=True) - paper.min(axis=2, keepdims=True) > 25, paper, pale)


def _fitted(paper: Any, r: Random, _: Any) -> Any:
    """Printed at 97 %."""
    height, width = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height * r.uniform(0.2, 0.8)), 0, r.uniform(0.94, 0.97))
    return cv2.warpAffine(paper, turn, (width, height), flags=cv2.INTER_AREA, borderValue=(255, 255, 255))


def _copied(paper: Any, r: Random, noise: Any) -> Any:
    """Photocopied twice."""
    for _n in range(2):
        height, width = paper.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), r.uniform(-0.7, 0.7), r.uniform(0.99, 1.0))
        paper = cv2.warpAffine(_gray(paper), turn, (width, height), borderValue=(255, 255, 255))
        paper = cv2.GaussianBlur(paper.astype(np.float32), (0, 0), r.uniform(0.7, 1.2))
        paper = np.clip((paper - 128) * r.uniform(1.3, 2.2) + r.uniform(110, 160), 15, 250)
        specks = noise.random(paper.shape[:2]) < 0.00015
        paper[cv2.dilate(specks.astype(np.uint8), np.ones((3, 3))) > 0] = 40
    return paper


def _stapled(paper: Any, r: Random, _: Any) -> Any:
    left, top = r.uniform(24, 40) * SCALE, r.uniform(6, 12) * SCALE
    for n in range(r.choice((2, 4))):
        at = round(left + n % 2 * 11 * SCALE), round(top + n // 2 * 5 * SCALE)
        cv2.circle(paper, at, round(0.6 * SCALE), (25, 25, 25), -1)
        cv2.line(paper, at, (at[0] + 40, at[1] + 25), (170, 170, 170), 5)
    for n in range(2):  # punched for a file
        at = round(r.uniform(8, 10) * SCALE), round((108 + 80 * n) * SCALE)
        cv2.circle(paper, at, round(3 * SCALE), (45, 60, 70), -1)
    return paper


PAPER: Final[Mapping[str, Callable[[Any, Random, Any], Any]]] = {
    "clean": lambda paper, _r, _noise: paper,
    "coffee": _coffee,
    "creased twice": _creased,
    "little toner": _toner,
    "97 %": _fitted,
    "photocopied twice": _copied,
    "stapled": _stapled,
}


def wood(shape: tuple[int, int], r: Random, noise: Any) -> Any:
    """A dark wooden table."""
    grain = noise.normal(0, 1, (shape[0] // 40, shape[1] // 3)).astype(np.float32)
    grain = cv2.GaussianBlur(cv2.resize(grain, shape[::-1]), (0, 0), 2) * 14
    return np.array([25, 45, 75], np.float32) * r.uniform(0.6, 1.3) + grain[..., None]


def placed(paper: Any, table: Any, corners: Any) -> Any:
    """A page on a table, its corners at these places."""
    height, width = paper.shape[:2]
    size = table.shape[1], table.shape[0]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    there = cv2.getPerspectiveTransform(flat, np.array(corners, np.float32))
    seen = cv2.warpPerspective(paper.astype(np.float32), there, size, flags=cv2.INTER_AREA)
    over = cv2.warpPerspective(np.ones((height, width), np.float32), there, size)[..., None]
    shadow = cv2.GaussianBlur(np.roll(over[..., 0], (12, 12), (0, 1)), (0, 0), 8)[..., None]
    return seen + table * (1 - 0.5 * shadow) * (1 - over)


def _lain(paper: Any, r: Random, noise: Any, table: Any = None) -> Any:
    """Taken from above, by a steady hand."""
    table = wood((LONG, round(LONG * 0.75)), r, noise) if table is None else table
    height, width = table.shape[:2]
    edges = np.array([(0.07, 0.06), (0.93, 0.06), (0.93, 0.94), (0.07, 0.94)]) * (width, height)
    picture = placed(paper, table, edges + [[r.uniform(-60, 60), r.uniform(-60, 60)] for _ in edges])
    return picture * r.uniform(0.75, 1.0) + noise.normal(0, r.uniform(1, 4), picture.shape)


def _among(paper: Any, r: Random, noise: Any) -> Any:
    """Other papers lie around, one of them a sheet like this whose corner is in view."""
    table = wood((LONG, round(LONG * 0.75)), r, noise)
    height, width = table.shape[:2]
    for _n in range(2):
        x, y, angle = r.choice((-0.4, 0.75)) * width, r.uniform(-0.4, 0.8) * height, r.uniform(-0.4, 0.4)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        size = r.uniform(0.8, 1.05)
        edges = np.array([(0, 0), (width * size, 0), (width * size, height * size), (0, height * size)])
        table = placed(paper if _n else np.full_like(paper, 235), table, edges @ turn.T + (x, y))
    return _lain(paper, r, noise, table)


def _steep(paper: Any, r: Random, noise: Any) -> Any:
    """Seen from 35° to the side, or from the foot of the page."""
    table = wood((LONG, round(LONG * 0.75)), r, noise)
    height, width = table.shape[:2]
    w, h = 0.33 * width, 0.33 * width * 1.414
    tilt, about = np.radians(r.uniform(30, 36)), r.uniform(-0.4, 0.4) + r.choice((0, np.pi / 2))
    axis = np.array([np.cos(about), np.sin(about), 0.0]) * r.choice((-1, 1)) * tilt
    turned = np.array([(-w, -h, 0), (w, -h, 0), (w, h, 0), (-w, h, 0)]) @ cv2.Rodrigues(axis)[0].T
    away = 3.2 * w
    seen = turned[:, :2] * (away / (away + turned[:, 2:])) + (width / 2, height / 2)
    seen -= (seen.min(axis=0) + seen.max(axis=0)) / 2 - (width / 2, height / 2)
    return placed(paper, table, seen) + noise.normal(0, 2, table.shape)


def _moved(paper: Any, r: Random, noise: Any) -> Any:
    length = r.randint(7, 15)
    kernel = np.zeros((length, length), np.float32)
    angle = r.uniform(0, np.pi)
    along = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    begin, end = (np.rint((length - 1) / 2 + sign * along).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, begin, end, 1.0)
    return cv2.filter2D(_lain(paper, r, noise), -1, kernel / kernel.sum())


def _compressed(picture: Any, quality: int) -> Any:
    _, data = cv2.imencode(
        ".jpg", np.clip(picture, 0, WHITE).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.float32)


def _twice(paper: Any, r: Random, noise: Any) -> Any:
    """Compressed twice, at other places of the blocks."""
    return _compressed(_compressed(_lain(paper, r, noise), 30)[3:, 5:], 30)


def _moire(paper: Any, r: Random, noise: Any) -> Any:
    """Photographed from a screen."""
    picture = _lain(paper, r, noise)
    xs, ys = _places(picture)
    step, slope = r.uniform(3.5, 6), r.uniform(-0.3, 0.3)
    fine = np.stack([np.sin((xs + slope * ys) * 2 * np.pi / step + n * 2.1) for n in range(3)], axis=2)
    wide = np.sin((ys - slope * xs) * 2 * np.pi / r.uniform(40, 90))[..., None]
    return picture + r.uniform(8, 16) * fine + r.uniform(6, 12) * wide


def _sent(paper: Any, r: Random, noise: Any) -> Any:
    """As a messenger sends it: 1080 pixels across."""
    picture = _lain(paper, r, noise)
    share = 1080 / picture.shape[1]
    return _compressed(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), 60)


def _fax(paper: Any, r: Random, noise: Any) -> Any:
    """Black and white at 150 dpi."""
    height, width = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), r.uniform(-1, 1), 0.98)
    picture = cv2.warpAffine(_gray(paper).astype(np.float32), turn, (width, height), borderValue=(255,) * 3)
    picture = cv2.resize(picture, None, fx=150 / DPI, fy=150 / DPI, interpolation=cv2.INTER_AREA)
    picture += noise.normal(0, 12, picture.shape[:2])[..., None]
    return np.where(picture > r.uniform(140, 190), WHITE, 0.0)


def _fed(paper: Any, r: Random, noise: Any) -> Any:
    """Drawn in askew by a feeder, with a dark edge."""
    height, width = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), r.choice((-1, 1)) * r.uniform(3, 6), 0.93)
    picture: Any = cv2.warpAffine(paper.astype(np.float32), turn, (width, height), borderValue=(28, 28, 30))
    picture[:, : round(r.uniform(1, 3) * SCALE)] *= 0.15
    return picture + noise.normal(0, 3, picture.shape)


TAKING: Final[Mapping[str, Callable[[Any, Random, Any], Any]]] = {
    "camera": _lain,
    "other papers": _among,
    "35 degrees": _steep,
    "moved": _moved,
    "compressed twice": _twice,
    "screen": _moire,
    "messenger": _sent,
    "fax": _fax,
    "feeder": _fed,
}


def harder(pdf: bytes, layout: Layout, seed: int, *, page: int | None = None) -> Photograph:
    """An odd way of writing, of the paper or of taking it; now and then all three."""
    r, noise = Random(seed), np.random.default_rng(seed)
    number = page or r.randint(1, len(layout.pages))
    chosen = [r.choice(list(ways)) for ways in (WRITING, PAPER, TAKING)]
    if r.random() < 0.7:  # mostly one alone, to see what it does
        alone = r.randrange(3)
        chosen = [way if n == alone else USUAL[n] for n, way in enumerate(chosen)]
    plan = layout.pages[number - 1]
    sheet = Page(rendered(pdf)[number - 1].copy(), plan, r, dict.fromkeys(plan.boxes, False))
    WRITING[chosen[0]](sheet)
    paper = PAPER[chosen[1]](sheet.paper.astype(np.float32), r, noise)
    picture = TAKING[chosen[2]](paper, r, noise)
    _, data = cv2.imencode(
        ".jpg", np.clip(picture, 0, WHITE).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, r.randint(60, 90)]
    )
    return Photograph(
        data.tobytes(), number, sheet.ink, frozenset(sheet.struck), tuple(chosen), frozenset(sheet.alike)
    )
