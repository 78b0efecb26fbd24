"""Numbers of headings and dates as official documents write them: 一、 （一） 1. （1） and 2020年12月7日."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.reports.domain import Section

_DIGITS = "零一二三四五六七八九"
_MAX = 99


def chinese(number: int) -> str:
    """1 … 99 in Chinese numerals: 一, 十, 十一, 二十, 九十九."""
    if not 1 <= number <= _MAX:
        raise ValueError(f"no heading is numbered {number}")
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones else "")


def label(level: int, number: int) -> str:
    """The number of a heading with its punctuation (GB/T 9704-2012, 7.3.3)."""
    match level:
        case 1:
            return f"{chinese(number)}、"
        case 2:
            return f"（{chinese(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"
    raise ValueError(f"no heading has the level {level}")


def numbered(sections: Iterable[Section]) -> Iterator[tuple[str, Section]]:
    """Each section with its number by position, "" for one without a heading; a higher level starts the lower anew."""
    counters = [0] * 5
    for section in sections:
        if not section.level or not section.heading:
            yield "", section
            continue
        counters[section.level] += 1
        counters[section.level + 1 :] = [0] * (4 - section.level)
        yield label(section.level, counters[section.level]), section


def date_text(day: date) -> str:
    """Arabic, in full, months and days without a zero in front (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
