"""Conversion of a cell: from the value that Excel stored to a value of the column's kind, or an error."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from shared.chinese.numerals import NUMERALS, number_of
from shared.days import FIRST_DAY, LAST_DAY, WANTED, NoYear, read_day
from shared.workbook.model import MANY, Column, ColumnKind

MAX_TEXT: Final = 5_000
_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_NAMES: Final = re.compile(r"[、，,；;\n]+")
_LINES: Final = re.compile(r"[；;\n]+")
_NOTED: Final = re.compile(r"(.+?)(?:[（(]([^（()）]*)[）)])?", re.DOTALL)
_OUTSIDE: Final = re.compile(r"[、，,；;\n]+(?![^（(]*[）)])")
_ERRORS: Final = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_FLAGS: Final = {
    **dict.fromkeys(("是", "√", "✓", "✔", "☑", "有", "对", "已"), True),
    **dict.fromkeys(("否", "×", "✗", "✘", "☒", "无", "不是", "没有", "未"), False),
}
_LONG_NUMBER: Final = re.compile(r"[0-9０-９]{10,}[Xx]?")
_MOBILE: Final = re.compile("1[3-9][0-9]{9}")
"""Of a mobile number in a cell that Excel takes for a number nothing is lost; of others a zero in front may be."""
_AS_TEXT: Final = "请先把单元格格式设为“文本”，再重新输入"
_SCIENTIFIC: Final = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]{1,3}")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_ORDINAL: Final = re.compile(
    rf"第?(?P<number>[0-9]{{1,4}}|[{NUMERALS}]{{1,5}})(?P<counter>[^\W\d{NUMERALS}]{{2}}小组|小组|组|届|次|年度?|号|步|期|人次?|名|票|张|户|件|篇|条|元|个)"
)
_SEVERAL: Final = {
    "names": "，可以有几项，用顿号隔开",
    "noted": "，写在姓名后的括号里",
    "people": "，写在姓名后的括号里",
}
_WANTED: Final[Mapping[ColumnKind, str]] = {
    "text": "文字",
    "integer": "整数",
    "number": "编号：整数或者文号",
    "date": "日期，如 2020-06-09",
    "choice": "规定的词",
    "flag": "是或者否",
    "names": "用顿号隔开的几项",
    "numbers": "整数，可以有几个，用顿号隔开",
    "lines": "文字，每项一行",
    "noted": "姓名，后面括号里写事由",
    "people": "姓名，用顿号隔开，或者“全体”",
}
EPOCH: Final = date(1899, 12, 30)
_FIRST_SERIAL: Final = date(1949, 10, 1)
"""A number that Excel counts as an earlier day is taken for one typed as such: 2017 is a year, not 1905-07-09."""


class CellError(ValueError):
    """A cell's value does not fit its column. The message is Chinese."""


class YearMissing(CellError):
    """A month and a day without a year, which the other dates of the sheet may tell."""


def plain(text: str) -> str:
    """The text in NFKC without whitespace, for comparison."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def value_of(column: Column, raw: Any, *, year: int | None = None, epoch: date = EPOCH) -> Any:
    """The value of a cell. `year`: of a month and a day without one; `epoch`: the day from which the workbook counts
    its dates. Errors: CellError, YearMissing."""
    if blank(raw):
        if column.required:
            raise CellError("必填，不能空着")
        return () if column.kind in MANY else None
    return _date(raw, year, epoch) if column.kind == "date" else _READERS[column.kind](column, raw)


def ordinal(column: Column, text: str) -> int | None:
    """The number of a text such as 第一小组, 第十七届, 2020年 or 3组, where the column's header counts in that word."""
    match = _ORDINAL.fullmatch(plain(text).translate(_DIGITS))
    if match is None or not set(match["counter"]) & set(column.header):
        return None
    return number_of(match["number"])


