"""Rules of GB/T 9704-2012; each yields deviations with clause and measured value."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from services.reports.document.gbt9704.letterhead import letterhead
from services.reports.document.gbt9704.measures import SLACK, Deviation, deviation, extent
from services.reports.document.gbt9704.parts import Parts, ideographs
from services.reports.document.gbt9704.prescribed import LINE
from services.reports.document.gbt9704.reading import Paragraph
from shared.chinese import strokes

_TENS = ["", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"]
_NUMERALS = [ten + unit for ten in _TENS for unit in ["", *"一二三四五六七八九"]]
_DATE = re.compile(r"([12]\d{3})年([1-9]\d?)月([1-9]\d?)日")

Rule = Callable[[Parts], Iterator[Deviation]]


def theme(parts: Parts) -> Iterator[Deviation]:
    """No theme fonts, which depend on the reader's Word (5.2.2)."""
    for place in parts.document.theme_fonts:
        yield Deviation("5.2.2", place, "指定字体", "主题字体")


def title(parts: Parts) -> Iterator[Deviation]:
    """2号小标宋, centred, lines of no more than the type area is wide (7.3.1)."""
    heading = parts.title
    if heading is None:
        yield Deviation("7.3.1", "标题", "有标题", "无")
        return
    lines = heading.text.split("\n")
    widths = [ideographs(line) for line in lines]
    if max(widths) > 20:
        yield deviation("7.3.1", heading, "每行不超过20字", f"{max(widths):g} 字")
    if heading.text.endswith(tuple("。，；：！")):
        yield deviation("7.3.1", heading, "末尾无标点", heading.text[-1])
    if any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False)):
        yield deviation("7.3.1", heading, "梯形或菱形", "中间短两头长")


def headings(parts: Parts) -> Iterator[Deviation]:
    """一、 黑体, （一） 楷体, 1. and （1） 仿宋, all 3号, in sequence, indented by two (7.3.3)."""
    counters = [0] * 5
    for paragraph in parts.main:
        level = paragraph.level
        if level is None:
            if _looks_like_heading(paragraph.text):
                yield deviation("7.3.3", paragraph, "标题样式", paragraph.style)
            continue
        if level > 4:
            yield deviation("7.3.3", paragraph, "不超过四层", str(level))
            continue
        if level > 1 and not counters[level - 1]:
            yield deviation("7.3.3", paragraph, f"先有第{level - 1}层", f"第{level}层")
        counters[level] += 1
        counters[level + 1 :] = [0] * (4 - level)
        expected = _number(level, counters[level])
        if not paragraph.text.startswith(expected):
            yield deviation("7.3.3", paragraph, expected, paragraph.text[: len(expected)])
        elif paragraph.text == expected:
            yield deviation("7.3.3", paragraph, "序数后有标题", "无")
        if paragraph.text.endswith(("。", "，", "；", "：")):
            yield deviation("7.3.3", paragraph, "末尾无标点", paragraph.text[-1])


def body(parts: Parts) -> Iterator[Deviation]:
    """The first page has text (7.3.3)."""
    if not parts.body:
        yield Deviation("7.3.3", "正文", "首页有正文", "无")


def signature(parts: Parts) -> Iterator[Deviation]:
    """Name two in from the right, the date under it two further in than the name (7.3.5.2, 7.3.5.4)."""
    if parts.date is None:
        yield Deviation("7.3.5.4", "成文日期", "有", "无")
        return
    yield from _date(parts.date)
    if parts.signature is None:
        yield Deviation("7.3.5.2", "发文机关署名", "有", "无")
        return
    name_start, name_end = extent(parts.signature, parts.width)
    date_start, date_end = extent(parts.date, parts.width)
    character = parts.signature.runs[0].advance * 20
    if abs(date_start - name_start - 2 * character) > 2 * SLACK:
        between = (date_start - name_start) / character
        yield Deviation("7.3.5.2", "成文日期", "首字比署名首字右移二字", f"右移 {between:.1f} 字")
    nearest = (parts.width - max(name_end, date_end)) / character
    if abs(nearest - 2) > 0.15:
        yield Deviation("7.3.5.2", "落款", "右空二字", f"右空 {nearest:.1f} 字")
    if not parts.blank_before_signature:
        yield Deviation("7.3.5.2", "落款", "与正文空一行", "未空")


