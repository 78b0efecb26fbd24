"""What is told of the look of a run, paragraph, table or section, by its own properties and by its styles.

A closed world: a property that is on no list is told.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from recount.elements import W, local
from recount.properties import BY_STYLE, HARMLESS, HIDDEN, JUDGED, OFF

Looks = Mapping[tuple[str, str], bool]
"""Whether a property is on, by what it does and its name: one that is off does not take away what another does."""


def judged(*parts: Any) -> Looks:
    """The properties of runs, paragraphs, tables, rows, cells, sections or controls. One that is given twice is on
    where it is on once."""
    looks: dict[tuple[str, str], bool] = {}
    for properties in parts:
        for look, on in _judged(properties):
            looks[look] = on or looks.get(look, False)
    return looks


def _judged(properties: Any) -> Iterator[tuple[tuple[str, str], bool]]:
    kind = local(properties.tag)
    kind = "tblPr" if kind == "tblPrEx" else kind
    tests, harmless = JUDGED[kind], HARMLESS.get(kind)
    for element in properties:
        if not isinstance(element.tag, str):
            continue
        name = _name(element.tag)
        if name in tests:
            what, does = tests[name]
            yield (what, f"{kind}/{name}"), does(element)
        elif harmless is not None and name not in harmless:
            yield (f"不认识的属性（{name}）", f"{kind}/{name}"), True


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
        yield from sorted(told(judged(properties)))


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
        self._defaults = judged(*defaults)

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
        return {**below, **judged(*parts), **_only_on(judged(*style.iterfind(f"{W}tblStylePr/*")))}

    def paragraph(self, around: Looks, properties: Any) -> Looks:
        """What is on for a paragraph with these properties, within what is on around it."""
        style = properties.find(f"{W}pStyle") if properties is not None else None
        named = self.of_style(_id(style) if style is not None else self._usual.get("paragraph", ""))
        return _shown(around, named, properties)

    def run(self, around: Looks, properties: Any) -> set[str]:
        """What is on for a run. HIDDEN is what itself says so; what its styles hide is told."""
        style = properties.find(f"{W}rStyle") if properties is not None else None
        shown = told(_shown(around, self.of_style(_id(style)) if style is not None else {}, properties))
        if HIDDEN in shown and (properties is None or HIDDEN not in told(judged(properties))):
            shown = shown - {HIDDEN} | {BY_STYLE}
        return shown


def _id(style: Any) -> str:
    return str(style.get(f"{W}val"))


def _shown(around: Looks, named: Looks, properties: Any) -> Looks:
    own = judged(properties) if properties is not None else {}
    return _only_on({**around, **_only_on(named), **own})


def _only_on(looks: Looks) -> Looks:
    return {look: True for look, on in looks.items() if on}


def told(looks: Looks) -> set[str]:
    """What is on."""
    return {what for (what, _), on in looks.items() if on}
