"""Ink: which boxes of a straightened page have been written in, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from shared.documents.layout import Plan, Rect
from shared.documents.scan.sight import Sight, borders
from shared.documents.scan.straighten import SCALE, pixels
from shared.documents.scan.strokes import crossed_out, one_name, struck

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
BETWEEN: Final = 0.1
"""Millimetres between two boxes of which one is below the other at most."""
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
SPECK: Final = round(0.4 * SCALE**2)
"""Pixels: less is a copier's speck, or what is left of a faint stroke; many of them are in doubt."""
SPECKS: Final = (2, 5)
"""Specks in an empty box for a tick, or for writing, of which more are in doubt."""
THIN: Final = 1.0 * SCALE
"""Pixels across a crease at most."""
CHARACTER: Final = 12 * SCALE
THROUGH: Final = 0.8
STRAIGHT: Final = 8
"""Pixels of a character at most, the share of a box for a tick that a tick goes straight through at most, and how many
times longer than broad a crease is."""
THICK: Final = round(2.2 * SCALE)
"""Pixels across what no pen draws: a highlighter, a stain."""
CROSSINGS: Final = 2
"""Places at which a name written over two rows crosses the rule at least; a stroke that is too long does once."""
SPREAD: Final = 0.08
"""Of the ink that comes to a rule in a box: such a name has as much beyond the rule at least."""
ALONG: Final = 14
ASLANT: Final = 6
"""Pixels: a stroke that is longer in a row lies along it, and one that is farther off on the other side is another."""
RULE: Final = 5
"""Pixels beside the middle of a rule that may be the rule."""
COVERED: Final = 0.6
"""Share of a box: where more is dark, something lies on it."""
FAINT: Final = 0.45
"""Of the darkness of ink: what is at least so dark may be a pencil's, or a pen's that runs dry."""
SURE: Final = 0.5
_PEN: Final = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (THICK, THICK))
_TO_CORNERS: Final = np.array(
    [
        (right * far * (1 + aside), down * far * (1 - aside))
        for right in (-1, 1)
        for down in (-1, 1)
        for far in np.linspace(0.55, 1.5, 48)
        for aside in (-0.3, -0.15, 0.0, 0.15, 0.3)
    ]
)
"""Places towards each corner of a box and beyond, in halves of its sides."""


@dataclass(frozen=True)
class Box:
    """`sure`: from 0 to 1; less than `SURE` is in doubt. `differs`: two pictures of the page that are sure differ."""

    name: str
    ink: bool
    sure: float
    differs: bool = False

    @property
    def doubtful(self) -> bool:
        return self.sure < SURE


def boxes(sight: Sight, plan: Plan) -> list[Box]:
    mask, faint = sight.mask(sight.least), sight.mask(FAINT * sight.least)
    inners = {name: _inner(sight, rect) for name, rect in plan.boxes.items()}
    found = {name: _box(name, rect, inners[name], sight, mask, faint) for name, rect in plan.boxes.items()}
    found |= {name: _unsure(found[name]) for name in _stamped_in_red(sight, plan)}
    for above, below in _stacked(plan):
        if found[above].ink and found[below].ink:
            upper, lower = (_cut(mask, inners[name]) for name in (above, below))
            if one_name(upper, lower):
                found |= {name: _unsure(found[name]) for name in (above, below)}
    return list(found.values())


def _unsure(box: Box) -> Box:
    return replace(box, sure=min(box.sure, 0.3))


def _stamped_in_red(sight: Sight, plan: Plan) -> Iterator[str]:
    """Boxes under a red stamp of a page that is written on in red: what is in them was taken out with the stamp."""
    under = {name for name, rect in plan.boxes.items() if any(meets(rect, stamp) for stamp in sight.cleared)}
    others = (name for name in plan.boxes.keys() - under if under)
    if any(sight.red_in(*pixels(plan.boxes[name])) > WRITING[1] for name in others):
        yield from under


