"""Rules of GB/T 9704-2012; each yields deviations with clause and measured value."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from services.reports.document.gbt9704.letterhead import letterhead
from services.reports.document.gbt9704.measures import (
    FANGSONG,
    HEITI,
    KAITI,
    MM,
    SLACK,
    SONGTI,
    XIAOBIAOSONG,
    Deviation,
    extent,
    font,
    where,
)
from services.reports.document.gbt9704.parts import Parts, ideographs
from services.reports.document.gbt9704.reading import Paragraph
from shared.chinese import strokes

_HEADING_FONTS = {1: HEITI, 2: KAITI, 3: FANGSONG, 4: FANGSONG}
_TENS = ["", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"]
_NUMERALS = [ten + unit for ten in _TENS for unit in ["", *"一二三四五六七八九"]]
_DATE = re.compile(r"([12]\d{3})年([1-9]\d?)月([1-9]\d?)日")

Rule = Callable[[Parts], Iterator[Deviation]]


def page(parts: Parts) -> Iterator[Deviation]:
    """A4 with a type area of 156 × 225 mm: margins 37, 35, 28 and 26 mm (5.1, 5.2.1)."""
    if not parts.document.sections:
        yield Deviation("5.1", "页面", "有节属性", "无")
    for section in parts.document.sections:
        size, margins = section.get("pgSz", {}), section.get("pgMar", {})
        measured = [("宽", size.get("w"), 210.0), ("高", size.get("h"), 297.0)]
        measured += [
            (name, margins.get(side), expected)
            for name, side, expected in (
                ("上", "top", 37.0),
                ("下", "bottom", 35.0),
                ("左", "left", 28.0),
                ("右", "right", 26.0),
            )
        ]
        for name, twips, expected in measured:
            mm = float(twips or 0) / MM
            if abs(mm - expected) > 0.2:
                yield Deviation("5.2.1", f"页面{name}", f"{expected:g} mm", f"{mm:.1f} mm")
        if int(margins.get("gutter", 0)):
            yield Deviation("5.2.1", "装订线", "0", margins["gutter"])


def grid(parts: Parts) -> Iterator[Deviation]:
    """22 lines of 28 characters fill the type area (5.2.3)."""
    for section in parts.document.sections:
        lines = section.get("docGrid", {})
        if (
            lines.get("type") not in {"lines", "linesAndChars"}
            or not 575 <= int(lines.get("linePitch", 0)) <= 583
        ):
            yield Deviation("5.2.3", "网格", "lines 579", f"{lines.get('type')} {lines.get('linePitch')}")
    for paragraph in parts.body:
        pitch, rule = float(paragraph.value("spacing", "line") or 240), paragraph.value("spacing", "lineRule")
        if rule != "exact" or int(225 * MM / pitch) != 22:
            yield Deviation("5.2.3", where(paragraph), "每面22行", f"{rule} {pitch / 20:g} 磅")
        for run in paragraph.runs[:1]:
            if int(156 * MM / 20 / run.advance + 1e-6) != 28:
                yield Deviation("5.2.3", where(paragraph), "每行28字", f"字距 {run.advance:g} 磅")


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
    yield from font("7.3.1", heading, XIAOBIAOSONG, 22)
    if heading.value("jc") != "center" or heading.twips("firstLine"):
        yield Deviation("7.3.1", where(heading), "居中", heading.value("jc") or "未居中")
    lines = heading.text.split("\n")
    widths = [ideographs(line) for line in lines]
    if max(widths) > 20:
        yield Deviation("7.3.1", where(heading), "每行不超过20字", f"{max(widths):g} 字")
    if any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False)):
        yield Deviation("7.3.1", where(heading), "梯形或菱形", "中间短两头长")


def subtitle(parts: Parts) -> Iterator[Deviation]:
    """3号楷体, centred: practice of reports to a congress, not in the standard."""
    for line in parts.subtitle:
        yield from font("7.3.1", line, KAITI, 16)
        if line.value("jc") != "center" or line.twips("firstLine"):
            yield Deviation("7.3.1", where(line), "居中", line.value("jc") or "未居中")


def addressee(parts: Parts) -> Iterator[Deviation]:
    """Flush left, a full-width colon at the end (7.3.2)."""
    to = parts.addressee
    if to is not None and (to.twips("firstLine") or to.twips("left") or to.value("jc") == "center"):
        yield Deviation("7.3.2", where(to), "居左顶格", "有缩进")


def headings(parts: Parts) -> Iterator[Deviation]:
    """一、 黑体, （一） 楷体, 1. and （1） 仿宋, all 3号, in sequence, indented by two (7.3.3)."""
    counters = [0] * 5
    for paragraph in parts.main:
        level = paragraph.level
        if level is None:
            if _looks_like_heading(paragraph.text):
                yield Deviation("7.3.3", where(paragraph), "标题样式", paragraph.style)
            continue
        if level > 4:
            yield Deviation("7.3.3", where(paragraph), "不超过四层", str(level))
            continue
        if level > 1 and not counters[level - 1]:
            yield Deviation("7.3.3", where(paragraph), f"先有第{level - 1}层", f"第{level}层")
        counters[level] += 1
        counters[level + 1 :] = [0] * (4 - level)
        expected = _number(level, counters[level])
        if not paragraph.text.startswith(expected):
            yield Deviation("7.3.3", where(paragraph), expected, paragraph.text[: len(expected)])
        if paragraph.text.endswith(("。", "，", "；", "：")):
            yield Deviation("7.3.3", where(paragraph), "末尾无标点", paragraph.text[-1])
        yield from font("7.3.3", paragraph, _HEADING_FONTS[level], 16)
        yield from _indent(paragraph)


def body(parts: Parts) -> Iterator[Deviation]:
    """3号仿宋, every paragraph begins two characters in (5.2.2, 7.3.3)."""
    if not parts.body:
        yield Deviation("7.3.3", "正文", "首页有正文", "无")
    for paragraph in parts.body:
        yield from font("5.2.2", paragraph, FANGSONG, 16)
        yield from _indent(paragraph)


def page_numbers(parts: Parts) -> Iterator[Deviation]:
    """— 1 — in 4号宋体, right on odd pages and left on even ones, one character in (7.5)."""
    if "evenAndOddHeaders" not in parts.document.settings:
        yield Deviation("7.5", "页码", "单双页不同", "相同")
    for kind, side, name in (("default", "right", "单页"), ("even", "left", "双页")):
        footer = parts.document.footers.get(kind)
        if footer is None:
            yield Deviation("7.5", f"{name}页码", "有", "无")
            continue
        if not re.fullmatch(r"— ?\d+ ?—", footer.text) or not any(
            i.split()[0] == "PAGE" for i in footer.instructions if i
        ):
            yield Deviation("7.5", f"{name}页码", "— 1 —", footer.text)
        if (footer.value("jc") or "left") not in ({"right", "end"} if side == "right" else {"left", "start"}):
            yield Deviation(
                "7.5", f"{name}页码", f"居{'右' if side == 'right' else '左'}", footer.value("jc") or "left"
            )
        if abs(footer.twips(side, 14) - 280) > SLACK:
            yield Deviation("7.5", f"{name}页码", "空一字", f"{footer.twips(side, 14) / 280:g} 字")
        yield from font("7.5", footer, SONGTI, 14, latin=SONGTI)
    for section in parts.document.sections:
        if "titlePg" in section:
            yield Deviation("7.5", "首页页码", "与其他页相同", "首页不同")


def signature(parts: Parts) -> Iterator[Deviation]:
    """Name two in from the right, the date under it two further in than the name (7.3.5.2, 7.3.5.4)."""
    if parts.date is None:
        yield Deviation("7.3.5.4", "成文日期", "有", "无")
        return
    yield from _date(parts.date)
    if parts.signature is None:
        yield Deviation("7.3.5.2", "发文机关署名", "有", "无")
        return
    yield from font("7.3.5.2", parts.signature, FANGSONG, 16)
    yield from font("7.3.5.4", parts.date, FANGSONG, 16)
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
    """Each on a new page under 附件n in 3号黑体, listed under the text with the same titles (7.3.4, 7.3.7)."""
    numbered = len(parts.annexes) > 1
    for position, (label, heading) in enumerate(parts.annexes, 1):
        expected = f"附件{position}" if numbered else "附件"
        if label.text != expected:
            yield Deviation("7.3.7", where(label), expected, label.text)
        if not label.on("pageBreakBefore"):
            yield Deviation("7.3.7", where(label), "另面编排", "未另面")
        if label.twips("firstLine") or label.twips("left"):
            yield Deviation("7.3.7", where(label), "顶格", "有缩进")
        yield from font("7.3.7", label, HEITI, 16)
        if heading is None or heading.value("jc") != "center":
            yield Deviation("7.3.7", where(heading or label), "附件标题居中", "未居中")
    titles = [heading.text.replace("\n", "") for _, heading in parts.annexes if heading is not None]
    if titles != parts.listed_annexes:
        yield Deviation("7.3.4", "附件说明", "、".join(titles), "、".join(parts.listed_annexes))


def tables(parts: Parts) -> Iterator[Deviation]:
    """The header row of a table is repeated on every page."""
    for number in parts.document.headless_tables:
        yield Deviation("8", f"第{number}个表格", "表头每页重复", "不重复")


def stroke_order(parts: Parts) -> Iterator[Deviation]:
    """Names are in stroke order; a suffix in brackets distinguishes namesakes."""
    for number, written in parts.document.name_lists:
        names = [name.partition("（")[0].replace("\u3000", "") for name in written]
        for before, after in pairwise(names):
            if strokes.key(before) > strokes.key(after):
                yield Deviation(
                    "姓氏笔画", f"第{number}个表格", f"{after}在{before}之前", f"{before}在{after}之前"
                )


RULES: Sequence[Rule] = (
    page, grid, theme, letterhead, title, subtitle, addressee, headings, body, page_numbers, signature, annexes, tables,
    stroke_order,
)  # fmt: skip


def _number(level: int, number: int) -> str:
    chinese = _NUMERALS[number] if number < len(_NUMERALS) else "?"
    return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def _looks_like_heading(text: str) -> bool:
    return (
        bool(re.match(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）", text))
        and "。" not in text
        and len(text) <= 40
    )


def _indent(paragraph: Paragraph) -> Iterator[Deviation]:
    if abs(paragraph.twips("firstLine") - 640) > SLACK or paragraph.twips("left"):
        yield Deviation("7.3.3", where(paragraph), "左空二字", f"{paragraph.twips('firstLine') / 320:g} 字")


def _date(paragraph: Paragraph) -> Iterator[Deviation]:
    match = _DATE.fullmatch(paragraph.text)
    try:
        valid = match is not None and bool(date(*map(int, match.groups())))
    except ValueError:
        valid = False
    if not valid:
        yield Deviation("7.3.5.4", "成文日期", "如2020年12月7日", paragraph.text)