def shown(raw: Any) -> str:
    """What stands in a cell, about as Excel shows it; for messages, thus shortened and without long numbers."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and math.isfinite(raw) and raw == int(raw):
        raw = int(raw)
    if isinstance(raw, datetime):
        raw = raw.date() if raw.time() == time() else raw.strftime("%Y-%m-%d %H:%M")
    return short(str(raw))


def wanted(column: Column) -> str:
    """What belongs in the cells of a column."""
    if column.choices:
        words = "、".join(column.choices)
        return f"{words}{_SEVERAL.get(column.kind, '之一')}"
    return _WANTED[column.kind]


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        raise CellError("应填文字，读到的是逻辑值（TRUE/FALSE）")
    if isinstance(raw, (int, float)) and _MOBILE.fullmatch(f"{raw:.15g}"):
        return str(int(raw))
    if isinstance(raw, (int, float)):
        raise CellError(f"应填文字，读到的是数字（可能已经丢失位数）：{_AS_TEXT}")
    if not isinstance(raw, str):
        raise CellError(f"应填文字，读到的是日期或时间：{_AS_TEXT}")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip().translate(_DIGITS)
    if len(text) > MAX_TEXT:
        raise CellError(f"文字超过 {MAX_TEXT} 字")
    if text.startswith("#") and plain(text) in _ERRORS:
        raise CellError("单元格是公式错误值")
    if _SCIENTIFIC.fullmatch(text):
        raise CellError(f"读到的是科学记数法的数字，位数已经丢失：{_AS_TEXT}")
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in text):
        raise CellError("含有看不见的控制字符，请删除后重新输入")
    return text


def _integer(column: Column, raw: Any) -> int:
    if isinstance(raw, str):
        text = "".join(raw.split()).translate(_DIGITS)
        if (number := ordinal(column, text)) is not None:
            return number
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise CellError(f"应填整数，读到的是“{short(raw)}”")
        return int(text)
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise CellError("应填整数")
    if not math.isfinite(raw) or abs(raw) >= 1e9:
        raise CellError("数字过大")
    if raw != int(raw):
        raise CellError(f"应填整数，读到的是 {raw}")
    if raw < 0:
        raise CellError(f"不能是负数，读到的是 {int(raw)}")
    return int(raw)


def _number(column: Column, raw: Any) -> int | str:
    text = _text(raw) if isinstance(raw, str) else ""
    if text and not re.fullmatch(r"[0-9]{1,9}", text):
        number = ordinal(column, text) if text.startswith("第") else None
        return text if number is None else number
    return _integer(column, raw)


def _people(column: Column, raw: Any) -> str:
    """The text as it stands; a number alone stands for a line of the printed sheet."""
    return _text(raw) if isinstance(raw, (str, bool)) else str(_integer(column, raw))


def _date(raw: Any, year: int | None, epoch: date) -> date:
    if isinstance(raw, str):
        day = _written(raw, year)
    elif isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        if day < _FIRST_SERIAL:
            raise CellError(_mistyped((day - epoch).days, f"，Excel 显示为 {day.isoformat()}"))
    elif isinstance(raw, (int, float)) and not isinstance(raw, bool):
        day = _counted(raw, year)
    else:
        raise CellError(WANTED)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CellError(f"日期超出范围：{day.isoformat()}")
    return day


def _written(text: str, year: int | None) -> date:
    try:
        return read_day(text, year)
    except NoYear as error:
        raise YearMissing(f"{error}，读到的是“{short(text)}”") from None
    except ValueError as error:
        raise CellError(f"{error}，读到的是“{short(text)}”") from None


def _counted(number: float, year: int | None) -> date:
    """The day of a number without a date format: 20200609, or a day counted as Excel does."""
    if 10_000_000 <= number <= 99_999_999 and number == int(number):
        return _written(str(int(number)), year)
    if not (_FIRST_SERIAL - EPOCH).days <= number < 110_000 or number != int(number):
        raise CellError(_mistyped(number))
    return EPOCH + timedelta(days=int(number))


def _mistyped(number: float, shown: str = "") -> str:
    whole = math.isfinite(number) and number == int(number) and abs(number) < 1e15
    year = "，只有年份，没有月日" if whole and 1900 <= number <= 2100 else ""
    return f"{WANTED}，读到的是数字 {int(number) if whole else number}{shown}{year}"


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    flag = _FLAGS.get(plain(_text(raw)))
    if flag is None:
        raise CellError("应填“是”或“否”")
    return flag


def _chosen(column: Column, word: str) -> str:
    text = plain(word)
    for choice, code in (*column.choices.items(), *column.former.items()):
        if plain(choice) == text:
            return code
    raise CellError(f"“{short(word)}”不在可选之列：{'、'.join(column.choices)}")


def _names(column: Column, text: str) -> tuple[str, ...]:
    names = _parts(_NAMES, text)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise CellError(f"“{short(twice)}”写了两次")
    return tuple(_chosen(column, name) for name in names) if column.choices else names


def _noted(column: Column, part: str) -> tuple[str, str | None]:
    match = _NOTED.fullmatch(part)
    if match is None:
        raise CellError(f"“{short(part)}”应写成“姓名（事由）”")
    name, note = match.group(1).strip(), (match.group(2) or "").strip()
    if not note:
        return name, None
    return name, _chosen(column, note) if column.choices else note


def _parts(separators: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in separators.split(text) if part.strip())


def short(text: str, limit: int = 20) -> str:
    """The text for a message: at most `limit` characters, without long numbers."""
    text = discreet(" ".join(text.split()))
    return text if len(text) <= limit else f"{text[:limit]}…"


def discreet(message: str) -> str:
    """The message without numbers of ten or more digits: phone and identity card numbers occur in any column."""
    return _LONG_NUMBER.sub("…", message)


_READERS: Final[Mapping[ColumnKind, Callable[[Column, Any], Any]]] = {
    "text": lambda _, raw: _text(raw),
    "integer": _integer,
    "number": _number,
    "flag": lambda _, raw: _flag(raw),
    "choice": lambda column, raw: _chosen(column, _text(raw)),
    "names": lambda column, raw: _names(column, _text(raw)),
    "numbers": lambda column, raw: _names(column, _people(column, raw)),
    "people": _people,
    "lines": lambda _, raw: _parts(_LINES, _text(raw)),
    "noted": lambda column, raw: tuple(_noted(column, part) for part in _parts(_OUTSIDE, _text(raw))),
}
