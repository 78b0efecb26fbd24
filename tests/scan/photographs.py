"""Photographs of printed sheets made from seeds: rendered, filled in, bent, lit, folded, blurred, compressed."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import cv2
import numpy as np

from services.ratings.ballots import WHOLE
from shared.documents.layout import Layout, Plan, Rect
from tests.scan.pens import Pen

DPI: Final = 220
SCALE: Final = DPI / 25.4
MARKS: Final = ("fill", "fill", "dash", "slash", "tick")
STRUCK: Final = 0.015
"""Share of the numbers of which a wrong digit was marked first and crossed out."""
WRITTEN: Final = 14.0
"""Millimetres of a row in which its number is written."""


@dataclass(frozen=True)
class Photograph:
    """A file and what stands on it: by box whether there is ink; `struck`: boxes with a mark crossed out.
    `conditions`: what was done to it; `alike`: boxes of which not every one can be told from a usual one."""

    data: bytes
    page: int
    ink: Mapping[str, bool]
    struck: frozenset[str]
    conditions: tuple[str, ...]
    alike: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def rendered(pdf: bytes) -> tuple[Any, ...]:
    """Each page of a PDF as pixels."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "sheet.pdf"
        source.write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(source), f"{folder}/page"], check=True)
        return tuple(cv2.imread(str(path)) for path in sorted(Path(folder).glob("page*.png")))


def photograph(pdf: bytes, layout: Layout, seed: int, *, page: int | None = None) -> Photograph:
    r = Random(seed)
    number = page or r.randint(1, len(layout.pages))
    paper = rendered(pdf)[number - 1].copy()
    plan = layout.pages[number - 1]
    ink, struck, told = counted(paper, plan, r) if plan.numbers else filled(paper, plan.boxes, r)
    noise = np.random.default_rng(seed)
    scanned = r.random() < 0.3
    picture, more = _scanned(paper, r, noise) if scanned else _taken(paper, r, noise)
    quality = r.randint(45, 92)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return Photograph(data.tobytes(), number, ink, struck, (*told, *more))


def filled(
    paper: Any, boxes: Mapping[str, Rect], r: Random
) -> tuple[dict[str, bool], frozenset[str], tuple[str, ...]]:
    """Fill in the lines of a sheet, each by another hand, and perhaps stamp it."""
    ink, struck = dict.fromkeys(boxes, False), set()
    lines: dict[str, list[str]] = {}
    for name in boxes:
        lines.setdefault(name.rpartition("/")[0], []).append(name)
    for names in lines.values():
        pen = Pen(paper, SCALE, r)
        wide = [name for name in names if boxes[name].width >= 15]
        narrow = [name for name in names if boxes[name].width < 15]
        kind = r.random()
        if wide and kind < 0.72:
            for name in wide if len(wide) == 1 else wide[: r.randint(1, len(wide))]:
                if boxes[name].height < 12 and boxes[name].width < 45:
                    pen.sign(boxes[name], over=r.random() < 0.25)
                else:
                    pen.write(boxes[name])
                ink[name] = True
        elif narrow and kind < 0.9:
            chosen = r.choice(narrow)
            pen.tick(boxes[chosen])
            ink[chosen] = True
        if narrow and r.random() < 0.03:
            free = [name for name in narrow if not ink[name]]
            pen.strike(boxes[wrong := r.choice(free)])
            struck.add(wrong)
    return ink, frozenset(struck), _stamped(paper, r)


def counted(paper: Any, plan: Plan, r: Random) -> tuple[dict[str, bool], frozenset[str], tuple[str, ...]]:
    """Fill in the numbers of a count sheet, all by one hand: written, marked by digit, some marked wrongly first."""
    ink, struck = dict.fromkeys(plan.boxes, False), set()
    pen, kind, valid = Pen(paper, SCALE, r), r.choice(MARKS), r.randint(8, 260)
    for name, value in votes(plan, r, valid).items():
        row = plan.numbers[name]
        pen.note(Rect(row.left, row.top, WRITTEN, row.height), len(str(value)))
        for box in marked_boxes(name, value):
            pen.fill(plan.boxes[box], kind)
            ink[box] = True
        if r.random() < STRUCK:
            wrong = r.choice([box for box in plan.boxes if box.startswith(f"{name}/") and not ink[box]])
            pen.fill(plan.boxes[wrong], kind)
            pen.cross(plan.boxes[wrong])
            struck.add(wrong)
    return ink, frozenset(struck), (kind, *_stamped(paper, r))


