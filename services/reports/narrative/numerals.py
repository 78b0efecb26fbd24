"""Amounts in staff's text, without dates, ordinals and titles."""

import re
from typing import Final

_UNITS: Final = "(?:人次|万元|公里|[名人次件条张票场个项处期户家篇元部份天位所倍台辆座])"
_DIGITS: Final = "零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMERAL: Final = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%‰]?"
    rf"|百分之[{_DIGITS}点]+|[两二三四五六七八九]成(?=[以多的，。；、]|$)"
    rf"|(?<!第)[几数][十百千万](?=[余多]?{_UNITS})|(?<!第)[{_DIGITS}]*[十百千万][几来](?={_UNITS})"
    rf"|(?<!第)[{_DIGITS}]{{2,}}(?=[余多]?{_UNITS})|(?<!第)[十百千万](?=[余多]{_UNITS})"
    rf"|(?<=[上近逾约超过])[百千万](?={_UNITS})|[一两二三四五六七八九十几]打(?=[^\W击造开破算好听牢赢扫通压卡响消])"
    rf"|[\u2150-\u218b\u2460-\u249b\u3220-\u3229\u3280-\u3289](?=[余多]?{_UNITS})"
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
