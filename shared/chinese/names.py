"""Spacing of Chinese names: stored 王伟, printed 王　伟 with an ideographic space, as wide as 王小明."""

import re
from typing import Final

from shared.chinese.characters import HAN

WIDE: Final = "\u3000"
_MARKED: Final = re.compile(r"(.+)[（(]编号([\w-]{1,8})[）)]")
_SHORT: Final = re.compile(rf"({HAN})({HAN})(?=$|[（(])")


def spaced(name: str) -> str:
    """The name as lists print it: two characters are spaced; text in brackets after it is unchanged."""
    return _SHORT.sub(rf"\1{WIDE}\2", name, count=1) if _SHORT.match(name) else name


def with_id(name: str, id: str) -> str:
    """The spaced name with the end of the person's id, to distinguish namesakes: 王　强（编号8d3f2a11）."""
    return f"{spaced(name)}（编号{short_id(id)}）"


def short_id(id: str) -> str:
    """The end of an id, by which people name a record of their town."""
    return id[-8:]


def split_id(written: str) -> tuple[str, str] | None:
    """The name and the end of the id in a text made by `with_id`; None where there is no id."""
    match = _MARKED.fullmatch(written.strip())
    return (match[1].strip(), match[2]) if match else None
