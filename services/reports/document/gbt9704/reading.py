"""Reader of a Word file: paragraphs and runs with their effective properties."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from services.reports.document.reading import W, characters, parse, walk

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LARGEST_PART = 64 * 2**20

# Properties merged attribute by attribute; the others are replaced as a whole.
_BY_ATTRIBUTE = {"ind", "spacing", "rFonts", "lang"}
_LISTS = {"tabs", "pBdr"}
_NAME_HEADS = ("姓名", "代表")
Properties = Mapping[str, Mapping[str, str]]


class Unreadable(ValueError):
    """Not a Word file, or one whose XML cannot be parsed."""


@dataclass(frozen=True)
class Text:
    """A run: its text and its effective properties."""

    text: str
    properties: Properties

    def value(self, name: str) -> str | None:
        return self.properties.get(name, {}).get("val")

    def font(self, script: str) -> str | None:
        return self.properties.get("rFonts", {}).get(script)

    @property
    def points(self) -> float:
        return float(self.value("sz") or 20) / 2

    @property
    def advance(self) -> float:
        """Points from one ideograph to the next."""
        return self.points + float(self.properties.get("spacing", {}).get("val", 0)) / 20


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body outside tables, or of a footer."""

    style: str
    properties: Properties
    runs: tuple[Text, ...]
    instructions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def level(self) -> int | None:
        """Outline level of a heading, 1 … 4, else None."""
        outline = self.value("outlineLvl")
        return None if outline is None or int(outline) > 8 else int(outline) + 1

    def value(self, name: str, attribute: str = "val") -> str | None:
        return self.properties.get(name, {}).get(attribute)

    def nested(self, name: str) -> list[Mapping[str, str]]:
        """Items of a list property: tab stops, borders."""
        return [value for key, value in self.properties.items() if key.startswith(f"{name}.")]

    @property
    def twips_before(self) -> float:
        return float(self.value("spacing", "before") or 0)

    def on(self, name: str) -> bool:
        """Whether a switch such as keepNext is set."""
        return name in self.properties and self.value(name) not in {"0", "false", "off"}

    def twips(self, side: str, character: float = 16.0) -> float:
        """An indent as Word applies it: characters before twips; `hanging` is negative for `firstLine`."""
        indent = self.properties.get("ind", {})
        names = {side: 1, "hanging": -1} if side == "firstLine" else {side: 1}
        for name, sign in names.items():
            if int(indent.get(f"{name}Chars", 0)):
                return sign * int(indent[f"{name}Chars"]) / 100 * character * 20
            if int(indent.get(name, 0)):
                return sign * float(indent[name])
        return 0.0


