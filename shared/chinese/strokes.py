"""Collation of Chinese names by strokes (姓氏笔画): number of strokes, then their order, then the code point.

Names are compared character by character, so 王一 sorts before 王一一. `strokes.txt` names its sources; characters that
are not in it sort last. Equal names compare equal.
"""

from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("strokes.txt")
_UNKNOWN = 99

Key = tuple[tuple[int, str, str], ...]


@cache
def _table() -> dict[str, tuple[int, str]]:
    """Number of strokes and their sequence (1 横 2 竖 3 撇 4 点 5 折; "" where only the number is known)."""
    strokes: dict[str, tuple[int, str]] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, characters = line.split("\t")
        entry = (int(code[1:]), "") if code.startswith("=") else (len(code), code)
        strokes.update(dict.fromkeys(characters, entry))
    return strokes


def number(character: str) -> int | None:
    """The number of strokes of a character; None where it is not in the table."""
    entry = _table().get(character)
    return entry[0] if entry else None


def leading(values: tuple[str | int, ...]) -> tuple[object, ...]:
    """The sort key of values of which the first is a name."""
    return key(str(values[0])), *values[1:]


@lru_cache(maxsize=16384)
def key(name: str) -> Key:
    """The sort key of a name; spaces and the dots in minority names (·) are ignored."""
    strokes = _table()
    characters = (c for c in name if not c.isspace() and c not in "·•・")
    return tuple((*strokes.get(c, (_UNKNOWN, "")), c) for c in characters)
