"""Words beside a numeral: those that change it, and any that are neither signed nor known to change nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

_UNITS: Final = sorted(
    (
        *("人次", "万元", "亿元", "个百分点", "千米", "公里", "小时", "分钟", "家次", "户次", "个月"),
        *"名人次件条张票场个项处期户家篇元部份天所位月日年届种类批组级成倍番号页%‰",
    ),
    key=len,
    reverse=True,
)
_AFTER: Final = (
    *("以上", "以下", "以内", "以外", "左右", "上下", "之多", "有余", "不足", "不到", "不止", "未满"),
    *("+", "＋", "?", "？", "*", "…", "（估", "（约", "（大约", "（预计"),
    *("余", "多", "许", "来", "几", "倍", "成", "半", "%", "‰", "分之", "万", "亿", "千", "百", "十"),
)
_BEFORE: Final = sorted(
    (
        *("不足", "不到", "不满", "未满", "未达", "不少于", "不超过", "不低于", "不高于", "不下于", "不止"),
        *("大约", "约为", "将近", "接近", "超过", "超出", "多于", "少于", "高于", "低于", "至少", "至多"),
        *("最多", "最少", "平均", "人均", "百分之", *"数几近约超逾负正第每"),
        *("大概", "可能", "估计", "预计", "号称", "几乎", "差不多", "每组", "每月", "每人", "约合", "共约"),
        *("净增", "增加", "增长", "减少", "下降", "没有", "并非", "最高", "最低"),
        *"（√№﹣‐＋'不",
        *("各", "均", "另", "除", "非", "未", "无", "零", "成", "倍", "折", "差", "仅", "上", "同比", "环比"),
    ),
    key=len,
    reverse=True,
)
_SIGNS: Final = re.compile(r"[\w%‰.,．，+\-−－–—~～±≈<>＜＞≤≥＝=≠/／*×÷^:：#＃$￥¥′″]", re.ASCII)

_ENDS: Final = re.compile(r"[。；：！？\d]")
"""A number, or the end of a sentence: words beyond it are not beside."""
_DENIED: Final = re.compile(
    "没|并非|不是|不再|未(?!来)|取消|否决|拒绝|计划|拟|原定|应当|预期|去年|上年|上届|往年|虚报|如果"
)
_DOUBTED: Final = re.compile(f"{_DENIED.pattern}|不(?!断|仅|但|懈|满意)|无(?!为|党派)|否|停")
_NEUTRAL: Final = re.compile(
    "今年以来|本年度|全年|今年|年内|年度|一共|总共|共计|累计|合计|先后|分别|达到|已经|[共有为达已的了还计、，,]"
    "|认真|积极|深入|实地|扎实|广泛|各项|切实|进一步|依法|本次|此次|目前|现场|实际|因事|人大(?=代表)|组织(?=举办|开展|召开)"
    "|在[^，。；]{2,20}(?:领导|指导|支持|关心|帮助|配合)下"
)
"""Words that may come and go beside a numeral: it states the same without them."""
_STOPS: Final = re.compile("[。；：]")
_SIGNED_BEFORE, _SIGNED_AFTER, _SHOWN = 6, 4, 12
_AHEAD, _BEHIND = "前面", "后面"


@dataclass(frozen=True)
class _Clause:
    """Words on one side of a numeral. `near`: what stands where the signed words stood; `whole`: nothing that was
    signed stood beyond them."""

    signed: str
    stands: str
    near: str
    whole: bool


def change(before: tuple[str, str], after: tuple[str, str]) -> str:
    """What was put beside a numeral, or taken from it, that makes it another; empty where nothing was.

    `before`, `after`: the words on each side, (as signed, as they stand).
    """
    if _left(before[0]) != _left(before[1]):
        return f"前面是“{_told(before[1][-4:])}”，编制时是“{_told(before[0][-4:])}”"
    if _right(after[0]) != _right(after[1]):
        return f"后面是“{_told(after[1][:4])}”，编制时是“{_told(after[0][:4])}”"
    for side, clause in _clauses(before, after):
        denied = _DENIED.search(clause.stands if _DENIED.search(clause.signed) else clause.near)
        if bool(denied) != bool(_DENIED.search(clause.signed)):
            return _differs(side, clause)
    return ""


def reworded(before: tuple[str, str], after: tuple[str, str], further: frozenset[str] | None = None) -> str:
    """What stands beside a numeral that is neither signed nor known to change nothing; empty where nothing is.

    `further`: pairs of characters that may stand ahead of the signed words, where these may be others.
    """
    for side, clause in _clauses(before, after):
        beyond = _beyond(clause, ahead=side == _AHEAD)
        if beyond is None or (beyond if clause.whole else _DOUBTED.search(beyond)):
            return _differs(side, clause)
        if further is not None and side == _AHEAD and not _consists(beyond + clause.signed[:1], further):
            return _differs(side, clause)
    return ""


def denies(text: str) -> bool:
    """Whether words may deny what stands beside them."""
    return bool(_DOUBTED.search(text))


def pairs(text: str) -> Iterator[str]:
    """Each character with the next one."""
    return map("".join, pairwise(text))


def _consists(text: str, of: frozenset[str]) -> bool:
    """Whether each character but the last is in one of the pairs."""
    known = [pair in of for pair in pairs(text)]
    return all(one or last for last, one in pairwise([False, *known]))


def same(stands: str, signed: str) -> bool:
    """Whether two sentences are equal but for words and signs that may come and go."""
    first, second = (_STOPS.sub("", _NEUTRAL.sub("", text)) for text in (stands, signed))
    return first == second


def _clauses(before: tuple[str, str], after: tuple[str, str]) -> Iterator[tuple[str, _Clause]]:
    signed, stands = (_ENDS.split(text)[-1] for text in before)
    whole = signed != before[0] or len(signed) < _SIGNED_BEFORE
    yield _AHEAD, _Clause(signed, stands, stands if whole else stands[-_SIGNED_BEFORE:], whole)
    signed, stands = (_ENDS.split(text)[0] for text in after)
    end = _ENDS.search(after[1])
    if end is not None and end[0].isdigit():  # what stands behind a comma is of the next number
        signed, stands = signed.split("，")[0], stands.split("，")[0]
    whole = signed != after[0] or len(signed) < _SIGNED_AFTER
    yield _BEHIND, _Clause(signed, stands, stands if whole else stands[:_SIGNED_AFTER], whole)


def _beyond(clause: _Clause, *, ahead: bool) -> str | None:
    """What stands beyond the signed words; None where they do not stand there."""
    texts = _of_one_length(clause, ahead=ahead)
    for signed, stands in (texts, tuple(_NEUTRAL.sub("", text) for text in texts)):
        if ahead and stands.endswith(signed):
            return stands[: len(stands) - len(signed)]
        if not ahead and (stands.startswith(signed) or signed.startswith(stands)):
            return stands[len(signed) :]
    return None


def _of_one_length(clause: _Clause, *, ahead: bool) -> tuple[str, str]:
    """As many parts between commas as were signed; after a numeral only that of its unit."""
    if not ahead:
        return clause.signed.split("，")[0], clause.stands.split("，")[0]
    return clause.signed, "，".join(clause.stands.split("，")[-1 - clause.signed.count("，") :])


def _differs(side: str, clause: _Clause) -> str:
    shown = clause.stands[-_SHOWN:] if side == _AHEAD else clause.stands[:_SHOWN]
    return f"{side}是“{_told(shown)}”，编制时是“{_told(clause.signed)}”"


def exchange(signed: str, now: str, others: Iterable[str]) -> str:
    """Words before a numeral that are those of another one in the same text; empty where they are its own.

    `signed`, `others`: the words before this numeral and before the others, as signed.
    """
    own = max(len(_common_end((signed, now))), 1)
    other = max((_common_end((words, now)) for words in others), key=len, default="")
    return f"前面是另一个数字的“{other}”" if len(other) > own else ""


def _common_end(texts: tuple[str, str]) -> str:
    pairs = zip(*(reversed(text) for text in texts), strict=False)
    return texts[0][len(texts[0]) - sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) :]


def _told(text: str) -> str:
    return text.strip() or "空白"


def _left(text: str) -> str:
    """The sign, number or word right before a numeral that changes it."""
    text = text.rstrip()
    if text and (_SIGNS.match(text[-1]) or text[-1].isnumeric()):
        return text[-1]
    return next((word for word in _BEFORE if text.endswith(word)), "")


def _right(text: str) -> tuple[str, str]:
    """The unit after a numeral, else the character there, and the word after the unit that changes it."""
    text = text.lstrip()
    first = next((word for word in _AFTER if text.startswith(word)), "")
    rest = text.removeprefix(first)
    other = rest[:1] if rest[:1].isalnum() or _SIGNS.match(rest) else ""
    unit = next((unit for unit in _UNITS if rest.startswith(unit)), other)
    tail = rest.removeprefix(unit)
    return f"{first}{unit}", next((word for word in _AFTER if tail.startswith(word)), "")