def votes(plan: Plan, r: Random, valid: int) -> dict[str, int]:
    """Numbers that add up: of each deputy the valid ballots, which are those returned without the void."""
    void = r.choice((0, 0, 1, 3))
    whole = {"issued": valid + void + r.randint(0, 9), "returned": valid + void, "void": void, "valid": valid}
    lines: dict[str, list[str]] = {}
    for name in plan.numbers:
        lines.setdefault(name.rpartition("/")[0], []).append(name)
    found = {name: whole[name.rpartition("/")[2]] for name in lines.pop(WHOLE, [])}
    for names in lines.values():
        left = valid
        for name in names[:-1]:
            found[name] = round(left * r.choice((0, 0, 0.1, 0.6, 0.9)))
            left -= found[name]
        found[names[-1]] = left
    return found


def marked_boxes(name: str, value: int) -> list[str]:
    """The boxes that a teller marks for a number."""
    hundreds, tens, ones = value // 100 * 100, value // 10 % 10, value % 10
    return [f"{name}/{part}" for part in (hundreds or "", f"{tens}0", ones) if part != ""]


def _stamped(paper: Any, r: Random) -> tuple[str, ...]:
    if r.random() < 0.2:
        Pen(paper, SCALE, r).seal(r.uniform(40, 170), r.uniform(60, 260))
        return ("seal",)
    return ()


