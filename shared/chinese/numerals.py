"""Chinese numerals up to 9999, as they are written in ordinals: 十七, 二十, 一百零三, 二〇二〇."""

from typing import Final

_DIGITS: Final = {
    digit: value
    for value, digits in enumerate(("〇零○", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for digit in digits
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
NUMERALS: Final = "".join([*_DIGITS, *_UNITS])


def number_of(text: str) -> int | None:
    """The number of a numeral, or of digits; None where it is neither."""
    if text.isascii() and text.isdecimal():
        return int(text)
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
