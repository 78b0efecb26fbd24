"""Differences of two texts of a paragraph; numbers are never split."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

_TOKENS: Final = re.compile(r"\d+(?:[.,]\d+)*[%‰]?|.", re.DOTALL)


class Piece(NamedTuple):
    kind: Literal["same", "gone", "new"]
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """Pieces: those not new make `before`, those not gone make `after`."""
    return list(_pieces(_TOKENS.findall(before), _TOKENS.findall(after)))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[a:b]))
            continue
        if b > a:
            yield Piece("gone", "".join(before[a:b]))
        if d > c:
            yield Piece("new", "".join(after[c:d]))
