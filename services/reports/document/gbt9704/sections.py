"""Rules for pages: paper, margins, grid, columns, page numbers, headers."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from services.reports.document.gbt9704.measures import MM, SLACK, Deviation
from services.reports.document.gbt9704.parts import Parts
from services.reports.document.gbt9704.properties import is_on
from services.reports.document.gbt9704.reading import Paragraph

Values = Mapping[str, str]
Section = Mapping[str, Values]
_SIDES: Final = (("上", "top", 37.0), ("下", "bottom", 35.0), ("左", "left", 28.0), ("右", "right", 26.0))
_KNOWN: Final = {
    *(
        "headerReference",
        "footerReference",
        "pgSz",
        "pgMar",
        "pgNumType",
        "cols",
        "docGrid",
        "type",
        "titlePg",
    ),
    *(
        "formProt",
        "rsidR",
        "rsidSect",
        "paperSrc",
        "rtlGutter",
        "noEndnote",
        "vAlign",
        "textDirection",
        "bidi",
    ),
}
_VALUES: Final = {
    "vAlign": ("页面内容靠上", {"top"}),
    "textDirection": ("横排", {"lrTb"}),
    "type": ("下一页分节", {"nextPage"}),
    "bidi": ("从左向右", {"0", "false", "off"}),
}
_NUMBER: Final = re.compile(r"— ?\d+ ?—")
_FIELD: Final = re.compile(r"PAGE(\s+\\\*\s*(MERGEFORMAT|Arabic))?", re.IGNORECASE)


def sections(parts: Parts) -> Iterator[Deviation]:
    """A4 with a type area of 156 × 225 mm, one column, a grid of 22 lines (5.1, 5.2)."""
    if not parts.document.sections:
        yield Deviation("5.1", "页面", "有节属性", "无")
    for number, section in enumerate(parts.document.sections, 1):
        place = f"第{number}节" if len(parts.document.sections) > 1 else ""
        for clause, where, expected, actual in _section(section, first=number == 1):
            yield Deviation(clause, where, expected, actual, place)


def _section(section: Section, *, first: bool) -> Iterator[tuple[str, str, str, str]]:
    yield from _paper(section.get("pgSz", {}), section.get("pgMar", {}))
    yield from _grid(section.get("docGrid", {}), section.get("cols", {}))
    yield from _numbering(section.get("pgNumType", {}), first=first)
    if "titlePg" in section and is_on(section["titlePg"].get("val")):
        yield "7.5", "首页页码", "与其他页相同", "首页不同"
    for name, (expected, allowed) in _VALUES.items():
        if name in section and section[name].get("val", "on") not in allowed:
            yield "5.2", "页面", expected, section[name].get("val", "on")
    for name in section:
        if name not in _KNOWN:
            yield "5.2", "页面", "无其他页面设置", _NAMES.get(name, name)


def _grid(grid: Values, columns: Values) -> Iterator[tuple[str, str, str, str]]:
    kind, pitch, characters = grid.get("type"), int(grid.get("linePitch", 0)), int(grid.get("charSpace", 0))
    if kind not in {"lines", "linesAndChars"} or not 575 <= pitch <= 583:
        yield "5.2.3", "网格", "lines 579", f"{kind} {pitch}"
    if characters > 0 or (kind == "lines" and characters):
        yield "5.2.3", "字符网格", "每行28字", f"charSpace {characters}"
    if columns.get("num", "1") != "1" or is_on(columns.get("sep", "0")):
        yield "5.2", "分栏", "一栏，无分隔线", f"{columns.get('num', '1')}栏"


def _numbering(numbers: Values, *, first: bool) -> Iterator[tuple[str, str, str, str]]:
    if numbers.get("fmt", "decimal") not in {"decimal", "numberInDash"}:
        yield "7.5", "页码格式", "阿拉伯数字", numbers["fmt"]
    if numbers.get("start", "1") != "1" or (not first and "start" in numbers):
        yield "7.5", "页码", "从1起连续编排", f"从{numbers['start']}起"
    if numbers.keys() - {"fmt", "start"}:
        yield "7.5", "页码格式", "只有页码", "带章节号"


def _paper(size: Values, margins: Values) -> Iterator[tuple[str, str, str, str]]:
    measured = [("宽", size.get("w"), 210.0), ("高", size.get("h"), 297.0)]
    measured += [(name, margins.get(side), expected) for name, side, expected in _SIDES]
    for name, twips, expected in measured:
        mm = float(twips or 0) / MM
        if abs(mm - expected) > 0.2:
            yield "5.2.1", f"页面{name}", f"{expected:g} mm", f"{mm:.1f} mm"
    if float(margins.get("gutter", 0)):
        yield "5.2.1", "装订线", "0", margins["gutter"]
    if size.get("orient", "portrait") != "portrait":
        yield "5.1", "纸张方向", "纵向", "横向"


def page_numbers(parts: Parts) -> Iterator[Deviation]:
    """— 1 — in 4号宋体, 7 mm below the type area, right on odd pages and left on even ones, one character in (7.5)."""
    if "evenAndOddHeaders" not in parts.document.settings:
        yield Deviation("7.5", "页码", "单双页不同", "相同")
    for section, footers in zip(parts.document.sections, parts.document.footers, strict=True):
        for kind, side, name in (("default", "right", "单页"), ("even", "left", "双页")):
            footer = footers.get(kind, ())
            if len(footer) != 1:
                yield Deviation("7.5", f"{name}页码", "一行", f"{len(footer)}行" if footer else "无")
            for line in footer[:1]:
                for expected, actual in _page_number(line, side, section.get("pgMar", {})):
                    yield Deviation("7.5", f"{name}页码", expected, actual, "页脚")


def _page_number(line: Paragraph, side: str, margins: Values) -> Iterator[tuple[str, str]]:
    fields = [instruction for instruction in line.instructions if instruction]
    if not _NUMBER.fullmatch(line.text) or not fields or not all(map(_FIELD.fullmatch, fields)):
        yield "— 1 —", " ".join([line.text, *fields]) or "无"
    alignment = {"start": "left", "end": "right"}.get(line.value("jc") or "left", line.value("jc") or "left")
    if alignment != side:
        yield f"居{'右' if side == 'right' else '左'}", alignment
    for edge in ("left", "right"):
        wanted = 280 if edge == side else 0
        if abs(line.twips(edge, 14) - wanted) > SLACK:
            yield "空一字" if wanted else "另一侧不缩进", f"{line.twips(edge, 14) / 280:g} 字"
    pitch = float(line.value("spacing", "line") or 240)
    below = float(margins.get("bottom", 0)) - float(margins.get("footer", 0)) - pitch / 2
    if abs(below / MM - 7) > 0.5:
        yield "一字线在版心下边缘之下7 mm", f"{below / MM:.1f} mm"


_NAMES: Final = {
    "pgBorders": "页面边框", "lnNumType": "行号", "sectPrChange": "未接受的格式修订", "footnotePr": "脚注设置",
    "endnotePr": "尾注设置", "printerSettings": "打印机设置",
}  # fmt: skip
