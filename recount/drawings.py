"""What drawings, equations and charts show: their texts, pictures by digest, and data of charts."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from recount.elements import (
    CHART,
    DESCRIBED,
    DRAWING,
    GRAPHIC,
    MEASURES,
    RELATIONS,
    STRANGE,
    TEXTS,
    W,
    local,
    namespace,
)
from recount.package import Package, Relation
from recount.properties import LIGHT, between, brightness

_FORMATS: Final = ("0", "General", "")
_OF_VALUES: Final = ("dLbls", "dLbl", "valAx")
_OF_CHARTS: Final = {"chartStyle", "chartColorStyle", "themeOverride"}
_ADDED_TO_SERIES: Final = (
    *("dispUnits", "userShapes", "f15", "dlblFieldTable", "trendline", "errBars", "dTable", "dPt"),
    *("min", "max", "logBase"),
)
_SHOWN_LABELS: Final = ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize")
_NOT_DRAWN: Final = ("shapetype", "oMath", "oMathPara")
_LEAST, _MOST = 360_000, 36_000_000  # a centimetre, a metre
_LINKED: Final = ("hyperlink",)
_SHOWN_AS: Final = {"aFChunk", "subDocument", "oleObject", "control", "package", "frame"}


@dataclass
class Picture:
    """A picture or a chart. `digest`: SHA-256 of a picture's bytes; `shows`: caption, labels and values of a chart."""

    place: str = ""
    described: str = ""
    digest: str = ""
    shows: list[Any] | None = None


@dataclass
class Drawn:
    """`inner`: elements of WordprocessingML within the drawing."""

    texts: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    inner: list[Any] = field(default_factory=list)


class Reader:
    """Reads drawings of one part of a package."""

    def __init__(self, package: Package, relations: Iterable[Relation]) -> None:
        self._package = package
        self._relations = {relation.id: relation for relation in relations}

    def read(self, element: Any) -> Drawn:
        drawn = Drawn()
        described: list[str] = []
        self._walk(element, drawn, described)
        drawn.strange += _placed(element, drawn)
        described = list(dict.fromkeys(described))
        if drawn.pictures and described:
            drawn.pictures[0].described = described[0]
            described = described[1:]
        drawn.texts += described
        return drawn

    def _walk(self, element: Any, drawn: Drawn, described: list[str]) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag in STRANGE:
            drawn.strange.append(STRANGE[tag])
        if namespace(tag) == W:
            drawn.inner.append(element)
        elif namespace(tag) not in GRAPHIC:
            drawn.strange.append(f"不认识的内容（{local(tag)}）")
        else:
            self._graphic(element, drawn, described)

    def _graphic(self, element: Any, drawn: Drawn, described: list[str]) -> None:
        name = local(element.tag)
        if element.tag in TEXTS:
            drawn.texts.append(element.text or "")
        elif (element.text or "").strip() and name not in MEASURES:
            drawn.strange.append(f"不认识的文字（{name}）")
        for name, value in element.attrib.items():
            if name in DESCRIBED and value.strip():
                described.append(str(value))
            elif name == "string" and value.strip():
                drawn.texts.append(str(value))  # v:textpath
            elif name.startswith(RELATIONS):
                self._related(str(value), drawn)
        for child in element:
            self._walk(child, drawn, described)

    def _related(self, id: str, drawn: Drawn) -> None:
        relation = self._relations.get(id)
        if relation is None or relation.kind in _LINKED:
            return
        if relation.outside or relation.kind in _SHOWN_AS:
            drawn.strange.append(f"引用文件之外或者嵌入的内容（{relation.kind}）")
        elif relation.kind == "image":
            content = self._package.read(relation.target)
            drawn.pictures.append(Picture(digest=hashlib.sha256(content).hexdigest()))
        elif relation.kind == "chart":
            drawn.pictures.append(Picture(shows=chart(self._package.xml(relation.target))))
            others = {r.kind for r in self._package.relations(relation.target)} - _OF_CHARTS
            drawn.strange += (f"图上另加的内容（{kind}）" for kind in sorted(others))
        elif relation.kind.startswith("diagram"):
            root = self._package.xml(relation.target)
            drawn.texts += [text.text for text in root.iter(f"{DRAWING}t") if (text.text or "").strip()]
        else:
            drawn.strange.append(f"不认识的内容（{relation.kind}）")


