"""Distortions made after the reading was finished: what hands, lenses, sleeves, copiers and feeders do to a page."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import cv2
import numpy as np

from tests.scan.photographs import SCALE

WHITE: Final = 255.0
TABLE: Final = (70.0, 90.0, 110.0)


def _places(picture: Any) -> tuple[Any, Any]:
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    return xs, ys


def _shape(picture: Any, points: Any) -> Any:
    mask = np.zeros(picture.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.array(points, np.int32)], 1.0)
    return mask[..., None]


def _finger(picture: Any, noise: Any, at: tuple[float, float], turn: float) -> Any:
    mask = np.zeros(picture.shape[:2], np.float32)
    axes = round(noise.uniform(16, 24) * SCALE), round(noise.uniform(9, 11) * SCALE)
    cv2.ellipse(mask, (round(at[0]), round(at[1])), axes, turn, 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 3)[..., None]
    return picture * (1 - mask) + np.array([120, 150, 205], np.float32) * noise.uniform(0.6, 1) * mask


def _hands(paper: Any, noise: Any) -> Any:
    """Held at both sides: thumbs over the table."""
    height, width = paper.shape[:2]
    for x, turn in ((0, 20), (width, 160)):
        paper = _finger(paper, noise, (x, height * noise.uniform(0.3, 0.8)), turn)
    return paper


def _thumb_on_a_mark(paper: Any, noise: Any) -> Any:
    height, width = paper.shape[:2]
    x, y = ((0, 0), (width, height), (0, height))[noise.integers(3)]
    return _finger(paper, noise, (x, y), 45 if (x == 0) == (y == 0) else 135)


def _smear(paper: Any, noise: Any) -> Any:
    """A greasy lens: part of the picture is seen through a veil."""
    xs, ys = _places(paper)
    height, width = paper.shape[:2]
    x, y = noise.uniform(0.2, 0.8, 2) * (width, height)
    near = np.exp(-(((xs - x) / (0.35 * width)) ** 2 + ((ys - y) / (0.25 * height)) ** 2))[..., None]
    blurred = cv2.GaussianBlur(paper, (0, 0), noise.uniform(4, 9))
    veiled = 0.55 * blurred + 0.25 * paper + 0.2 * 235
    return paper * (1 - near) + veiled * near


def _cast(paper: Any, noise: Any) -> Any:
    """Light of one colour: a lamp, a coloured wall, a curtain."""
    casts = ((0.4, 0.7, 1.0), (1.0, 0.55, 0.85), (0.6, 1.0, 0.6), (1.0, 0.8, 0.45), (0.25, 0.4, 1.0))
    return paper * np.array(casts[noise.integers(len(casts))], np.float32)


def _halo(paper: Any, noise: Any) -> Any:
    """As a phone sharpens and evens out light: halos along every edge."""
    for far in (2, 18):
        paper = paper + noise.uniform(0.5, 1.0) * (paper - cv2.GaussianBlur(paper, (0, 0), far))
        paper = np.clip(paper, 0, WHITE)
    return paper


def _cut_off(paper: Any, noise: Any) -> Any:
    """The foot of the page, with its number and lower marks, is outside of the picture."""
    return paper[: -round(noise.uniform(9, 14) * SCALE)]


def _folded(paper: Any, noise: Any) -> Any:
    """A stapled corner folded over: its back hides a part, the mark is gone."""
    side = noise.uniform(22, 45) * SCALE
    paper = paper * (1 - _shape(paper, [(0, 0), (side, 0), (0, side)])) + np.array(TABLE) * _shape(
        paper, [(0, 0), (side, 0), (0, side)]
    )
    back = _shape(paper, [(side, 0), (side, side), (0, side)])
    shade = cv2.GaussianBlur(np.roll(back[..., 0], (10, 10), (0, 1)), (0, 0), 6)[..., None]
    return paper * (1 - 0.4 * shade) * (1 - back) + 238 * back


def _sleeve(paper: Any, noise: Any) -> Any:
    """In a transparent sleeve: a veil, and streaks in which a lamp is mirrored."""
    xs, ys = _places(paper)
    paper = paper * 0.85 + 30
    for _ in range(4):
        turn, at = noise.uniform(-0.6, 0.6), noise.uniform(0.1, 0.9) * paper.shape[0]
        away = (ys - at) * np.cos(turn) + (xs - paper.shape[1] / 2) * np.sin(turn)
        along = np.sin(xs / noise.uniform(150, 400) + noise.uniform(0, 6)) > 0
        paper = paper + (260 * np.exp(-((away / noise.uniform(5, 25)) ** 2)) * along)[..., None]
    return paper


def _stripes(paper: Any, noise: Any) -> Any:
    """A scratched drum: faint lines down the whole page, through boxes and names."""
    for _ in range(5):
        x, wide = round(noise.uniform(0.1, 0.95) * paper.shape[1]), noise.integers(1, 8)
        paper[:, x : x + wide] *= noise.uniform(0.4, 0.85)
    return paper


def _shows_through(paper: Any, noise: Any) -> Any:
    """Thin paper: the ink of the back is seen, mirrored."""
    back = cv2.GaussianBlur(paper[:, ::-1], (0, 0), 2)
    return paper - noise.uniform(0.12, 0.3) * (WHITE - np.roll(back, (17, 9), (0, 1)))


def _squared(paper: Any, noise: Any) -> Any:
    """Lying on squared paper."""
    height, width = (round(1.15 * side) for side in paper.shape[:2])
    table = np.full((height, width, 3), 235, np.float32)
    step = round(noise.uniform(4, 8) * SCALE)
    table[::step] = table[1::step] = table[:, ::step] = table[:, 1::step] = (200, 150, 130)
    top, left = (round(0.07 * side) for side in paper.shape[:2])
    table[top : top + paper.shape[0], left : left + paper.shape[1]] = paper
    return table


def _narrower(paper: Any, noise: Any) -> Any:
    """Scanned at 97 % in one direction."""
    share = noise.uniform(0.955, 0.975)
    ways = {"fx": share, "fy": 1.0} if noise.random() < 0.5 else {"fx": 1.0, "fy": share}
    return cv2.resize(paper, None, **ways, interpolation=cv2.INTER_AREA)


def _mirrored(paper: Any, _: Any) -> Any:
    """As a camera that faces its user keeps it."""
    return paper[:, ::-1]


def _slipped(paper: Any, noise: Any) -> Any:
    """The feeder slips: below some row everything is higher, and a little to the side."""
    at = round(noise.uniform(0.35, 0.7) * paper.shape[0])
    up, aside = (round(noise.uniform(0.8, 4) * SCALE) for _ in range(2))
    lower = np.roll(paper[at:], aside * noise.choice((-1, 0, 1)), axis=1)
    return np.vstack([paper[: at - up], lower])


def _torn(paper: Any, noise: Any) -> Any:
    """A strip is torn off at the right, with parts of some boxes."""
    height, width = paper.shape[:2]
    top = noise.uniform(0.3, 0.5) * height
    edge = [
        (width - noise.uniform(12, 45) * SCALE, top + n * 4 * SCALE) for n in range(noise.integers(4, 14))
    ]
    torn = _shape(paper, [(width, top), *edge, (width, edge[-1][1])])
    return paper * (1 - torn) + np.array(TABLE) * torn


def _crumpled(paper: Any, noise: Any) -> Any:
    """Crumpled and smoothed out: facets of other brightness, with creases between them."""
    height, width = paper.shape[:2]
    seeds = noise.uniform(0, 1, (60, 2)) * (height, width)
    shades = noise.uniform(0.78, 1.05, 60).astype(np.float32)
    small: Any = np.moveaxis(np.mgrid[0:height:4, 0:width:4], 0, -1).astype(np.float32)
    nearest = np.argmin(((small[:, :, None] - seeds) ** 2).sum(-1), axis=-1)
    light = cv2.resize(shades[nearest], (width, height), interpolation=cv2.INTER_LINEAR)
    bent = cv2.GaussianBlur(light, (0, 0), 12)
    xs, ys = _places(paper)
    paper = cv2.remap(paper, xs + 14 * (bent - 0.9), ys + 14 * (bent - 0.9), cv2.INTER_LINEAR)
    return paper * light[..., None]


def _overexposed(paper: Any, noise: Any) -> Any:
    return paper * noise.uniform(1.3, 2.2) + 20


def _coarsely_compressed(paper: Any, noise: Any) -> Any:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(noise.integers(6, 14))]
    _, data = cv2.imencode(".jpg", np.clip(paper, 0, WHITE).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.float32)


SPOILT: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "two hands": _hands,
    "thumb on a mark": _thumb_on_a_mark,
    "smeared lens": _smear,
    "colour cast": _cast,
    "halos": _halo,
    "foot cut off": _cut_off,
    "corner folded over": _folded,
    "sleeve": _sleeve,
    "stripes": _stripes,
    "shows through": _shows_through,
    "squared paper": _squared,
    "narrower": _narrower,
    "mirrored": _mirrored,
    "feeder slips": _slipped,
    "torn": _torn,
    "crumpled": _crumpled,
    "overexposed": _overexposed,
    "quality 10": _coarsely_compressed,
}
