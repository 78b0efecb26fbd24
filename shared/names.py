"""Chinese names as they are kept and as lists print them: 王伟, printed 王　伟 so that it is as wide as 王小明."""

import re
from typing import Final

WIDE: Final = "\u3000"
_HAN: Final = r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_BETWEEN: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_SHORT: Final = re.compile(rf"({_HAN})({_HAN})(?=$|[（(])")


def bare(name: str) -> str:
    """Without the blanks that people put between the characters of a name to make columns even."""
    return _BETWEEN.sub("", name)


def laid_out(name: str) -> str:
    """As lists print it; what stands in brackets behind a name is left as it is. `bare` gives the name back."""
    return _SHORT.sub(rf"\1{WIDE}\2", name, count=1) if _SHORT.match(name) else name
