"""Properties by which Word hides, strikes out, numbers or turns text, given directly or by a style."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from recount.elements import W

_OFF: Final = ("0", "false", "off")
_SYMBOLS: Final = ("wingdings", "webdings", "symbol", "zapf", "mt extra")
_SMALLEST: Final = 8  # half points

HIDDEN: Final = "hidden"
NUMBERED: Final = "自动编号"
_SWITCHES: Final = {
    "vanish": HIDDEN,
    "webHidden": HIDDEN,
    "rtl": "从右到左的文字",
    "strike": "删除线",
    "dstrike": "删除线",
}
_VALUES: Final[Mapping[str, tuple[str, Callable[[str], bool]]]] = {
    "vertAlign": ("上标或者下标", lambda value: value not in ("", "baseline")),
    "color": ("白色的文字", lambda value: value == "ffffff"),
    "sz": ("小到看不见的文字", lambda value: value.isdigit() and int(value) < _SMALLEST),
}
Looks = Mapping[str, bool]


def _looks(properties: Any) -> Iterator[tuple[str, bool]]:
    """(what it does, whether it is on) of w:rPr and w:pPr."""
    for element in () if properties is None else properties:
        name = element.tag.removeprefix(W) if isinstance(element.tag, str) else ""
        value = str(element.get(f"{W}val") or "").lower()
        if name in _SWITCHES:
            yield _SWITCHES[name], value not in _OFF
        elif name in _VALUES:
            what, does = _VALUES[name]
            yield what, does(value)
        elif name == "rFonts":
            names = " ".join(map(str, element.attrib.values())).lower()
            yield "符号字体的字符", any(symbol in names for symbol in _SYMBOLS)
        elif name == "numPr":
            number = element.find(f"{W}numId")
            yield NUMBERED, number is not None and number.get(f"{W}val") != "0"


class Styles:
    """Looks of the styles, those of the styles they are based on included."""

    def __init__(self, root: Any | None) -> None:
        elements = () if root is None else root.iterfind(f"{W}style")
        self._styles: dict[str, Any] = {str(element.get(f"{W}styleId")): element for element in elements}
        self._known: dict[str, Looks] = {}
        defaults = [] if root is None else list(root.iterfind(f"{W}docDefaults/*/*"))
        self._defaults = dict(pair for properties in defaults for pair in _looks(properties))

    def of_style(self, id: str) -> Looks:
        if id not in self._known:
            self._known[id] = {}  # a style that is based on itself ends here
            style = self._styles.get(id)
            looks = self._defaults if style is None else self._own(style)
            self._known[id] = looks
        return self._known[id]

    def _own(self, style: Any) -> Looks:
        base = style.find(f"{W}basedOn")
        below = self.of_style(str(base.get(f"{W}val"))) if base is not None else self._defaults
        parts = (style.find(f"{W}pPr"), style.find(f"{W}rPr"))
        return {**below, **dict(pair for part in parts for pair in _looks(part))}

    def shown(self, around: Iterable[Looks], *properties: Any) -> set[str]:
        """What is on for a run or paragraph with these properties, within what is on `around` it."""
        looks: dict[str, bool] = {}
        for outer in around:
            looks |= {name: True for name, on in outer.items() if on}
        for part in properties:
            style = part.find(f"{W}pStyle") if part is not None else None
            style = part.find(f"{W}rStyle") if part is not None and style is None else style
            if style is not None:
                named = self.of_style(str(style.get(f"{W}val")))
                looks |= {name: True for name, on in named.items() if on}
            looks |= dict(_looks(part))
        return {name for name, on in looks.items() if on}


_HELD: Final = {
    "sdtPr": {"dataBinding": "数据绑定：Word 会用别处的内容替换它"},
    "tcPr": {"vMerge": "合并的单元格", "hMerge": "合并的单元格", "cellDel": "待删除的单元格"},
    "trPr": {"hidden": "隐藏的行"},
    "tblPr": {"bidiVisual": "左右颠倒的表格"},
}


def strange(properties: Any) -> Iterator[str]:
    """Properties of a control, cell, row or table by which Word shows something else than is written."""
    known = _HELD.get(properties.tag.removeprefix(W), {})
    for element in properties:
        if isinstance(element.tag, str):
            name = element.tag.rpartition("}")[2]
            if name in known and str(element.get(f"{W}val") or "").lower() not in _OFF:
                yield known[name]