def _stacked(plan: Plan) -> Iterator[tuple[str, str]]:
    """Boxes for writing, each with the one below it."""
    wide = [(name, rect) for name, rect in plan.boxes.items() if rect.width >= NARROW]
    for (name, rect), (below, other) in permutations(wide, 2):
        if max(abs(other.left - rect.left), abs(other.top - rect.top - rect.height)) < BETWEEN:
            yield name, below


def _cut(mask: NDArray[np.uint8], inner: Inner) -> NDArray[np.uint8]:
    left, top, right, bottom = inner
    return mask[top:bottom, left:right]


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


def _box(
    name: str, rect: Rect, inner: Inner, sight: Sight, mask: NDArray[np.uint8], faint: NDArray[np.uint8]
) -> Box:
    narrow = rect.width < NARROW
    limits = TICK if narrow else WRITING
    left, top, right, bottom = inner
    found = _ink(mask, inner, narrow=narrow)
    ink, sure = found.own >= sum(limits) / 2, sureness(found.own, limits)
    if narrow and ink and struck(found.kept):
        return Box(name, ink=False, sure=0.1)
    if not narrow and ink and crossed_out(found.kept):
        sure = min(sure, 0.3)
    if float(cv2.morphologyEx(found.kept, cv2.MORPH_OPEN, _PEN).sum()) > found.kept.sum() / 2:
        sure = min(sure, 0.3)
    if found.shared or (narrow and not ink and _ringed(mask, inner)):
        sure = min(sure, 0.3)
    there = sum(strength > 0.45 * sight.contrast for strength in borders(sight.lines, rect))
    covered = float((sight.dark[top:bottom, left:right] > 0.1).mean()) > COVERED
    if sight.unclear or there < 3 or covered or any(meets(rect, stamp) for stamp in sight.stamps):
        sure = min(sure, 0.2)
    if sight.red_in(left, top, right, bottom) > limits[0]:
        sure = min(sure, 0.3)
    if (narrow or not ink) and (found.others > limits[1] or found.specks > SPECKS[not narrow]):
        sure = min(sure, 0.3)
    if not ink and _ink(faint, inner, narrow=narrow).own > limits[1]:
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
    """In square millimetres: `own`, and `others` that reach in and may be either's; `kept`: the pixels of own ink;
    `shared`: a mark of which about as much is beyond a rule; `specks`: how many are too small to be a stroke."""

    own: float
    others: float
    kept: NDArray[np.uint8]
    shared: bool
    specks: int


def _ink(mask: NDArray[np.uint8], inner: Inner, *, narrow: bool) -> _Ink:
    """A thin line from one rule to the opposite is a crease, or a rule that is not where it should be."""
    cut = _cut(mask, inner)
    height, width = cut.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cut, connectivity=8)
    own = others = reaching = most = 0
    shared = False
    kept = np.zeros(count, np.uint8)
    for n in range(1, count):
        x, y, wide, high, size = (int(value) for value in stats[n])
        thin = size < THIN * max(wide, high)
        if size < DUST:
            continue
        if size < SPECK:
            others += size
            continue
        long = THROUGH * min(width, height) if narrow else CHARACTER
        if thin and (wide >= width - 2 or high >= height - 2 or _creased(wide, high, long)):
            others += size
            continue
        across, down = x <= 1 or x + wide >= width - 1, y <= 1 or y + high >= height - 1
        beyond = _beyond(mask, inner, (x, y, wide, high)) if across or down else 0
        if down:
            reaching, most = reaching + size, max(most, beyond)
        within = not ((across and wide < OVER * width) or (down and high < OVER * height))
        deep = (high if down else wide) > REACH * SCALE
        if (not narrow or beyond < MOST * size) if within else beyond * MOST < size and deep:
            own += size
            kept[n] = 1
            shared = shared or (narrow and within and beyond * MOST > size)
        elif within or size * AREA > BESIDE or beyond < size:
            others += size
    spread = not narrow and 2 * reaching > own + others and most > SPREAD * reaching
    shared = shared or (spread and _crossings(mask, inner) >= CROSSINGS)
    specks = int((stats[1:, cv2.CC_STAT_AREA] < SPECK).sum())
    return _Ink(own * AREA, others * AREA, kept[labels], shared, specks)


