"""The properties of Word that are known: those that change nothing a reader reads, and what the others must not be."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from recount.elements import W, local

HIDDEN: Final = "hidden"
BY_STYLE: Final = "由样式隐藏的文字"
"""Word shows what two styles hide (ECMA-376 part 1, § 17.7.3)."""
NUMBERED: Final = "自动编号"
RAISED: Final = "上标或者下标"
_Does = Callable[[Any], bool]

OFF: Final = ("0", "false", "off", "none", "nil")
DARK: Final = 110  # of 255
LIGHT: Final = 200
_MARKERS: Final = ("none", "yellow", "green", "cyan", "magenta", "red", "lightgray", "darkyellow")
_LATIN_FONTS: Final = (
    *("times", "liberation", "arial", "calibri", "cambria", "courier", "dejavu", "noto s", "noto mono"),
    *("source han", "simsun", "nsimsun", "simhei", "simkai", "simfang", "fangsong", "kaiti", "lisu"),
    *("youyuan", "dengxian", "mingliu", "pmingliu", "microsoft yahei", "microsoft jhenghei"),
    *("microsoft sans", "stfangsong", "stkaiti", "stsong", "stheiti", "stxihei", "stzhongsong", "fz"),
    *("fandol", "wenquanyi", "ar pl", "songti", "heiti", "pingfang", "hiragino", "helvetica"),
    *("ms gothic", "ms pgothic", "ms ui gothic", "ms mincho", "ms pmincho", "ms sans serif", "ms serif"),
    *("georgia", "verdana", "tahoma", "consolas", "aptos", "segoe ui", "lucida", "garamond", "palatino"),
    *("book antiqua", "bookman", "century", "candara", "constantia", "corbel", "franklin", "trebuchet"),
    *("lohit", "mangal", "freese", "freesa", "freemono", "gothic", "batang", "malgun", "meiryo", "yu "),
    *("wps", "hanyi", "nimbus"),
    *("carlito", "caladea", "open sans"),
)  # fmt: skip
_SYMBOLS: Final = ("symbol", "emoji", "dingbat", "icon", "historic", "specialty", "sorts", "barcode", "extra")


def _value(element: Any, name: str = "val") -> str:
    return str(element.get(f"{W}{name}") or "").lower()


def is_on(element: Any) -> bool:
    return _value(element) not in OFF


def _always(_element: Any) -> bool:
    return True


def _outside(low: int, high: int, *names: str) -> _Does:
    """Whether a measure is not a number from `low` to `high`."""

    def does(element: Any) -> bool:
        texts = [_value(element, name) for name in names or ("val",)]
        return not all(between(text, low, high) for text in texts if text)

    return does


def between(text: str, low: int, high: int) -> bool:
    """Whether a text is a number in a range; a text of thousands of digits is none."""
    try:
        return low <= int(text.removesuffix("%")) <= high
    except ValueError:
        return False


@lru_cache(1000)
def is_symbolic(font: str) -> bool:
    """Whether a font may show other characters than are written: one that is not known, in Latin letters."""
    name = font.lower().removeprefix("@")
    if any(symbol in name for symbol in _SYMBOLS):
        return True
    return bool(name) and name.isascii() and not name.startswith(_LATIN_FONTS)


def brightness(colour: str) -> int | None:
    """Of six hexadecimal digits, from 0 to 255."""
    try:
        red, green, blue = bytes.fromhex(colour)
    except ValueError:
        return None
    return (299 * red + 587 * green + 114 * blue) // 1000


def _pale(element: Any) -> bool:
    """A colour that does not stand out from the page, or one by a theme that may be any."""
    theme, tinted = _value(element, "themeColor"), _value(element, "themeTint")
    if theme or tinted:
        return theme not in ("text1", "dark1") or bool(tinted)
    level = brightness(_value(element))
    return _value(element) not in ("auto", "") and (level is None or level > LIGHT)


def _filled(element: Any) -> bool:
    """A ground on which the text does not stand out, or a pattern over it."""
    level, fill = brightness(_value(element, "fill")), _value(element, "fill")
    if _value(element) not in ("clear", "nil", "") or _value(element, "themeFill"):
        return True
    return fill not in ("auto", "") and (level is None or level < DARK)


def _font(element: Any) -> bool:
    named = {
        name: value for name, value in element.attrib.items() if "Theme" not in name and local(name) != "hint"
    }
    return any(map(is_symbolic, map(str, named.values())))


def _painted(element: Any) -> bool:
    """A fill by which the text does not stand out; WPS writes one beside the colour of black text."""
    colours = [child for child in element.iter() if local(child.tag) in ("srgbClr", "schemeClr")]
    values = [next((str(v) for k, v in c.attrib.items() if local(k) == "val"), "") for c in colours]
    plain = all(v in ("tx1", "dk1") or (len(v) == 6 and (brightness(v) or 0) <= LIGHT) for v in values)
    return len(values) != 1 or not plain or any(len(colour) for colour in colours)


def _counted(element: Any) -> bool:
    number = element.find(f"{W}numId")
    return number is not None and _value(number) != "0"


def _renumbered(element: Any) -> bool:
    """Page numbers in other digits, or that do not begin with the first page."""
    written = _value(element, "fmt") not in ("", "decimal", "numberindash")
    return written or _value(element, "start") not in ("", "0", "1") or bool(_value(element, "chapStyle"))


def _off_the_page(element: Any) -> bool:
    """Indents by which text stands beside the page."""
    left, first = (_measure(element, *names) for names in (("left", "start"), ("firstLine",)))
    within = _outside(-600, 6000, "left", "start", "right", "end", "firstLine", "hanging")
    by_characters = _outside(
        -200, 3500, "leftChars", "rightChars", "firstLineChars", "hangingChars", "startChars"
    )
    return within(element) or by_characters(element) or left + first > 8000


def _measure(element: Any, *names: str) -> int:
    text = next((value for value in (_value(element, name) for name in names) if value), "0")
    return int(text) if between(text, -(10**6), 10**6) else 10**6


def _cut(element: Any) -> bool:
    """Lines so narrow that one covers the other."""
    rule, line = _value(element, "lineRule"), _value(element, "line")
    return bool(line) and rule != "atleast" and not between(line, 240 if rule == "exact" else 160, 10**5)


def _squeezed(element: Any) -> bool:
    """A row of a height that its text does not change: what is spaced out of it is not seen."""
    return _value(element, "hRule") == "exact"


def _narrow(least: int) -> _Does:
    return lambda element: (
        _value(element, "type") in ("", "dxa") and not between(_value(element, "w"), least, 10**5)
    )


def _combined(element: Any) -> bool:
    return any(_value(element, name) not in ("", *OFF) for name in ("combine", "vert", "vertCompress"))


def _turned(element: Any) -> bool:
    return _value(element) not in ("lrtb", "lrtbv", "tb", "")


_UNSEEN: Final = "看不清的颜色或者底纹"
_BESIDE: Final = "排到页面之外或者别的文字上"
JUDGED: Final[Mapping[str, Mapping[str, tuple[str, _Does]]]] = {
    "rPr": {
        "vanish": (HIDDEN, is_on),
        "webHidden": ("只在网页上隐藏的文字", is_on),
        **dict.fromkeys(("strike", "dstrike"), ("删除线", is_on)),
        **dict.fromkeys(("emboss", "imprint"), ("浮雕", is_on)),
        "rtl": ("从右到左的文字", is_on),
        "vertAlign": (RAISED, lambda element: _value(element) not in ("", "baseline")),
        "color": (_UNSEEN, _pale),
        "w14:textFill": (_UNSEEN, _painted),
        "highlight": (_UNSEEN, lambda element: _value(element) not in _MARKERS),
        "shd": (_UNSEEN, _filled),
        "sz": ("小到看不见的文字", _outside(8, 200)),
        "szCs": ("小到看不见的文字", _outside(2, 200)),
        "rFonts": ("符号字体或者不认识的字体", _font),
        "w": ("压扁的文字", _outside(50, 200)),
        "spacing": ("叠在一起的文字", _outside(-40, 200)),
        "position": ("上下移动的文字", _outside(-6, 6)),
        "fitText": ("压扁的文字", _always),
        "eastAsianLayout": ("合成一字的文字", _combined),
    },
    "pPr": {
        "numPr": (NUMBERED, _counted),
        "bidi": ("从右到左的文字", is_on),
        "textDirection": ("转向的文字", _turned),
        "shd": (_UNSEEN, _filled),
        "spacing": ("叠在一起的行", _cut),
        "ind": (_BESIDE, _off_the_page),
        "framePr": ("图文框", _always),
    },
    "tblPr": {
        "bidiVisual": ("左右颠倒的表格", is_on),
        "tblpPr": ("浮动的表格", _always),
        "tblInd": (_BESIDE, _outside(-1500, 6000, "w")),
        "tblW": (_BESIDE, lambda element: _value(element, "type") == "dxa" and _narrow(1000)(element)),
        "shd": (_UNSEEN, _filled),
    },
    "trPr": {
        "hidden": ("隐藏的行", is_on),
        "trHeight": ("压扁的行", _squeezed),
        **{name: ("错开的单元格", lambda element: _value(element) != "0") for name in ("gridBefore", "gridAfter")},
    },
    "tcPr": {
        **dict.fromkeys(("vMerge", "hMerge"), ("合并的单元格", is_on)),
        "cellDel": ("待删除的单元格", _always),
        "tcMar": (_BESIDE, lambda element: any(_outside(0, 2000, "w")(side) for side in element)),
        "tcFitText": ("压扁的文字", is_on),
        "textDirection": ("转向的文字", _turned),
        "shd": (_UNSEEN, _filled),
        "tcW": ("过窄的单元格", lambda element: _value(element, "type") == "dxa" and _narrow(200)(element)),
    },
    "sectPr": {
        "lnNumType": ("行号", _always),
        "bidi": ("从右到左的文字", is_on),
        "textDirection": ("转向的文字", _turned),
        "pgNumType": ("改过的页码", _renumbered),
        "pgSz": (_BESIDE, _outside(5000, 40000, "w", "h")),
    },
    "sdtPr": {"dataBinding": ("数据绑定：Word 会用别处的内容替换它", _always)},
}  # fmt: skip

HARMLESS: Final[Mapping[str, frozenset[str]]] = {
    "rPr": frozenset(
        (
            *("rStyle", "b", "bCs", "i", "iCs", "u", "em", "kern", "lang", "noProof", "snapToGrid", "cs"),
            *("effect", "bdr", "shadow", "outline", "caps", "smallCaps", "oMath", "rPrChange", "ins", "del"),
            *("moveFrom", "moveTo", "specVanish", "w14:ligatures", "w14:numForm", "w14:numSpacing"),
            *("w14:cntxtAlts",),
        )
    ),
    "pPr": frozenset(
        (
            *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "suppressLineNumbers"),
            *("pBdr", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct"),
            *("autoSpaceDE", "autoSpaceDN", "adjustRightInd", "snapToGrid", "contextualSpacing"),
            *("mirrorIndents", "suppressOverlap", "jc", "textAlignment", "textboxTightWrap", "outlineLvl"),
            *("divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
        )
    ),
    "tblPr": frozenset(
        (
            *("tblStyle", "tblOverlap", "tblStyleRowBandSize", "tblStyleColBandSize", "jc", "tblCellSpacing"),
            *("tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription"),
            *("tblPrChange", "tblPrExChange"),
        )
    ),
    "trPr": frozenset(
        (
            *("cnfStyle", "divId", "wBefore", "wAfter", "cantSplit", "tblHeader", "tblCellSpacing", "jc"),
            *("ins", "del", "trPrChange"),
        )
    ),
    "tcPr": frozenset(
        (
            *("cnfStyle", "gridSpan", "tcBorders", "noWrap", "vAlign", "hideMark", "headers", "cellIns"),
            *("tcPrChange",),
        )
    ),
    "sectPr": frozenset(
        (
            *("headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgMar", "paperSrc"),
            *("pgBorders", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "rtlGutter"),
            *("docGrid", "printerSettings", "sectPrChange"),
        )
    ),
}  # fmt: skip
