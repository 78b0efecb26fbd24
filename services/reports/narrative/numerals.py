"""Amounts in staff's text, without dates, ordinals and titles."""

import re
from typing import Final

_UNITS: Final = "(?:人次|[名人次件条张票场个项处期户家篇元部份天])"
_NUMERAL: Final = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%‰]?"
    rf"|(?<!第)[零一二两三四五六七八九十百千万亿]{{2,}}(?=[余多]?{_UNITS})|(?<!第)[十百千万](?=[余多]{_UNITS})"
)
_NO_AMOUNT: Final = re.compile(
    r"《[^《》]*》|〔\d{4}〕(?:第)?\d+号|[（(]\d{4}[）)]|\d{4}-\d{1,2}-\d{1,2}|\d{4}年度?"
    r"|\d{1,2}月(?:份|\d{1,2}日)?|\d{1,2}日|\d{1,2}时(?:\d{1,2}分)?|第\d+|^\s*(?:\d{1,2}[.、]|[（(]\d{1,2}[）)])",
    re.MULTILINE,
)
_NARROW: Final = str.maketrans("０１２３４５６７８９％．", "0123456789%.")


def amounts(text: str) -> list[tuple[int, str]]:
    """Position of each number and its text in ASCII digits."""
    text = text.translate(_NARROW)
    excused = {at for match in _NO_AMOUNT.finditer(text) for at in range(*match.span())}
    return [(m.start(), m.group()) for m in _NUMERAL.finditer(text) if m.start() not in excused]