def _creased(wide: int, high: int, long: float) -> bool:
    """Whether a piece may be of a crease that is seen in pieces: straight, and longer than `long`."""
    return max(wide, high) > long and min(wide, high) * STRAIGHT < max(wide, high)


def _crossings(mask: NDArray[np.uint8], inner: Inner) -> int:
    """At how many places a stroke goes on beyond the upper or the lower rule, whichever are more."""
    left, top, right, bottom = inner
    rule = 2 * round(INSET * SCALE)
    found = []
    for here, there in ((top, top - rule - 1), (bottom - 1, bottom + rule)):
        both = [_runs(mask[y, left:right]) for y in (max(0, there), here)]
        found.append(sum(any(abs(one - other) < ASLANT for other in both[0]) for one in both[1]))
    return max(found)


def _runs(row: NDArray[np.uint8]) -> list[float]:
    """The middles of strokes in a row of pixels, without those that lie along it."""
    steps = np.diff(row.astype(np.int8), prepend=0, append=0)
    return [
        (a + b) / 2
        for a, b in zip(*(np.nonzero(steps == way)[0] for way in (1, -1)), strict=True)
        if b - a < ALONG
    ]


def _ringed(mask: NDArray[np.uint8], inner: Inner) -> bool:
    """Whether a line goes around a box: towards each corner there is ink that is no rule."""
    left, top, right, bottom = inner
    places = _TO_CORNERS * ((right - left) / 2, (bottom - top) / 2) + ((left + right) / 2, (top + bottom) / 2)
    xs, ys = np.rint(places).astype(int).T
    off = np.ones(len(xs), bool)
    rule = round(INSET * SCALE)
    for one, edges in ((xs, (left - rule, right + rule)), (ys, (top - rule, bottom + rule))):
        for edge in edges:
            off &= np.abs(one - edge) > RULE
    height, width = mask.shape
    inked = mask[np.clip(ys, 0, height - 1), np.clip(xs, 0, width - 1)] > 0
    return bool(((inked & off).reshape(4, -1).sum(axis=1) > 2).all())


def _beyond(mask: NDArray[np.uint8], inner: Inner, at: tuple[int, int, int, int]) -> int:
    """Pixels of the other part of a stroke, beyond the rules that it comes to, or through a corner."""
    left, top, right, bottom = inner
    x, y, wide, high = at
    gap, more = round((2 * INSET + 0.5) * SCALE) - 4, 4
    deep = round(BEYOND * SCALE)
    above, below = slice(max(0, top - gap - deep), top - gap), slice(bottom + gap, bottom + gap + deep)
    before, after = slice(max(0, left - gap - deep), left - gap), slice(right + gap, right + gap + deep)
    along = slice(max(0, x - more), x + wide + more), slice(max(0, y - more), y + high + more)
    # How far the stroke is from each side, and each side as if it were the upper one.
    ups = (y, mask[above, left:right][::-1]), (bottom - top - y - high, mask[below, left:right])
    asides = (x, mask[top:bottom, before].T[::-1]), (right - left - x - wide, mask[top:bottom, after].T)
    found = sum(
        _met(part, slice(more), place)
        for sides, place in zip((ups, asides), along, strict=True)
        for away, part in sides
        if away <= 1
    )
    near = slice(gap + 2 * more)
    for rows, (up, _), back in zip((above, below), ups, (-1, 1), strict=True):
        for columns, (aside, _), turn in zip((before, after), asides, (-1, 1), strict=True):
            if min(up, aside) <= 1 and max(up, aside) <= gap:
                found += _met(mask[rows, columns][::back, ::turn], near, near)
    return found


def _met(part: NDArray[np.uint8], rows: slice, columns: slice) -> int:
    """Pixels of all strokes of a part of the page that come to these rows and columns of it."""
    if not part.size:
        return 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part), connectivity=8)
    met = np.unique(labels[rows, columns])
    return int(stats[met[met > 0], cv2.CC_STAT_AREA].sum())
