"""Texts that are a whole number: digits, and Chinese numerals up to 9999 as in ordinals: 十七, 一百零三, 二〇二〇."""

import re
from typing import Final

_DIGITS: Final = {
    digit: value
    for value, digits in enumerate(("〇零○", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for digit in digits
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
NUMERALS: Final = "".join([*_DIGITS, *_UNITS])
_WHOLE: Final = re.compile(r"[0-9]{1,15}")


def whole(text: str) -> int | None:
    """The number that is written with at most 15 of the digits 0 to 9 alone; None for any other text, also for what
    int() takes besides (² is a digit, ٣ is decimal) and for the thousands of digits that it refuses."""
    return int(text) if _WHOLE.fullmatch(text) else None


def number_of(text: str) -> int | None:
    """The number of a numeral, or of digits; None where it is neither."""
    if (number := whole(text)) is not None:
        return number
    if not text or set(text) - set(NUMERALS):
        return None
    if not set(text) & set(_UNITS):
        return int("".join(str(_DIGITS[digit]) for digit in text))
    total, digit, last = 0, None, 10_000
    for character in text:
        if character in _UNITS:
            unit = _UNITS[character]
            if unit >= last or digit == 0:
                return None
            total, digit, last = total + (digit or 1) * unit, None, unit
        elif digit not in (None, 0):
            return None
        else:
            digit = _DIGITS[character]
    return total + (digit or 0)