def annexes(parts: Parts) -> Iterator[Deviation]:
    """Each on a new page under 附件n, listed under the text with the same titles (7.3.4, 7.3.7)."""
    numbered = len(parts.annexes) > 1
    for position, annex in enumerate(parts.annexes, 1):
        expected = f"附件{position}" if numbered else "附件"
        if annex.label.text != expected:
            yield deviation("7.3.7", annex.label, expected, annex.label.text)
        if not annex.label.on("pageBreakBefore"):
            yield deviation("7.3.7", annex.label, "另面编排", "未另面")
        if annex.heading is None:
            yield deviation("7.3.7", annex.label, "有附件标题", "无")
    titles = [annex.heading.text.replace("\n", "") for annex in parts.annexes if annex.heading is not None]
    if titles != parts.listed_annexes:
        yield Deviation("7.3.4", "附件说明", "、".join(titles), "、".join(parts.listed_annexes) or "无")


def annex_notes(parts: Parts) -> Iterator[Deviation]:
    """One line under the text, two in; numbered if several, titles aligned, no stop at the end (7.3.4)."""
    numbered = len(parts.notes) > 1
    for position, note in enumerate(parts.notes, 1):
        first = position == 1
        head = ("附件：" if first else "") + (f"{position}." if numbered else "")
        if not note.text.startswith(head):
            yield deviation("7.3.4", note, head, note.text[: len(head)])
        if note.text.endswith(tuple("。；，、.;")):
            yield deviation("7.3.4", note, "附件名称后无标点", note.text[-1])
        start, titles = (note.twips("left") + note.twips("firstLine")) / 320, note.twips("left") / 320
        for name, wanted, actual in (
            ("左空", 2 if first else 5, start),
            ("名称左空", 6.5 if numbered else 5, titles),
        ):
            if abs(wanted - actual) > 0.1:
                yield deviation("7.3.4", note, f"{name}{wanted:g}字", f"{actual:.1f}字")
        above = LINE if first and not parts.blank_before_notes else 0
        if abs(note.twips_before - above) > SLACK:
            yield deviation(
                "7.3.4", note, "正文下空一行" if first else "各行相接", f"段前{note.twips_before / 20:g}磅"
            )


def stroke_order(parts: Parts) -> Iterator[Deviation]:
    """Names are in stroke order; a suffix in brackets distinguishes namesakes."""
    for table in parts.document.tables:
        names = [name.partition("（")[0].replace("\u3000", "") for name in table.names()]
        for before, after in pairwise(names):
            if strokes.key(before) > strokes.key(after):
                yield Deviation(
                    "姓氏笔画", f"第{table.number}个表格", f"{after}在{before}之前", f"{before}在{after}之前"
                )


RULES: Sequence[Rule] = (
    theme,
    letterhead,
    title,
    headings,
    body,
    signature,
    annexes,
    annex_notes,
    stroke_order,
)


def _number(level: int, number: int) -> str:
    chinese = _NUMERALS[number] if number < len(_NUMERALS) else "?"
    return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def _looks_like_heading(text: str) -> bool:
    return (
        bool(re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）", text))
        and "。" not in text
        and len(text) <= 40
    )


def _date(paragraph: Paragraph) -> Iterator[Deviation]:
    match = _DATE.fullmatch(paragraph.text)
    try:
        valid = match is not None and bool(date(*map(int, match.groups())))
    except ValueError:
        valid = False
    if not valid:
        yield Deviation("7.3.5.4", "成文日期", "如2020年12月7日", paragraph.text)
