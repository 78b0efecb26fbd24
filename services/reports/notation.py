"""Official Chinese notation of numerals, dates and lists (GB/T 15835-2011), of sessions, groups and suggestions."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from services.reports.events_in import Group, Session, Suggestion

_DIGITS = "零一二三四五六七八九"
_HALVES = {"H1": "上半年", "H2": "下半年"}


_RANK = re.compile(r"乡镇|(?<![城集市])镇")


def ranked(text: str, rank: str) -> str:
    """The program's own words about a 镇 as those about a 乡 or 苏木, whose organs have that name (地方组织法).

    Never for words of a record: a name keeps its 镇.
    """
    return text if rank == "镇" else _RANK.sub(rank, text)


def rank_of(town_name: str) -> str:
    """乡, 苏木 or 镇, by the name (地方组织法: 乡、民族乡、镇)."""
    return next((rank for rank in ("苏木", "乡") if town_name.endswith(rank)), "镇")


def numeral(n: int) -> str:
    """A Chinese numeral: 7 → 七, 17 → 十七, 20 → 二十, 105 → 一百零五.

    From 1000 on digits: no office counts so far, but a slip of the hand must not keep a year from closing.
    """
    if not 0 <= n < 1000:
        return str(n)
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not n else "")


def quarter_text(number: int) -> str:
    return f"第{numeral(number)}季度"


def day_text(day: date) -> str:
    """6月9日, without the year."""
    return f"{day.month}月{day.day}日"


def days_text(first: date, last: date | None) -> str:
    """6月9日, or 6月9日至10日 where there is a last day."""
    if last is None:
        return day_text(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{day_text(first)}至{last.day}日"
    return f"{day_text(first)}至{day_text(last) if first.year == last.year else full_day_text(last)}"


def dated(day: date, years: range) -> str:
    """A day in a text about calendar years: without the year only where they are one and it is the day's."""
    return day_text(day) if len(years) == 1 and day.year in years else full_day_text(day)


def full_day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def period_text(name: str) -> str:
    """The name of a period in words: 2020年, 2020年上半年, 2020年第三季度, from day to day, 第十七届."""
    if "--" in name:
        return "至".join(full_day_text(date.fromisoformat(day)) for day in name.split("--"))
    year, _, part = name.partition("-")
    if year == "term":
        return f"第{numeral(int(part))}届"
    if part.startswith("Q"):
        return f"{year}年{quarter_text(int(part[1:]))}"
    return f"{year}年{_HALVES.get(part, '')}"


def enumeration(items: Sequence[str]) -> str:
    """甲、乙和丙; with 以及 where an item contains 和 or 、."""
    if len(items) < 2:
        return "".join(items)
    last = "以及" if any("和" in item or "、" in item for item in items) else "和"
    return "、".join(items[:-1]) + last + items[-1]


def congress_name(congress_number: int | None) -> str:
    return f"第{numeral(congress_number)}届人民代表大会" if congress_number else "人民代表大会"


def session_name(session: Session) -> str:
    """第十七届人民代表大会第七次会议."""
    congress = congress_name(session.congress_number)
    return (
        f"{congress}第{numeral(session.session_number)}次会议"
        if session.session_number
        else f"{congress}会议"
    )


def group_name(group: Group) -> str:
    return group.name or f"第{numeral(group.number or 0)}代表小组"


def suggestion_name(suggestion: Suggestion) -> str:
    """3号 关于修路的建议."""
    number = f"{suggestion.number}号 " if suggestion.number is not None else ""
    return f"{number}{suggestion.title}"


def quarter_of(day: date) -> int:
    return (day.month - 1) // 3 + 1


def quarter_end(year: int, number: int) -> date:
    """The last day of a quarter."""
    return date(year + number // 4, number * 3 % 12 + 1, 1) - timedelta(days=1)


def quarters(first: date, last: date) -> list[tuple[int, int]]:
    """Year and number of every quarter that has a day between the two."""
    begun, over = (day.year * 4 + quarter_of(day) - 1 for day in (first, last))
    return [(n // 4, n % 4 + 1) for n in range(begun, over + 1)]


def quarter_names(quarters: Sequence[tuple[int, int]], *, with_year: bool) -> list[str]:
    """第三季度, or 2019年第三季度 with the year."""
    return [(f"{year}年" if with_year else "") + quarter_text(number) for year, number in quarters]


def units_text(lead: str, co_units: Sequence[str]) -> str:
    """Units that handle a suggestion: the lead, and those that do with it."""
    return f"{lead}（会办：{'、'.join(co_units)}）" if co_units else lead