def chart(root: Any) -> list[Any]:
    """[caption, labels, values] of a chart of one series that shows nothing else; else everything, in another shape."""
    series = [_series(element) for element in root.iter(f"{CHART}ser")]
    loose = list(_loose(root))
    return series[0] if len(series) == 1 and not loose else [series, loose]


def _series(element: Any) -> list[Any]:
    labels, values = _points(element.find(f"{CHART}cat")), _points(element.find(f"{CHART}val"))
    return ["".join(_points(element.find(f"{CHART}tx"))), labels, [_number(value) for value in values]]


def _points(element: Any) -> list[str]:
    """Texts in the order of their indexes."""
    if element is None:
        return []
    points = sorted(element.iter(f"{CHART}pt"), key=lambda point: str(point.get("idx") or "").zfill(9))
    texts = [point.findtext(f"{CHART}v") or "" for point in points]
    return texts or [text.text or "" for text in element.iter(f"{CHART}v", f"{DRAWING}t")]


def _number(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


def _loose(root: Any) -> Iterator[str]:
    """What a chart shows beside the caption, the labels and the values of its series, or hides of them."""
    for element in root.iter():
        if isinstance(element.tag, str):
            name, value = local(element.tag), element.get("val")
            around = [local(parent.tag) for parent in element.iterancestors()]
            if _unusual(name, value) or _unseen(name, value, around):
                yield f"{name} {value}"
            else:
                yield from _written(element, name, around)


def _written(element: Any, name: str, around: list[str]) -> Iterator[str]:
    text = element.text or ""
    loose = {"t": bool(text.strip()), "v": not _of_series(around), "formatCode": text not in _FORMATS}
    if loose.get(name):
        yield text
    elif name == "numFmt" and around[0] in _OF_VALUES:
        yield from {str(element.get("formatCode"))}.difference(_FORMATS)


def _unusual(name: str, value: str | None) -> bool:
    """Another kind of chart, another scale, other labels than the values, or anything added to a series."""
    if name in _SHOWN_LABELS or name == "showVal":
        return value != ("1" if name == "showVal" else "0")
    return name in _ADDED_TO_SERIES or (name.endswith("Chart") and name != "barChart")


def _of_series(around: list[str]) -> bool:
    return "ser" in around and any(name in around for name in ("tx", "cat", "val")) and "extLst" not in around


def _unseen(name: str, value: str | None, around: list[str]) -> bool:
    """Whether bars or labels do not stand out from the page."""
    if name == "noFill":
        return around[:2] == ["spPr", "ser"] or "txPr" in around
    text_or_bar = "txPr" in around or around[:3] == ["solidFill", "spPr", "ser"]
    return text_or_bar and (
        name == "schemeClr" or (name == "srgbClr" and (brightness(value or "") or 0) > LIGHT)
    )


def _placed(element: Any, drawn: Drawn) -> Iterator[str]:
    """What is strange of the place of a drawing: it may cover text, or be too small to be seen."""
    name = local(element.tag)
    if name == "anchor" or "absolute" in str(element.get("style")):
        yield "浮动的图形：可能盖住文字"
    elif name not in _NOT_DRAWN and not (drawn.pictures or drawn.texts or drawn.inner):
        yield "没有内容的图形：可能盖住文字"
    for extent in (child for child in element if drawn.pictures and local(child.tag) == "extent"):
        if not all(between(str(extent.get(side)), _LEAST, _MOST) for side in ("cx", "cy")):
            yield "小到看不见，或者大到放不下的图"
