"""How alike two texts are."""

import re
from difflib import SequenceMatcher
from typing import Final

ALIKE: Final = 0.6
_SPACE: Final = re.compile(r"\s")


def plain(text: str) -> str:
    """The text without white space, which word processors change."""
    return _SPACE.sub("", text)


def ratio(first: str, second: str) -> float:
    """0 … 1; 0 for whatever is less than alike."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
