"""Which bodies report: towns (乡, 民族乡, 镇), which have a People's Congress, until they are abolished, and no
sub-districts (街道) or zones."""

import re
from datetime import date
from typing import Final

_TOWNS: Final = re.compile(r".*(乡|镇|苏木)")
_OTHERS: Final = re.compile(r"街道|街办|办事处|管委会|管理委员会|开发区|人大工委|人大工作委员会|议政代表")
_BRACKETED: Final = re.compile(r"[（(].*?[）)]|\s")


def has_congress(name: str) -> bool:
    """By the name, as the roster registers it; records of before may be of others."""
    plain = _BRACKETED.sub("", name)
    return bool(_TOWNS.fullmatch(plain)) or not _OTHERS.search(plain)


def reports_from(first: date, abolished_on: date | None) -> bool:
    """Whether a town reports on a period that begins on `first`: one that is abolished within it does, on the days it
    had; one that was abolished by then does not."""
    return abolished_on is None or first < abolished_on
