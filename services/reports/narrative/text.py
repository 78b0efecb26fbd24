"""Texts of sentences with their slots: {name} is filled, and [ ] is written only where everything in it is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from services.reports.errors import TemplateFaulty

_SLOT = re.compile(r"\{([^{}]*)\}")
_OPTION = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Piece:
    """Plain text and slots alternating: odd parts are slot names. `optional`: left out where a slot has nothing."""

    parts: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True)
class Text:
    pieces: tuple[Piece, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for piece in self.pieces for name in piece.parts[1::2])

    @cached_property
    def needed(self) -> frozenset[str]:
        """Names without which nothing is written."""
        return frozenset(name for piece in self.pieces if not piece.optional for name in piece.parts[1::2])


def parse(text: str, place: str) -> Text:
    """Errors: TemplateFaulty naming the place."""
    parsed = Text(tuple(_pieces(text)))
    if any(sign in part for piece in parsed.pieces for part in piece.parts[::2] for sign in "{}[]"):
        raise TemplateFaulty(f"{place}：花括号或者方括号不成对：{text}")
    if any(piece.optional and len(piece.parts) == 1 for piece in parsed.pieces):
        raise TemplateFaulty(f"{place}：方括号内没有指标或者名称：{text}")
    return parsed


def _pieces(text: str) -> Iterator[Piece]:
    for place, part in enumerate(_OPTION.split(text)):
        if part:
            yield Piece(tuple(_SLOT.split(part)), optional=place % 2 == 1)
