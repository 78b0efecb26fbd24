"""What is told of the look of a run, paragraph, table or section, by its own properties and by its styles.

A closed world: a property that is on no list is told.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from recount.elements import W, local
from recount.properties import HARMLESS, JUDGED, OFF

Looks = Mapping[str, bool]


def judged(properties: Any) -> Iterator[tuple[str, bool]]:
    """(what it does, whether it is on) of the properties of a run, paragraph, table, row, cell, section or control."""
    kind = local(properties.tag)
    kind = "tblPr" if kind == "tblPrEx" else kind
    tests, harmless = JUDGED[kind], HARMLESS.get(kind)
    for element in properties:
        if not isinstance(element.tag, str):
            continue
        name = _name(element.tag)
        if name in tests:
            what, does = tests[name]
            yield what, does(element)
        elif harmless is not None and name not in harmless:
            yield f"不认识的属性（{name}）", True


@lru_cache(1000)
def _name(tag: str) -> str:
    if tag.startswith(W):
        return tag.removeprefix(W)
    name = local(tag)
    if name == "dataBinding":  # of Word 2013
        return name
    return f"w14:{name}" if tag.startswith("{http://schemas.microsoft.com/office/word/2010/wordml}") else tag


def strange(properties: Any) -> Iterator[str]:
    """What is on of properties that no style gives."""
    if properties is not None:
        yield from (what for what, on in judged(properties) if on)


class Styles:
    """Looks of the styles, those of the styles they are based on included."""

    def __init__(self, root: Any | None) -> None:
        elements = [] if root is None else list(root.iterfind(f"{W}style"))
        self._styles = {str(element.get(f"{W}styleId")): element for element in elements}
        self._usual = {
            str(element.get(f"{W}type")): str(element.get(f"{W}styleId"))
            for element in elements
            if (element.get(f"{W}default") or "0") not in OFF
        }
        self._known: dict[str, Looks] = {}
        defaults = [] if root is None else list(root.iterfind(f"{W}docDefaults/*/*"))
        self._defaults = dict(pair for properties in defaults for pair in judged(properties))

    def of_style(self, id: str) -> Looks:
        if id not in self._known:
            self._known[id] = {}  # a style that is based on itself ends here
            style = self._styles.get(id)
            looks = self._defaults if style is None else self._own(style)
            self._known[id] = looks
        return self._known[id]

    def of_table(self, properties: Any) -> Looks:
        """What a table's style does to any of its cells."""
        style = properties.find(f"{W}tblStyle") if properties is not None else None
        return self.of_style(_id(style) if style is not None else self._usual.get("table", ""))

    def _own(self, style: Any) -> Looks:
        base = style.find(f"{W}basedOn")
        below = self.of_style(_id(base)) if base is not None else self._defaults
        parts = [part for part in style if _name(str(part.tag)) in JUDGED]
        looks = {**below, **dict(pair for part in parts for pair in judged(part))}
        for part in style.iterfind(f"{W}tblStylePr/*"):
            looks |= {what: True for what, on in judged(part) if on}
        return looks

    def paragraph(self, around: Looks, properties: Any) -> set[str]:
        """What is on for a paragraph with these properties, within what is on around it."""
        style = properties.find(f"{W}pStyle") if properties is not None else None
        named = self.of_style(_id(style) if style is not None else self._usual.get("paragraph", ""))
        return _shown(around, named, properties)

    def run(self, around: Looks, properties: Any) -> set[str]:
        style = properties.find(f"{W}rStyle") if properties is not None else None
        return _shown(around, self.of_style(_id(style)) if style is not None else {}, properties)


def _id(style: Any) -> str:
    return str(style.get(f"{W}val"))


def _shown(around: Looks, named: Looks, properties: Any) -> set[str]:
    looks = {**around, **{what: True for what, on in named.items() if on}}
    looks |= dict(judged(properties)) if properties is not None else {}
    return {what for what, on in looks.items() if on}
