"""Parts beside the text by which Word shows it otherwise: fonts, theme, settings; a part that is not known is one."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from recount.elements import DRAWING, W, local
from recount.package import Package, Relation
from recount.properties import DARK, brightness, is_on, is_symbolic

_ONCE: Final = ("styles", "settings", "fontTable", "theme", "numbering", "footnotes", "endnotes", "comments")
_USUAL_COLOURS: Final = {"t1": "dark1", "bg1": "light1"}
"""Of text and page, by the names of the theme."""
_KNOWN: Final = frozenset(
    (
        *(*_ONCE, "webSettings", "header", "footer", "customXml", "image", "chart", "hyperlink", "people"),
        *("commentsExtended", "commentsIds", "commentsExtensible", "stylesWithEffects", "glossaryDocument"),
        *("diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing"),
        *("keyMapCustomizations", "printerSettings"),
        *("oleObject", "package", "control", "aFChunk", "subDocument"),  # told where they are shown
    )
)  # fmt: skip


def strange(package: Package, relations: Iterable[Relation]) -> Iterator[str]:
    """Errors: NotReadable."""
    kept = list(relations)
    kinds = Counter(relation.kind for relation in kept)
    yield from (f"不认识的部分（{kind}）" for kind in sorted(kinds.keys() - _KNOWN))
    yield from (f"两个同类的部分（{kind}）" for kind in _ONCE if kinds[kind] > 1)
    for relation in kept:
        if relation.outside and relation.kind != "hyperlink":
            yield f"引用文件之外的内容（{relation.kind}）"
        elif relation.kind in _PARTS:
            yield from _PARTS[relation.kind](package.xml(relation.target))


def _fonts(root: Any) -> Iterator[str]:
    """Fonts that come with the file may draw any character, and so may those that stand in for others."""
    for element in root.iter():
        name = local(str(element.tag))
        if name.startswith("embed") and name != "embedSystemFonts":
            yield "嵌入的字体：显示什么读不出"
        elif name == "altName":
            names = str(element.get(f"{W}val")).split(",")
            yield from (f"不认识的替代字体（{one.strip()}）" for one in names if is_symbolic(one.strip()))


def _theme(root: Any) -> Iterator[str]:
    for element in root.iter(f"{DRAWING}latin", f"{DRAWING}ea", f"{DRAWING}cs"):
        if is_symbolic(str(element.get("typeface") or "")):
            yield f"主题中不认识的字体（{element.get('typeface')}）"
    for dark in root.iter(f"{DRAWING}dk1"):
        colours = [str(colour.get("lastClr") or colour.get("val")) for colour in dark]
        if any((brightness(colour) or 0) > DARK for colour in colours):
            yield "主题中看不清的文字颜色"


def _settings(root: Any) -> Iterator[str]:
    for element in root.iter(f"{W}linkStyles"):
        if is_on(element):
            yield "样式取自文件之外的模板"
    for mapping in root.iter(f"{W}clrSchemeMapping"):
        if any(mapping.get(f"{W}{name}", usual) != usual for name, usual in _USUAL_COLOURS.items()):
            yield "换过的主题颜色：文字可能看不清"


def _web(root: Any) -> Iterator[str]:
    yield from ("框架页" for _ in root.iter(f"{W}frameset"))


_PARTS: Final[Mapping[str, Callable[[Any], Iterator[str]]]] = {
    "fontTable": _fonts,
    "theme": _theme,
    "settings": _settings,
    "webSettings": _web,
}
