"""Where the boxes of a marked sheet are: told by what prints it, used by what reads it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

from shared.documents.marks import PageCode, Subject, short_digest


@dataclass(frozen=True)
class Rect:
    """In millimetres from the top left of the page."""

    left: float
    top: float
    width: float
    height: float


@dataclass
class Plan:
    """One page: `cells` have a border, and those that are read a name in `boxes`. `numbers`: the rows of those that are
    marked by digit, each with its written number."""

    cells: list[Rect] = field(default_factory=list)
    boxes: dict[str, Rect] = field(default_factory=dict)
    numbers: dict[str, Rect] = field(default_factory=dict)

    def add(self, box: str, rect: Rect) -> None:
        self.cells.append(rect)
        if box:
            self.boxes[box] = rect


@dataclass(frozen=True)
class Layout:
    """Pages of a size in millimetres. `subject`: of the marks; None on sheets that have none."""

    subject: Subject | None
    width: float
    height: float
    pages: tuple[Plan, ...]

    @cached_property
    def edition(self) -> str:
        """Differs where boxes are elsewhere or called otherwise, by a tenth of a millimetre."""
        places = [
            [box, *(round(side, 1) for side in asdict(rect).values())]
            for plan in self.pages
            for box, rect in plan.boxes.items()
        ]
        return short_digest(json.dumps([len(self.pages), *places]))

    @property
    def read_pages(self) -> tuple[int, ...]:
        """Numbers of the pages that have boxes: the last one may have but lines to sign."""
        return tuple(n for n, plan in enumerate(self.pages, 1) if plan.boxes)

    @property
    def codes(self) -> tuple[PageCode, ...]:
        """The code of each page."""
        if self.subject is None:
            return ()
        return tuple(PageCode(self.subject, n, self.edition) for n in range(1, len(self.pages) + 1))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        plans = (
            Plan(
                [Rect(**cell) for cell in plan["cells"]],
                {name: Rect(**rect) for name, rect in plan["boxes"].items()},
                {name: Rect(**rect) for name, rect in plan["numbers"].items()},
            )
            for plan in content["pages"]
        )
        subject = content["subject"]
        return cls(Subject(**subject) if subject else None, content["width"], content["height"], tuple(plans))
