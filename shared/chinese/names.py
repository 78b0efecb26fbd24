"""Chinese names as they are kept and as lists print them: 王伟, printed 王　伟 so that it is as wide as 王小明."""

import re
from typing import Final

WIDE: Final = "\u3000"
_HAN: Final = r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_BETWEEN: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_MARKED: Final = re.compile(r"(.+)[（(]编号([\w-]{1,8})[）)]")
_SHORT: Final = re.compile(rf"({_HAN})({_HAN})(?=$|[（(])")


def bare(name: str) -> str:
    """Without the blanks that people put between the characters of a name to make columns even."""
    return _BETWEEN.sub("", name)


def laid_out(name: str) -> str:
    """As lists print it; what stands in brackets behind a name is left as it is. `bare` gives the name back."""
    return _SHORT.sub(rf"\1{WIDE}\2", name, count=1) if _SHORT.match(name) else name


def marked(name: str, id: str) -> str:
    """A name that several people bear, with the end of the id of the one who is meant: 王　强（编号8d3f2a11）."""
    return f"{laid_out(name)}（编号{id[-8:]}）"


def mark_in(written: str) -> tuple[str, str] | None:
    """The name, and how the id ends of the one who is meant; None where nothing is said of it."""
    found = _MARKED.fullmatch(written.strip())
    return (found[1].strip(), found[2]) if found else None