@dataclass(frozen=True)
class Document:
    """The file; `theme_fonts`: styles and runs that refer to a theme font."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Properties, ...]
    footers: Mapping[str, Paragraph]  # by type: default, even, first
    settings: frozenset[str]
    theme_fonts: tuple[str, ...]
    headless_tables: tuple[int, ...]  # those whose first row is not repeated, counted from 1
    name_lists: tuple[
        tuple[int, tuple[str, ...]], ...
    ] = ()  # tables whose rows are people: which, and their names


def read(docx: bytes) -> Document:
    """Read a Word file. Errors: Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(docx)) as archive:
            return _Reader(archive).document()
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise Unreadable(str(error)) from error


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._styles = self._part("word/styles.xml")
        self._by_id = {style.get(f"{W}styleId"): style for style in self._styles.iter(f"{W}style")}
        self._default = next(
            (
                id
                for id, s in self._by_id.items()
                if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") == "1"
            ),
            "",
        )
        self._chains: dict[tuple[str, str], dict[str, dict[str, str]]] = {}

    def _part(self, name: str) -> Any:
        if self._archive.getinfo(name).file_size > _LARGEST_PART:
            raise Unreadable(f"{name} is too large")
        return parse(self._archive.read(name))

    def document(self) -> Document:
        root = self._part("word/document.xml")
        body = root.find(f"{W}body")
        if body is None:
            raise Unreadable("no body")
        tables = list(body.iter(f"{W}tbl"))
        sections = list(body.iter(f"{W}sectPr"))
        return Document(
            paragraphs=tuple(self._paragraph(p) for p in body.iter(f"{W}p") if not _within(p, "tbl")),
            sections=tuple(_attributes(section) for section in sections),
            footers=self._footers(sections[-1]) if sections else {},
            settings=frozenset(_local(e) for e in self._part("word/settings.xml") if _is_on(e)),
            theme_fonts=tuple(_theme_fonts(self._styles, root)),
            headless_tables=tuple(n for n, table in enumerate(tables, 1) if not _has_head(table)),
            name_lists=tuple((n, names) for n, table in enumerate(tables, 1) if (names := _names(table))),
        )

    def _footers(self, section: Any) -> dict[str, Paragraph]:
        targets = {r.get("Id"): r.get("Target") for r in self._part("word/_rels/document.xml.rels")}
        footers: dict[str, Paragraph] = {}
        for reference in section.iter(f"{W}footerReference"):
            root = self._part(f"word/{targets[reference.get(f'{R}id')]}")
            paragraphs = [self._paragraph(p) for p in root.iter(f"{W}p")]
            footers[reference.get(f"{W}type")] = next(
                (p for p in paragraphs if p.text or p.instructions), paragraphs[0]
            )
        return footers

    def _paragraph(self, element: Any) -> Paragraph:
        direct = element.find(f"{W}pPr")
        named = direct.find(f"{W}pStyle") if direct is not None else None
        style = named.get(f"{W}val") if named is not None else self._default
        runs = (child for child in walk(element) if child.tag == f"{W}r")
        name = self._by_id[style].find(f"{W}name") if style in self._by_id else None
        return Paragraph(
            style=name.get(f"{W}val") if name is not None else style,
            properties=_merge(self._chain(style, "pPr"), _attributes(direct)),
            runs=tuple(self._run(run, style) for run in runs),
            instructions=tuple((e.text or "").strip() for e in element.iter(f"{W}instrText")),
        )

    def _run(self, element: Any, style: str) -> Text:
        direct = element.find(f"{W}rPr")
        character = direct.find(f"{W}rStyle") if direct is not None else None
        properties = self._chain(style, "rPr")
        if character is not None:
            properties = _merge(properties, self._chain(character.get(f"{W}val"), "rPr", base=False))
        return Text("".join(map(characters, element)), _merge(properties, _attributes(direct)))

    def _chain(self, style: str, kind: str, *, base: bool = True) -> dict[str, dict[str, str]]:
        """Properties of a style with its base styles and the defaults."""
        key = (style, kind)
        if key not in self._chains:
            element = self._by_id.get(style)
            parent = element.find(f"{W}basedOn") if element is not None else None
            if parent is not None:
                below = self._chain(parent.get(f"{W}val"), kind, base=base)
            else:
                default = self._styles.find(f"{W}docDefaults/{W}{kind}Default/{W}{kind}") if base else None
                below = _attributes(default)
            self._chains[key] = _merge(
                below, _attributes(element.find(f"{W}{kind}") if element is not None else None)
            )
        return self._chains[key]


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _attributes(element: Any) -> dict[str, dict[str, str]]:
    """Attributes of child elements by name; items of lists as `tabs.0`, `pBdr.0`."""
    if element is None:
        return {}
    properties = {}
    for child in element:
        if isinstance(child.tag, str):
            properties[_local(child)] = _values(child)
            if _local(child) in _LISTS:
                properties |= {f"{_local(child)}.{n}": _values(item) for n, item in enumerate(child)}
    return properties


def _values(element: Any) -> dict[str, str]:
    return {str(etree.QName(name).localname): value for name, value in element.attrib.items()}


def _merge(below: Properties, above: Properties) -> dict[str, dict[str, str]]:
    merged = {name: dict(value) for name, value in below.items()}
    for name, value in above.items():
        merged[name] = {**merged.get(name, {}), **value} if name in _BY_ATTRIBUTE else dict(value)
    return merged


def _is_on(element: Any) -> bool:
    return element.get(f"{W}val") not in {"0", "false", "off"}


def _within(element: Any, name: str) -> bool:
    return next(element.iterancestors(f"{W}{name}"), None) is not None


def _has_head(table: Any) -> bool:
    row = table.find(f"{W}tr")
    return row is not None and row.find(f"{W}trPr/{W}tblHeader") is not None


def _names(table: Any) -> tuple[str, ...]:
    """Names in the first column of a table of people, strip after strip."""
    rows = [["".join(cell.itertext()).strip() for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
    head = rows[0] if rows else []
    if not head or head[0] not in _NAME_HEADS:
        return ()
    strips = [place for place, title in enumerate(head) if title == head[0]]
    return tuple(row[place] for place in strips for row in rows[1:] if row[place])


def _theme_fonts(*roots: Any) -> Iterator[str]:
    for root in roots:
        for fonts in root.iter(f"{W}rFonts"):
            if any(name.endswith("Theme") for name in fonts.attrib):
                style = next(fonts.iterancestors(f"{W}style"), None)
                yield style.get(f"{W}styleId") if style is not None else _local(root)
