"""Effective properties of paragraphs, runs and tables: defaults, styles with their base styles, then direct ones."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from lxml import etree

from services.reports.document.reading import W

Properties = Mapping[str, Mapping[str, str]]
"""Attributes by the name of the property; items of lists as `tabs.0`, what is within others as `tblBorders.top`."""

# Merged attribute by attribute; the others are replaced as a whole.
_BY_ATTRIBUTE: Final = {"ind", "spacing", "rFonts", "lang"}
_LISTS: Final = {"tabs", "pBdr"}
_NESTED: Final = {"tblBorders", "tblCellMar", "tcBorders", "tcMar", "numPr"}
_STARTS: Final = {"start": "left", "end": "right", "startChars": "leftChars", "endChars": "rightChars"}


class Styles:
    """The styles part, resolved."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._by_id = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
        self._default = next((id for id, s in self._by_id.items() if _is_default(s)), "")
        self._chains: dict[tuple[str, str, bool], dict[str, dict[str, str]]] = {}

    def of_paragraph(self, direct: Any) -> tuple[str, dict[str, dict[str, str]]]:
        """Id of the style of a paragraph and its properties. `direct`: its w:pPr or None."""
        style = _reference(direct, "pStyle") or self._default
        return style, merge(self._chain(style, "pPr"), attributes(direct))

    def of_run(self, style: str, direct: Any) -> dict[str, dict[str, str]]:
        """`style`: of its paragraph; `direct`: its w:rPr or None."""
        properties = self._chain(style, "rPr")
        if character := _reference(direct, "rStyle"):
            properties = merge(properties, self._chain(character, "rPr", base=False))
        return merge(properties, attributes(direct))

    def of_table(self, direct: Any) -> dict[str, dict[str, str]]:
        """`direct`: its w:tblPr or None. `conditional` is set where its style formats text or single cells."""
        style = _reference(direct, "tblStyle")
        properties = merge(self._chain(style, "tblPr", base=False), attributes(direct))
        if any(
            self._by_id[id].find(f"{W}{name}") is not None for id in self._bases(style) for name in _CELLS
        ):
            properties["conditional"] = {}
        return properties

    def name(self, style: str) -> str:
        """Name of a style as the word processor shows it."""
        named = self._by_id[style].find(f"{W}name") if style in self._by_id else None
        return str(named.get(f"{W}val")) if named is not None else style

    def _bases(self, style: str) -> Iterable[str]:
        """The style and those it is based on; a circle is left where it closes."""
        passed: list[str] = []
        while style in self._by_id and style not in passed:
            passed.append(style)
            style = _reference(self._by_id[style], "basedOn")
        return passed

    def _chain(self, style: str, kind: str, *, base: bool = True) -> dict[str, dict[str, str]]:
        key = (style, kind, base)
        if key not in self._chains:
            default = self._root.find(f"{W}docDefaults/{W}{kind}Default/{W}{kind}") if base else None
            properties = attributes(default)
            for id in reversed(list(self._bases(style))):
                properties = merge(properties, attributes(self._by_id[id].find(f"{W}{kind}")))
            self._chains[key] = properties
        return self._chains[key]


_CELLS: Final = ("tblStylePr", "pPr", "rPr", "trPr", "tcPr")


def local(element: Any) -> str:
    return str(etree.QName(element).localname)


def attributes(element: Any) -> dict[str, dict[str, str]]:
    """Attributes of the child elements by name."""
    properties: dict[str, dict[str, str]] = {}
    for child in element if element is not None else ():
        if not isinstance(child.tag, str):
            continue
        name = local(child)
        properties[name] = values(child)
        if name == "ind":
            properties[name] = {_STARTS.get(side, side): value for side, value in values(child).items()}
        if name in _LISTS:
            properties |= {f"{name}.{n}": values(item) for n, item in enumerate(child)}
        if name in _NESTED:
            properties |= {f"{name}.{_STARTS.get(local(item), local(item))}": values(item) for item in child}
    return properties


def values(element: Any) -> dict[str, str]:
    """Attributes by local name."""
    return {str(etree.QName(name).localname): value for name, value in element.attrib.items()}


def merge(below: Properties, above: Properties) -> dict[str, dict[str, str]]:
    merged = {name: dict(value) for name, value in below.items()}
    for name, value in above.items():
        merged[name] = {**merged.get(name, {}), **value} if name in _BY_ATTRIBUTE else dict(value)
    return merged


def is_on(value: str | None) -> bool:
    """Whether a switch with this `w:val` is set; without a value it is."""
    return value not in {"0", "false", "off", "none"}


def _is_default(style: Any) -> bool:
    return style.get(f"{W}type") == "paragraph" and is_on(style.get(f"{W}default", "0"))


def _reference(element: Any, name: str) -> str:
    """Id of the style that a child element names."""
    named = element.find(f"{W}{name}") if element is not None else None
    return str(named.get(f"{W}val")) if named is not None else ""
