"""Dates that a record may have, which excludes typing errors such as the year 20; their reading; months' addition."""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

FIRST_DAY: Final = date(1900, 3, 1)
LAST_DAY: Final = date(2999, 12, 31)

_DIGITS: Final = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "◯": 0,
    **{digit: n for n, digit in enumerate("一二三四五六七八九", 1)},
}
_TENS: Final = {0: ("",), 1: ("十", "一十"), 2: ("二十", "廿"), 3: ("三十", "卅"), 4: ("四十",), 5: ("五十",)}
_COUNTED: Final = {
    tens + unit: 10 * ten + value
    for ten, written in _TENS.items()
    for tens in written
    for value, unit in enumerate(["", *"一二三四五六七八九"])
}
_NUMERAL: Final = re.compile(rf"[{''.join(_DIGITS)}十廿卅]+(?=\s*[年月日号时点分])")
_HALF: Final = r"(?:上午|下午|中午|早上|早晨|凌晨|晚上|晚间|傍晚|全天)"
_CLOCK: Final = (
    r"(?:(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.0+)?)?"
    r"|[时点](?:半|整|(?P<past>[0-9]{1,2})分?)?))"
)
_TIME: Final = rf"(?:\s*{_HALF}\s*{_CLOCK}?|\s*{_CLOCK.replace('?P<', '?P<plain_')})?(?P<zone>Z|[+-]00:?00)?"
_FULL: Final = r"(?P<year>[0-9]{4})\s*[-./年]\s*(?P<month>[0-9]{1,2})\s*[-./月]\s*(?P<day>[0-9]{1,2})"
_SHAPES: Final = tuple(
    re.compile(rf"{shape}\s*{_TIME}", re.ASCII)
    for shape in (
        rf"{_FULL}(?:\s*[日号]|T(?=[0-9])|\s+|(?={_HALF})|$)",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:T(?=[0-9])|\s+|$)",
        r"(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*[日号]",
    )
)
_YEAR_ALONE: Final = re.compile(r"(?:19|20)[0-9]{2}\s*年?|2100\s*年?")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WANTED: Final = "应填日期，如 2020-06-09"


class NoYear(ValueError):
    """A month and a day without a year."""


def read_day(text: str, year: int | None = None) -> date:
    """The day that a text names in one of the shapes of `tests/contract/dates.json`; a time behind it is left out.

    `year`: of a month and a day alone. Errors: NoYear; ValueError with a Chinese message that does not repeat the text.
    """
    written = _NUMERAL.sub(_arabic, unicodedata.normalize("NFKC", text).strip())
    match = next(filter(None, (shape.fullmatch(written) for shape in _SHAPES)), None)
    if match is None:
        alone = _YEAR_ALONE.fullmatch(written)
        raise ValueError(f"只有年份，没有月日；{WANTED}" if alone else WANTED)
    parts = match.groupdict()
    _check_time(parts)
    written_year = parts.get("year")
    if written_year is None and year is None:
        raise NoYear("没有写年份，请写成 2020年6月9日 这样")
    try:
        return date(int(written_year or year or 0), int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise ValueError("没有这一天") from None


def _arabic(numeral: re.Match[str]) -> str:
    """A Chinese numeral in digits: a year digit by digit, 六 and 二十三 as counted; unchanged where it is neither."""
    text = numeral[0]
    if len(text) == 4 and set(text) <= _DIGITS.keys():
        return "".join(str(_DIGITS[digit]) for digit in text)
    return str(_COUNTED.get(text, text))


def _check_time(parts: dict[str, str | None]) -> None:
    limits = {"hour": 24, "minute": 60, "second": 60, "past": 60}
    found = {name: int(parts.get(name) or parts.get(f"plain_{name}") or 0) for name in limits}
    if any(value >= limits[name] for name, value in found.items()):
        raise ValueError(f"日期后面的时刻不对；{WANTED}")
    if parts.get("zone") and any(found.values()):
        raise ValueError("应为日期，不带时区")


def _as_day(value: Any) -> Any:
    """Text that is no `format: date` (RFC 3339) and numbers are refused: pydantic would count seconds since 1970."""
    if isinstance(value, (int, float)) or (isinstance(value, str) and not _ISO.fullmatch(value)):
        raise ValueError(WANTED)
    return _existing(value) if isinstance(value, str) else value


def _existing(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("没有这一天") from None


Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_as_day)]
"""A day in requests and events, in the one shape of the contract; `read_day` is for what people type."""


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day (民法典 Art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
