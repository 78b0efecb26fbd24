"""The closed world of properties: what is not prescribed for a paragraph or its characters is a deviation."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from services.reports.document.gbt9704.measures import CHARACTERS, SLACK, Deviation, deviation
from services.reports.document.gbt9704.prescribed import BLACK, LINE, RED, Range, Role
from services.reports.document.gbt9704.properties import is_on
from services.reports.document.gbt9704.reading import Paragraph, Text

Values = Mapping[str, str]
Difference = tuple[str, str]  # expected, actual

_FREE: Final = {
    *(
        "pStyle",
        "keepNext",
        "keepLines",
        "rPr",
        "cnfStyle",
        "divId",
        "suppressLineNumbers",
        "suppressAutoHyphens",
    ),
    *("suppressOverlap", "adjustRightInd", "snapToGrid", "outlineLvl", "numPr", "tabs", "pBdr"),
}
_OFF: Final = {
    "pageBreakBefore": "段前分页", "widowControl": "孤行控制", "autoSpaceDE": "中文与西文间自动空隙",
    "autoSpaceDN": "中文与数字间自动空隙", "wordWrap": "", "topLinePunct": "行首标点压缩", "bidi": "从右向左",
    "contextualSpacing": "同样式段间不空", "mirrorIndents": "对称缩进",
}  # fmt: skip
_STATED: Final = {"widowControl", "autoSpaceDE", "autoSpaceDN"}  # on, where nothing is said
_ON: Final = {"kinsoku": "避头尾", "overflowPunct": "标点溢出边界"}
_INDENT: Final = {
    f"{side}{unit}" for side in ("left", "right", "firstLine", "hanging") for unit in ("", "Chars")
}
_SPACING: Final = {
    *(
        "before",
        "after",
        "line",
        "lineRule",
        "beforeLines",
        "afterLines",
        "beforeAutospacing",
        "afterAutospacing",
    ),
}

_RUN_FREE: Final = {
    "rStyle",
    "lang",
    "noProof",
    "snapToGrid",
    "szCs",
    "bCs",
    "iCs",
    "rFonts",
    "color",
    "spacing",
    "sz",
}
_RUN_OFF: Final = {
    "b": "加粗", "i": "倾斜", "caps": "大写", "smallCaps": "小型大写", "strike": "删除线", "dstrike": "双删除线",
    "outline": "空心", "shadow": "阴影", "emboss": "阳文", "imprint": "阴文", "vanish": "隐藏文字",
    "webHidden": "网页中隐藏", "specVanish": "隐藏段落标记", "rtl": "从右向左", "cs": "复杂文种", "oMath": "公式",
}  # fmt: skip
_RUN_VALUES: Final = {
    "u": ("下划线", "none"), "highlight": ("突出显示", "none"), "effect": ("文字效果", "none"),
    "bdr": ("文字边框", "none"), "em": ("着重号", "none"), "vertAlign": ("上下标", "baseline"),
    "w": ("字符缩放", "100"), "position": ("字符升降", "0"), "kern": ("字距调整", "0"),
}  # fmt: skip


def paragraph(subject: Paragraph, role: Role) -> Iterator[Deviation]:
    """Deviations of a paragraph and its runs from what is prescribed for its role."""
    for check, clause in (
        (_position, role.indent_clause or role.clause),
        (_gaps, role.clause),
        (_pitch, role.pitch_clause or role.clause),
        (_switches, role.clause),
        (_rest, role.clause),
        (_content, role.clause),
    ):
        for expected, actual in check(subject, role):
            yield deviation(clause, subject, expected, actual)
    seen: set[tuple[str, str, str]] = set()
    for run in subject.runs:
        for clause, expected, actual in _run(run, role):
            if (clause, expected, actual) not in seen:
                seen.add((clause, expected, actual))
                yield deviation(clause, subject, expected, actual)


def _position(subject: Paragraph, role: Role) -> Iterator[Difference]:
    align = subject.value("jc") or "left"
    if align not in role.align:
        yield _ALIGNMENTS[next(iter(sorted(role.align)))], _ALIGNMENTS.get(align, align)
    for side, name, wanted in (
        ("firstLine", "首行缩进", role.first),
        ("left", "左缩进", role.left),
        ("right", "右缩进", role.right),
    ):
        size = next(iter(role.points), 16)
        actual = subject.twips(side, size)
        if wanted is not None and abs(actual - wanted * size * 20) > SLACK:
            yield f"{name}{wanted:g}字", f"{actual / size / 20:.2g}字"
    for unknown in sorted(subject.properties.get("ind", {}).keys() - _INDENT):
        yield "无其他缩进", unknown


def _gaps(subject: Paragraph, role: Role) -> Iterator[Difference]:
    for side, name, allowed in (("before", "段前", role.before), ("after", "段后", role.after)):
        actual = gap(subject, side)
        if allowed is not None and not allowed[0] <= actual <= allowed[1]:
            yield f"{name}间距{_range(allowed)}磅", f"{actual / 20:g}磅"
        if is_on(subject.value("spacing", f"{side}Autospacing") or "0"):
            yield f"{name}间距固定", "自动"
    for unknown in sorted(subject.properties.get("spacing", {}).keys() - _SPACING):
        yield "无其他间距", unknown


def gap(subject: Paragraph, side: str) -> float:
    """Twips before or after a paragraph; hundredths of a line go before twips, as in Word."""
    lines = float(subject.value("spacing", f"{side}Lines") or 0)
    return lines / 100 * LINE if lines else float(subject.value("spacing", side) or 0)


def _pitch(subject: Paragraph, role: Role) -> Iterator[Difference]:
    pitch, rule = (
        float(subject.value("spacing", "line") or 240),
        subject.value("spacing", "lineRule") or "auto",
    )
    if not role.line:
        if rule != "auto" or pitch != 240:
            yield "单倍行距", f"{rule} {pitch / 20:g}磅"
        return
    low, high = role.line
    if rule != "exact" or not low <= pitch <= high:
        yield f"固定行距{_range(role.line)}磅", f"{rule} {pitch / 20:g}磅"


def _switches(subject: Paragraph, role: Role) -> Iterator[Difference]:
    for name, label in _OFF.items():
        stated = name in subject.properties
        on = is_on(subject.value(name)) if stated else name in _STATED
        if name == "wordWrap":
            if stated and not on and name not in role.free:
                yield "西文不在词中换行", "在词中换行"
        elif on and name not in role.free:
            yield f"不设{label}", "设有"
    for name, label in _ON.items():
        if name in subject.properties and not subject.on(name):
            yield f"设{label}", "未设"
    if subject.value("outlineLvl") not in {None, "9"} and role.outline != int(
        subject.value("outlineLvl") or 9
    ):
        yield "无大纲级别" if role.outline is None else f"大纲级别{role.outline + 1}", f"{subject.level}"


def _rest(subject: Paragraph, role: Role) -> Iterator[Difference]:
    """Values that are harmless, lists that only some roles have, and properties that nobody prescribes."""
    for name, value in subject.properties.items():
        base = name.partition(".")[0]
        if base == "numPr":
            if name == "numPr.numId" and value.get("val") != "0":
                yield "编号写在文字中", "自动编号"
        elif base in {"tabs", "pBdr"}:
            if "." in name and base not in role.free and value.get("val") not in _NOTHING:
                yield "无制表位" if base == "tabs" else "无边框", str(value.get("val"))
        elif base == "shd":
            yield from _shade(value)
        elif base in {"textDirection", "textAlignment", "textboxTightWrap"}:
            if value.get("val") not in {"lrTb", "tb", "auto", "baseline", "none"}:
                yield "横排、基线对齐", str(value.get("val"))
        elif base == "jc" or base in _FREE | _OFF.keys() | _ON.keys() | {"ind", "spacing"}:
            continue
        else:
            yield "无其他段落格式", _named(base)


def _content(subject: Paragraph, role: Role) -> Iterator[Difference]:
    if not (subject.text.strip() or subject.drawn or role.blank or role.name in _MAY_BE_EMPTY):
        yield "无空行", "空行"
    if "\t" in subject.text and "tabs" not in role.free:
        yield "无制表符", "有"
    if "\n" in subject.text and not role.breaks:
        yield "自然换行", "强行换行"
    if subject.drawn and role.name != "图片":
        yield "图在附件中", "文字中有图"


_MAY_BE_EMPTY: Final = {"表格文字", "表头", "页码"}
_NOTHING: Final = {"none", "nil", "clear"}


def _run(run: Text, role: Role) -> Iterator[tuple[str, str, str]]:
    if not run.text:
        return
    clause = role.clause
    checks: tuple[Callable[[Text, Role], Iterator[Difference]], ...] = (_face, _look, _other)
    for check in checks:
        for expected, actual in check(run, role):
            yield clause, expected, actual
    squeeze = float(run.properties.get("spacing", {}).get("val", 0))
    if run.text.strip() and not role.squeeze[0] <= squeeze <= role.squeeze[1]:
        expected = f"每行{CHARACTERS}字" if role.pitch_clause else f"字距{_range(role.squeeze)}磅"
        yield role.pitch_clause or clause, expected, f"字距 {squeeze / 20:g} 磅"


def _face(run: Text, role: Role) -> Iterator[Difference]:
    if not run.text.strip() or role.blank:
        return
    east = run.font("eastAsia")
    if east not in role.fonts:
        yield "、".join(sorted(role.fonts)), str(east)
    for script in ("ascii", "hAnsi", "cs"):
        face = run.font(script)
        if face not in role.latin and not (script == "cs" and face is None):
            yield f"西文字体{'、'.join(sorted(role.latin))}", f"{face}（{script}）"
    if role.points and run.points not in role.points:
        yield f"{'或'.join(f'{size:g}' for size in role.points)}磅", f"{run.points:g}磅"


def _look(run: Text, role: Role) -> Iterator[Difference]:
    colour = run.properties.get("color", {})
    shown = colour.get("val") or "auto"
    if (BLACK if shown == "auto" else shown.upper()) != role.colour or "themeColor" in colour:
        yield "红色" if role.colour == RED else "黑色", colour.get("themeColor") or shown
    for name, label in _RUN_OFF.items():
        if name in run.properties and is_on(run.value(name)):
            yield f"无{label}", "设有"


def _other(run: Text, _: Role) -> Iterator[Difference]:
    for name, value in run.properties.items():
        if name in _RUN_VALUES:
            label, harmless = _RUN_VALUES[name]
            if value.get("val") not in {harmless, *(_NOTHING if harmless == "none" else ())}:
                yield f"无{label}", str(value.get("val") or "设有")
        elif name == "shd":
            yield from _shade(value)
        elif name not in _RUN_FREE and name not in _RUN_OFF:
            yield "无其他字符格式", _named(name)


def _shade(value: Values) -> Iterator[Difference]:
    fill = value.get("fill", "auto")
    if value.get("val") not in {*_NOTHING, None} or fill not in {"auto", "FFFFFF"} or "themeFill" in value:
        yield "无底纹", value.get("themeFill") or fill


def _named(name: str) -> str:
    return _NAMES.get(name, name)


def _range(allowed: Range) -> str:
    low, high = allowed
    return f"{low / 20:g}" if low == high else f"{low / 20:g}至{high / 20:g}"


_NAMES: Final = {
    "framePr": "图文框", "pPrChange": "未接受的格式修订", "rPrChange": "未接受的格式修订", "sectPr": "分节",
    "fitText": "调整宽度", "eastAsianLayout": "双行合一", "ins": "未接受的插入", "del": "未接受的删除",
    "moveFrom": "未接受的移动", "moveTo": "未接受的移动",
}  # fmt: skip
_ALIGNMENTS: Final = {
    "center": "居中", "both": "两端对齐", "left": "居左", "start": "居左", "right": "居右", "end": "居右",
    "distribute": "分散对齐",
}  # fmt: skip
