"""Reader of a Word file: its paragraphs, tables, sections and footers with their effective properties."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

from lxml import etree

from services.reports.document.gbt9704.properties import Properties, Styles, attributes, is_on, local, values
from services.reports.document.reading import W, characters, parse, walk

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LARGEST_PART = 64 * 2**20
_NAME_HEADS = ("姓名", "代表")


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
    """A paragraph of the body, a cell or a footer; `place`: where it is, as a person would say it."""

    style: str
    properties: Properties
    runs: tuple[Text, ...]
    instructions: tuple[str, ...] = ()
    place: str = ""
    drawn: bool = False  # holds a chart or a picture

    @cached_property
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
        return name in self.properties and is_on(self.value(name))

    def twips(self, side: str, character: float = 16.0) -> float:
        """An indent as Word applies it: characters before twips; `hanging` goes before `firstLine` and is negative."""
        indent = self.properties.get("ind", {})
        names = {"hanging": -1, side: 1} if side == "firstLine" else {side: 1}
        for name, sign in names.items():
            if int(indent.get(f"{name}Chars", 0)):
                return sign * int(indent[f"{name}Chars"]) / 100 * character * 20
        for name, sign in names.items():
            if int(indent.get(name, 0)):
                return sign * float(indent[name])
        return 0.0


@dataclass(frozen=True)
class Cell:
    properties: Properties
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        return "".join(paragraph.text for paragraph in self.paragraphs).strip()


@dataclass(frozen=True)
class Row:
    properties: Properties
    cells: tuple[Cell, ...]

    @property
    def head(self) -> bool:
        return "tblHeader" in self.properties and is_on(self.properties["tblHeader"].get("val"))


@dataclass(frozen=True)
class Table:
    """A table; `number`: counted from 1."""

    number: int
    properties: Properties
    rows: tuple[Row, ...]

    def names(self) -> tuple[str, ...]:
        """Names in the first column of a table of people, strip after strip."""
        rows = [[cell.text for cell in row.cells] for row in self.rows]
        head = rows[0] if rows else []
        if not head or head[0] not in _NAME_HEADS:
            return ()
        strips = [place for place, title in enumerate(head) if title == head[0]]
        return tuple(row[place] for place in strips for row in rows[1:] if row[place:] and row[place])


@dataclass(frozen=True)
class Document:
    """The file. `footers`: by section and type (default, even, first); `theme_fonts`: styles and runs that refer to a
    theme font; `roots`: the XML of its parts by name."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Properties, ...]
    footers: tuple[Mapping[str, tuple[Paragraph, ...]], ...]
    tables: tuple[Table, ...]
    settings: frozenset[str]
    theme_fonts: tuple[str, ...]
    roots: Mapping[str, Any] = field(repr=False)


def read(docx: bytes) -> Document:
    """Read a Word file. Errors: Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(docx)) as archive:
            return _Reader(archive).document()
    except (zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise Unreadable(str(error)) from error


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._roots = {
            name: self._part(name)
            for name in archive.namelist()
            if name.startswith("word/") and name.count("/") == 1 and name.endswith(".xml")
        }
        self._styles = Styles(self._roots["word/styles.xml"])

    def _part(self, name: str) -> Any:
        if self._archive.getinfo(name).file_size > _LARGEST_PART:
            raise Unreadable(f"{name} is too large")
        return parse(self._archive.read(name))

    def document(self) -> Document:
        root, settings = self._roots["word/document.xml"], self._roots["word/settings.xml"]
        body = root.find(f"{W}body")
        if body is None:
            raise Unreadable("no body")
        sections = list(body.iter(f"{W}sectPr"))
        outside = (p for p in body.iter(f"{W}p") if not _within(p, "tbl"))
        return Document(
            paragraphs=tuple(self._paragraph(p, f"第{n}段") for n, p in enumerate(outside, 1)),
            sections=tuple(attributes(section) for section in sections),
            footers=tuple(self._footers(sections)),
            tables=tuple(self._table(table, n) for n, table in enumerate(body.iter(f"{W}tbl"), 1)),
            settings=frozenset(local(e) for e in settings if is_on(e.get(f"{W}val"))),
            theme_fonts=tuple(_theme_fonts(self._roots)),
            roots=self._roots,
        )

    def _footers(self, sections: list[Any]) -> Iterator[dict[str, tuple[Paragraph, ...]]]:
        """Footers of each section; one that names none has those of the section before."""
        relations = self._part("word/_rels/document.xml.rels")
        targets = {r.get("Id"): str(r.get("Target")).removeprefix("/word/") for r in relations}
        footers: dict[str, tuple[Paragraph, ...]] = {}
        for section in sections:
            for reference in section.iter(f"{W}footerReference"):
                root = self._roots[f"word/{targets[reference.get(f'{R}id')]}"]
                footers[reference.get(f"{W}type")] = tuple(
                    self._paragraph(p, "页脚") for p in root.iter(f"{W}p")
                )
            yield dict(footers)

    def _table(self, table: Any, number: int) -> Table:
        rows = []
        for down, row in enumerate(_children(table, "tr"), 1):
            cells = tuple(
                Cell(
                    attributes(cell.find(f"{W}tcPr")),
                    tuple(
                        self._paragraph(p, f"第{number}个表格第{down}行第{across}列")
                        for p in _children(cell, "p")
                    ),
                )
                for across, cell in enumerate(_children(row, "tc"), 1)
            )
            rows.append(Row(attributes(row.find(f"{W}trPr")), cells))
        return Table(number, self._styles.of_table(table.find(f"{W}tblPr")), tuple(rows))

    def _paragraph(self, element: Any, place: str) -> Paragraph:
        style, properties = self._styles.of_paragraph(element.find(f"{W}pPr"))
        runs = (child for child in walk(element) if child.tag == f"{W}r")
        return Paragraph(
            style=self._styles.name(style),
            properties=properties,
            runs=tuple(
                Text("".join(map(characters, run)), self._styles.of_run(style, run.find(f"{W}rPr")))
                for run in runs
            ),
            instructions=tuple((e.text or "").strip() for e in element.iter(f"{W}instrText")),
            place=place,
            drawn=next(element.iter(f"{W}drawing", f"{W}pict", f"{W}object"), None) is not None,
        )


def _children(element: Any, name: str) -> Iterator[Any]:
    """Elements of a table of this name, in content controls too, but not those of a table within it."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}:
            yield from _children(child, name)


def _within(element: Any, name: str) -> bool:
    return next(element.iterancestors(f"{W}{name}"), None) is not None


def _theme_fonts(roots: Mapping[str, Any]) -> Iterator[str]:
    for name, root in roots.items():
        if not name.startswith(("word/styles", "word/document", "word/footer")):
            continue
        for fonts in root.iter(f"{W}rFonts"):
            if any(name.endswith("Theme") for name in values(fonts)):
                style = next(fonts.iterancestors(f"{W}style"), None)
                yield style.get(f"{W}styleId") if style is not None else "文字"
