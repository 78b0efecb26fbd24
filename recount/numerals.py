"""Numbers in a text, and those exempt from verification: dates, ordinals, numbers of parts, quotations."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_WIDE: Final = str.maketrans("０１２３４５６７８９％．－−", "0123456789%.--")
_MEASURES: Final = "人次|万元|名|人|次|件|条|张|票|场|个|项|处|期|户|家|篇|元|部|份|天|所|位"
_ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%‰]?"
_CHINESE: Final = (
    r"(?<![第零一二三四五六七八九十百千万亿两])(?:[零一二三四五六七八九十百千万亿两]{2,}|十)"
    rf"(?=(?:余|多)?(?:{_MEASURES}))|百分之[零一二三四五六七八九十百点]+"
)
_NUMERAL: Final = re.compile(f"{_ARABIC}|{_CHINESE}")

_WORD: Final = re.compile(r"[\u4e00-\u9fff]")

_DATES: Final = (
    r"(?<!\d)\d{4}(?:[—–~-]\d{4})?年度?",
    r"(?<!\d)\d{1,2}月(?:份|\d{1,2}日)?",
    r"(?<!\d)\d{1,2}日",
    r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)",
    r"(?<!\d)\d{1,2}(?:时(?:\d{1,2}分)?|:\d{2})(?!\d)",
    r"(?<=[（(])\d{4}(?=[）)])",
    r"〔\d{4}〕(?:第)?\d+号",
)
_ORDINALS: Final = (r"第\s*\d+",)
_STRUCTURE: Final = (
    r"^\s*(?:附件：?\s*)?\d{1,3}(?=[.、\t]\D)",
    r"^\s*[（(]\d{1,3}[）)]",
    r"(?:附件|附表|附图|(?<!\w)[表图])\s*\d{1,3}(?![\d.%])",
)
_QUOTED: Final = (r"《[^《》]*》",)
_CONTINUED: Final = re.compile(rf"\d|{_MEASURES}|公里|千米|米|亩|吨|倍|万|亿|[%‰％]")


@dataclass(frozen=True)
class Numeral:
    start: int
    end: int
    text: str


def plain(text: str) -> str:
    """Convert full-width digits and signs to half-width, character by character."""
    return text.translate(_WIDE)


def numerals(text: str) -> list[Numeral]:
    return [Numeral(m.start(), m.end(), m.group()) for m in _NUMERAL.finditer(plain(text))]


def exempt(text: str, names: Iterable[str] = ()) -> dict[str, list[tuple[int, int]]]:
    """Ranges of dates, ordinals, numbers of parts and quotations; `names`: names found in records."""
    narrow = plain(text)
    return {
        "date": list(_spans(_DATES, narrow)),
        "ordinal": list(_spans(_ORDINALS, narrow)),
        "structure": list(_spans(_STRUCTURE, narrow)),
        "quotation": [*_spans(_QUOTED, narrow), *quoted(text, names)],
    }


def _spans(patterns: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        yield from (m.span() for m in re.finditer(pattern, text))


def quoted(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Ranges of names; a name must not continue a number, nor be one with a unit: 11选区 is not in 111选区, and
    修路2 is not in 修路2公里."""
    for name in names:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            begins = at == 0 or not (name[0].isdigit() and text[at - 1].isdigit())
            ends = not (name[-1].isdigit() and _CONTINUED.match(text, end))
            if begins and ends:
                yield at, end
            at = text.find(name, at + 1)


def quotable(values: Iterable[object]) -> set[str]:
    """Texts of records with both a number and words, as documents have them: without the unseen (category Cf)."""
    found: set[str] = set()
    waiting = [values]
    while waiting:
        for value in waiting.pop():
            if isinstance(value, str):
                found.add(value)
            elif isinstance(value, dict):
                waiting.append(value.values())
            elif isinstance(value, list):
                waiting.append(value)
    texts = {_seen(text) for text in found if _WORD.search(text)}
    return {text for text in texts if len(text) > 2 and numerals(text)}


def _seen(text: str) -> str:
    return "".join(one for one in text if unicodedata.category(one) != "Cf")
