"""Lists of names in a sentence: distinct, most frequent, first ones, titles."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from services.reports.notation import enumeration
from shared.chinese import strokes

_LONGEST: Final = 12
_FEW: Final = 5


def titles(names: Iterable[str]) -> str:
    """《甲》《乙》: adjacent titles take no comma (GB/T 15834-2011)."""
    return "".join(name if name.startswith("《") else f"《{name}》" for name in names if name)


def often(items: Iterable[str]) -> str:
    """The most frequent of the items."""
    counted = Counter(item for item in items if item)
    return enumeration(sorted(counted, key=lambda item: (-counted[item], strokes.key(item)))[:_FEW])


def first(items: Iterable[str]) -> str:
    """The first few of the items, for a text that says how many there are."""
    return enumeration(distinct(items)[:_FEW])


def listed(items: Iterable[str], *, longest: int = _LONGEST) -> str:
    """Distinct items in order; a long list is cut with 等."""
    names = distinct(items)
    return "、".join(names[:longest]) + "等" if len(names) > longest else enumeration(names)


def distinct(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(item for item in items if item))
