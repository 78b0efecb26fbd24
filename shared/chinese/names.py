"""Spacing of Chinese names: stored 王伟, printed 王　伟 with an ideographic space, as wide as 王小明."""

import re
from typing import Final

WIDE: Final = "\u3000"
_HAN: Final = r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_BETWEEN: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_MARKED: Final = re.compile(r"(.+)[（(]编号([\w-]{1,8})[）)]")
_SHORT: Final = re.compile(rf"({_HAN})({_HAN})(?=$|[（(])")


def unspaced(name: str) -> str:
    """The name without spaces between Chinese characters."""
    return _BETWEEN.sub("", name)


def spaced(name: str) -> str:
    """The name as lists print it: two characters are spaced; text in brackets after it is unchanged. See `unspaced`."""
    return _SHORT.sub(rf"\1{WIDE}\2", name, count=1) if _SHORT.match(name) else name


def with_id(name: str, id: str) -> str:
    """The spaced name with the end of the person's id, to distinguish namesakes: 王　强（编号8d3f2a11）."""
    return f"{spaced(name)}（编号{id[-8:]}）"


def split_id(written: str) -> tuple[str, str] | None:
    """The name and the end of the id in a text made by `with_id`; None where there is no id."""
    match = _MARKED.fullmatch(written.strip())
    return (match[1].strip(), match[2]) if match else None
