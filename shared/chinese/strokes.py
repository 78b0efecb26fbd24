"""Collation of Chinese names by strokes (姓氏笔画): number of strokes, then their order, then the code point.

Character by character, so 王一 stands before 王一一. The table beside this module names its sources; what
it does not know comes after all it knows. Uses nothing but the text itself: equal names compare equal.
"""

from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("strokes.txt")
_UNKNOWN = 99

Key = tuple[tuple[int, str, str], ...]


@cache
def _table() -> dict[str, tuple[int, str]]:
    """Number of strokes and their sequence (1 横 2 竖 3 撇 4 点 5 折; "" where only the number is known)."""
    known: dict[str, tuple[int, str]] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, characters = line.split("\t")
        entry = (int(code[1:]), "") if code.startswith("=") else (len(code), code)
        known.update(dict.fromkeys(characters, entry))
    return known


def number(character: str) -> int | None:
    """The number of strokes of one character, None where the table does not know it."""
    entry = _table().get(character)
    return entry[0] if entry else None


@lru_cache(maxsize=16384)
def key(name: str) -> Key:
    """The sort key of a name; spaces and the dots inside minority names (·) do not count."""
    known = _table()
    letters = (c for c in name if not c.isspace() and c not in "·•・")
    return tuple((*known.get(c, (_UNKNOWN, "")), c) for c in letters)
