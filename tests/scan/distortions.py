"""Distortions that no threshold was chosen by: other pens and paper, bad printers, light, screens, hands and books."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

import cv2
import numpy as np

from shared.documents.layout import Layout
from tests.scan.photographs import SCALE, counted, filled, rendered

WHITE: Final = 255.0
Colour = tuple[float, float, float]


def distorted(
    name: str, pdf: bytes, layout: Layout, seed: int, page: int = 1
) -> tuple[Any, Mapping[str, bool], frozenset[str]]:
    """The picture of a page filled in and distorted, by box whether there is ink, and boxes with a tick crossed out."""
    printed = rendered(pdf)[page - 1]
    written = np.full_like(printed, 255)
    plan, r = layout.pages[page - 1], Random(seed)
    ink, struck, _ = counted(written, plan, r) if plan.numbers else filled(written, plan.boxes, r)
    picture = DISTORTIONS[name](printed.astype(np.float32), written, np.random.default_rng(seed))
    return np.clip(picture, 0, WHITE).astype(np.uint8), ink, struck


def _on(printed: Any, written: Any) -> Any:
    """As it was written."""
    return printed * (written / WHITE)


def _pen(colour: Colour) -> Callable[..., Any]:
    def draw(printed: Any, written: Any, _: Any) -> Any:
        there = np.clip((WHITE - written.min(axis=2, keepdims=True)) / 200, 0, 1)
        return printed * (1 - there * (1 - np.array(colour, np.float32) / WHITE))

    return draw


def _pencil(printed: Any, written: Any, noise: Any) -> Any:
    grain = noise.uniform(0.15, 0.5, written.shape[:2]).astype(np.float32)[..., None]
    there = np.clip((WHITE - written.min(axis=2, keepdims=True)) / 200, 0, 1)
    return cv2.GaussianBlur(printed * (1 - there * grain), (0, 0), 1) + noise.normal(0, 2, printed.shape)


def _toner(printed: Any, written: Any, _: Any) -> Any:
    return _on(WHITE - 0.3 * (WHITE - printed), written)


def _paper(printed: Any, written: Any, _: Any) -> Any:
    return _on(printed, written) * np.array([0.55, 0.85, 0.95], np.float32)


def _places(picture: Any) -> tuple[Any, Any]:
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    return xs, ys


def _moire(printed: Any, written: Any, _: Any) -> Any:
    """Photographed from a screen."""
    xs, ys = _places(printed)
    bands = 12 * np.sin((xs + 0.21 * ys) * 2 * np.pi / 4.7) + 10 * np.sin((ys - 0.1 * xs) * 2 * np.pi / 63)
    return _on(printed, written) + bands[..., None]


def _vignette(printed: Any, written: Any, _: Any) -> Any:
    xs, ys = _places(printed)
    height, width = printed.shape[:2]
    away = (xs / width - 0.5) ** 2 + (ys / height - 0.5) ** 2
    return _on(printed, written) * (1 - 1.5 * away)[..., None]


def _glare(printed: Any, written: Any, _: Any) -> Any:
    """A lamp mirrored on the page, where nothing is seen."""
    xs, ys = _places(printed)
    height, width = printed.shape[:2]
    near = np.exp(-(((xs / width - 0.6) / 0.12) ** 2) - ((ys / height - 0.35) / 0.08) ** 2)
    return _on(printed, written) * 0.8 + 400 * near[..., None]


def _moved(printed: Any, written: Any, _: Any) -> Any:
    kernel = np.eye(9, dtype=np.float32) / 9
    return cv2.filter2D(_on(printed, written), -1, kernel)


def _turned(printed: Any, written: Any, _: Any) -> Any:
    height, width = printed.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 0.75)
    return cv2.warpAffine(_on(printed, written), turn, (width, height), borderValue=(90, 110, 120))


def _coarse(printed: Any, written: Any, _: Any) -> Any:
    """As a fax sends it: 100 dots per inch."""
    picture = _on(printed, written)
    return cv2.resize(picture, None, fx=100 / 220, fy=100 / 220, interpolation=cv2.INTER_AREA)


def _book(printed: Any, written: Any, _: Any) -> Any:
    """Bound at the left: the page bends down into the spine."""
    xs, ys = _places(printed)
    bend = np.exp(-xs / (25 * SCALE))
    picture = cv2.remap(
        _on(printed, written),
        xs + 3 * SCALE * bend,
        ys + 5 * SCALE * bend * (0.5 - ys / printed.shape[0]),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return picture * (1 - 0.5 * bend)[..., None]


DISTORTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "red pen": _pen((40, 40, 200)),
    "light blue pen": _pen((215, 150, 60)),
    "pencil": _pencil,
    "little toner": _toner,
    "coloured paper": _paper,
    "screen": _moire,
    "vignette": _vignette,
    "glare": _glare,
    "moved": _moved,
    "turned by 15 degrees": _turned,
    "100 dpi": _coarse,
    "book": _book,
}