def _scanned(paper: Any, r: Random, noise: Any) -> tuple[Any, tuple[str, ...]]:
    dpi = r.choice((150, 200, 300, 400, 600))
    height, width = paper.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), r.uniform(-2, 2), 1)
    turn[:, 2] += 0.02 * width, 0.02 * height  # the glass is a little larger than the page
    paper = cv2.warpAffine(
        paper, turn, (round(1.04 * width), round(1.04 * height)), borderValue=(235, 235, 235)
    )
    share = dpi / DPI
    paper = cv2.resize(
        paper, None, fx=share, fy=share, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    )
    told = ["scan", f"{dpi} dpi"]
    if r.random() < 0.5:
        paper = cv2.cvtColor(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        told.append("gray")
    if r.random() < 0.1:
        paper = cv2.rotate(paper, cv2.ROTATE_180)
        told.append("upside down")
    grain = noise.normal(0, r.uniform(1, 5), paper.shape).astype(np.float32)
    return np.clip(paper + grain, 0, 255).astype(np.uint8), tuple(told)


def _taken(paper: Any, r: Random, noise: Any) -> tuple[Any, tuple[str, ...]]:
    told = ["camera"]
    paper = paper.astype(np.float32) * r.uniform(0.85, 1.0)
    if r.random() < 0.35:
        _fold(paper, r)
        told.append("fold")
    picture = _placed(paper, r, noise, told)
    _light(picture, r, told)
    if r.random() < 0.2:
        _thumb(picture, r)
        told.append("thumb")
    if (blur := r.uniform(0, 1.5)) > 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    if r.random() < 0.15:
        length = r.randint(3, 6)
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1 / length
        picture = cv2.filter2D(picture, -1, kernel)
        told.append("shaken")
    picture += noise.normal(0, r.uniform(1, 7), picture.shape).astype(np.float32)
    return np.clip(picture, 0, 255).astype(np.uint8), tuple(told)


def _fold(paper: Any, r: Random) -> None:
    height, width = paper.shape[:2]
    for _ in range(r.randint(1, 2)):
        if r.random() < 0.6:
            y = round(height * r.uniform(0.3, 0.7))
            paper[y : y + 3] *= r.uniform(0.82, 1.0)
            paper[y:] *= r.uniform(0.86, 1.0)
        else:
            x = round(width * r.uniform(0.3, 0.7))
            paper[:, x : x + 3] *= r.uniform(0.82, 1.0)
            paper[:, x:] *= r.uniform(0.86, 1.0)


def _placed(paper: Any, r: Random, noise: Any, told: list[str]) -> Any:
    """The page, curled, on a table, seen from somewhere."""
    height, width = paper.shape[:2]
    long = r.randint(2000, 3800)
    wide = round(long * r.uniform(0.72, 0.8))
    size = min(wide / width, long / height) * r.uniform(0.86, 0.96)
    centre = wide / 2 + r.uniform(-10, 10), long / 2 + r.uniform(-10, 10)
    angle = np.radians(r.uniform(-6, 6))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (
        np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2 * size * 0.97
    )
    placed = corners @ turned.T * (1 - 0.09 * abs(np.sin(2 * angle)) * 4) + centre
    placed += [[r.uniform(-0.03, 0.03) * wide, r.uniform(-0.03, 0.03) * long] for _ in range(4)]
    there = cv2.getPerspectiveTransform(
        np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32), placed.astype(np.float32)
    )
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    if r.random() < 0.6:
        curl, phase = r.uniform(0.5, 2.6) * SCALE, r.uniform(0, 2 * np.pi)
        bend = r.uniform(0.6, 1.6) * np.pi
        paper = cv2.remap(
            paper,
            xs + curl * 0.5 * np.sin(bend * ys / height + phase),
            ys + curl * np.sin(bend * xs / width + phase),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(225, 225, 225),
        )
        told.append("curl")
    table = np.array([r.uniform(40, 150), r.uniform(60, 160), r.uniform(90, 190)], np.float32)
    rough = cv2.resize(noise.normal(0, 9, (long // 8, wide // 8)).astype(np.float32), (wide, long))
    under = np.repeat(rough[..., None], 3, axis=2) + table
    seen = cv2.warpPerspective(paper, there, (wide, long), flags=cv2.INTER_AREA)
    over = cv2.warpPerspective(np.ones((height, width), np.float32), there, (wide, long))[..., None]
    return seen + under * (1 - over)


def _light(picture: Any, r: Random, told: list[str]) -> None:
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = r.uniform(0, 2 * np.pi)
    along = (xs / width - 0.5) * np.cos(angle) + (ys / height - 0.5) * np.sin(angle)
    light = 1 + r.uniform(0, 0.5) * along
    if r.random() < 0.4:
        edge = r.uniform(-0.3, 0.3)
        angle = r.uniform(0, 2 * np.pi)
        across = (xs / width - 0.5) * np.cos(angle) + (ys / height - 0.5) * np.sin(angle)
        light *= 1 - r.uniform(0.2, 0.5) / (1 + np.exp(-(across - edge) / r.uniform(0.01, 0.05)))
        told.append("shadow")
    warmth = r.uniform(-0.12, 0.12)
    picture *= light[..., None] * np.array([1 - warmth, 1, 1 + warmth], np.float32) * r.uniform(0.75, 1.05)


def _thumb(picture: Any, r: Random) -> None:
    """A thumb that holds the page at a lower corner."""
    height, width = picture.shape[:2]
    left = r.random() < 0.5
    x = width * (r.uniform(0.02, 0.12) if left else r.uniform(0.88, 0.98))
    y = height * r.uniform(0.75, 0.97)
    axes = (round(width * 0.05), round(width * r.uniform(0.07, 0.11)))
    mask = np.zeros((height, width), np.float32)
    turn = r.uniform(50, 80) * (1 if left else -1)
    cv2.ellipse(mask, (round(x), round(y)), axes, turn, 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 4)[..., None]
    skin = np.array([120, 150, 205], np.float32) * r.uniform(0.6, 1.0)
    picture[:] = picture * (1 - mask) + skin * mask
