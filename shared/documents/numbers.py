"""Numbers that are marked by digit beside what is written: where their boxes are, and what the marks add up to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from shared.documents.layout import Rect

PLACES: Final = (
    ("百", ("100", "200", "300")),
    ("十", tuple(f"{n}0" for n in range(10))),
    ("个", tuple("0123456789")),
)
"""What each box of a place adds. Tens and ones always have a mark, so that one crossed out has another beside it."""
FREE: Final = PLACES[0][1]
"""Boxes of the place that may be without a mark."""
MOST: Final = 399
ROW: Final = 5.6
STEP: Final = 5.0
"""Millimetres of a row, and from one box to the next."""
WIDE, HIGH = 3.2, 4.0
DIGIT: Final = 1.6
"""Millimetres left of a box, in which its digit is printed: a stroke that is too long ends there."""
APART: Final = 2.0
"""Millimetres before each place."""


class Mark(Protocol):
    """One box: whether there is ink, and whether that is in doubt."""

    @property
    def ink(self) -> bool: ...
    @property
    def doubtful(self) -> bool: ...


@dataclass(frozen=True)
class Number:
    """What was marked. `value`: None where the marks say no number; `doubtful`: somebody must look."""

    value: int | None
    doubtful: bool


def places(left: float) -> Iterator[tuple[str, float]]:
    """The places, and where their boxes begin from `left`."""
    for word, values in PLACES:
        left += APART
        yield word, left
        left += STEP * len(values)


def digits(name: str, left: float, top: float) -> Iterator[tuple[str, str, Rect]]:
    """(name, digit, box) of the boxes of a number whose row begins at `left` and `top`."""
    for (_, values), (_, start) in zip(PLACES, places(left), strict=True):
        for n, value in enumerate(values):
            at = start + n * STEP + DIGIT
            yield f"{name}/{value}", value[0], Rect(at, top + (ROW - HIGH) / 2, WIDE, HIGH)


def number(name: str, marks: Mapping[str, Mark]) -> Number | None:
    """The number of this name; None where it is not on the pages that were read."""
    value, doubtful = 0, False
    for _, values in PLACES:
        boxes = {one: marks.get(f"{name}/{one}") for one in values}
        found = {one: mark for one, mark in boxes.items() if mark is not None}
        if len(found) < len(boxes):
            return None
        chosen = [int(one) for one, mark in found.items() if mark.ink]
        if len(chosen) > 1 or not (chosen or values is FREE):
            return Number(None, doubtful=True)
        value += sum(chosen)
        doubtful = doubtful or any(mark.doubtful for mark in found.values())
    return Number(value, doubtful)
