"""Blocks of an uploaded file in their order: paragraphs with their marks, tables with their cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.reports.document.edited.words import Words, chosen
from services.reports.document.gbt9704.properties import local
from services.reports.document.reading import W
from shared.chinese.numerals import whole

_NUMERAL: Final = re.compile(r"f_\d+_")
_HEADING: Final = re.compile(
    r"(?P<one>[一二三四五六七八九十]+、)|(?P<two>（[一二三四五六七八九十]+）)|(?P<three>\d+[.．])|(?P<four>（\d+）)"
)
_ENDS: Final = tuple("。；，：！？、")
_LONGEST: Final = 60  # characters of a heading
_NAMED: Final = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A paragraph of the file, or a table.

    `marks`: bookmarks of paragraphs that begin in it, or, where it `goes_on`, the one whose end is yet to come;
    `slugs`: names of its numerals; `tags`: tags of its content controls; `level`: of a heading by its style; `aside`:
    what stands in it and is no text; `rows`: cells of a table; `unfit`: why it cannot be kept in the text.
    """

    text: str
    style: str = ""
    marks: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    level: int | None = None
    aside: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    unfit: str = ""
    goes_on: bool = False

    @property
    def begins(self) -> bool:
        """Whether a paragraph of the report begins in it; its end may be anywhere, where half of it was moved."""
        return bool(self.marks) and not self.goes_on

    @property
    def heading(self) -> bool:
        """Whether it looks like a heading: by its style, or by number and length."""
        if self.rows:
            return False
        if self.level is not None:
            return bool(self.text) and len(self.text) < 2 * _LONGEST and "。" not in self.text[:-1]
        number = _HEADING.match(self.text)
        numbered = number is not None and number.lastgroup in ("one", "two")
        return numbered and len(self.text) < _LONGEST and not self.text.endswith(_ENDS)

    @property
    def depth(self) -> int | None:
        """Level of a heading by its number, else by its style."""
        number = _HEADING.match(self.text)
        return ("one", "two", "three", "four").index(str(number.lastgroup)) + 1 if number else self.level

    @property
    def bare(self) -> str:
        """A heading without its number and a stop behind it."""
        return _HEADING.sub("", self.text, count=1).strip().rstrip("".join(_ENDS))


class Blocks:
    """Reader of a body that tracks bookmarks. Whatever holds paragraphs is opened: nothing ends the reading."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._open: dict[str, str] = {}
        self._latest = ""  # the paragraph whose bookmark began last

    def lines(self, body: Any) -> list[Line]:
        lines: list[Line] = []
        joined = False
        for line, goes_on in self._blocks(body):
            continues = joined and bool(lines) and not line.rows
            lines.append(_merged(lines.pop(), line) if continues else line)
            joined = goes_on
        return lines

    def _blocks(self, container: Any) -> Iterator[tuple[Line, bool]]:
        """Lines, and whether the end of the paragraph is deleted, so that the next one continues it."""
        for child in container:
            if not isinstance(child.tag, str):
                continue
            name = local(child)
            if child.tag == f"{W}p":
                yield self._line(child), child.find(f"{W}pPr/{W}rPr/{W}del") is not None
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif name == "AlternateContent":
                yield from self._blocks(chosen(child))
            elif name == "altChunk":
                yield Line("", aside=("嵌入的文档",)), False
            elif name in {"bookmarkStart", "bookmarkEnd"}:
                self._mark(child, [])
            elif name not in {"sectPr", "sdtPr", "sdtEndPr", "del", "moveFrom"}:
                yield from self._blocks(child)

    def _table(self, table: Any) -> Iterator[tuple[Line, bool]]:
        """A table; if paragraphs of the text were put into it, or it has one column, these, without its lines."""
        marks = [str(mark.get(f"{W}name")) for mark in table.iter(f"{W}bookmarkStart")]
        one = all(len(row.findall(f"{W}tc")) == 1 for row in table.iter(f"{W}tr"))
        if one or any(mark.startswith("p_") for mark in marks):
            yield Line("", aside=("表格的框线（其中的文字照用）",)), False
            yield from self._blocks([p for p in table.iter(f"{W}p") if "".join(p.itertext()).strip()])
            return
        aside: list[str] = []
        rows = []
        for row in table.iter(f"{W}tr"):
            cells = []
            for cell in row.findall(f"{W}tc"):
                lines = [self._line(p) for p in cell.iter(f"{W}p")]
                aside += [what for line in lines for what in line.aside]
                cells.append("\n".join(line.text for line in lines).strip())
            rows.append(tuple(cells))
        yield Line("", rows=tuple(rows), aside=tuple(aside), unfit=_unfit(table, rows)), False

    def _line(self, paragraph: Any) -> Line:
        said = self._words.of(paragraph)
        style, properties = self._words.styles.of_paragraph(paragraph.find(f"{W}pPr"))
        around = [self._latest] if self._latest in self._open.values() else []
        begun: list[str] = []
        for element in said.elements:
            self._mark(element, begun)
        own = [name for name in begun if name.startswith("p_")]
        tags = [tag for element in said.elements for tag in element.findall(f"{W}sdtPr/{W}tag")]
        return Line(
            text=said.text.replace("\t", " ").strip(),
            style=self._words.styles.name(style),
            marks=tuple(own or around),
            goes_on=bool(around) and not own,
            slugs=tuple(_NUMERAL.sub("", name) for name in begun if _NUMERAL.match(name)),
            tags=tuple(str(tag.get(f"{W}val")) for tag in tags),
            level=_level(self._words.styles.name(style), properties.get("outlineLvl", {}).get("val", "")),
            aside=tuple(said.aside),
        )

    def _mark(self, element: Any, begun: list[str]) -> None:
        id = str(element.get(f"{W}id"))
        if element.tag == f"{W}bookmarkStart":
            name = str(element.get(f"{W}name"))
            self._open[id] = name
            begun.append(name)
            if name.startswith("p_"):
                self._latest = name
        elif element.tag == f"{W}bookmarkEnd":
            self._open.pop(id, None)


def _unfit(table: Any, rows: Sequence[Sequence[str]]) -> str:
    if next(table.iterdescendants(f"{W}tbl"), None) is not None:
        return "里面还有表格"
    spans = (span.get(f"{W}val") not in {None, "1"} for span in table.iter(f"{W}gridSpan"))
    if any(spans) or next(table.iter(f"{W}vMerge", f"{W}hMerge"), None) is not None:
        return "有合并的单元格"
    return "各行的列数不同" if len(set(map(len, rows))) > 1 else ""


def _merged(first: Line, second: Line) -> Line:
    return replace(
        first,
        text=first.text + second.text,
        marks=tuple(dict.fromkeys((*first.marks, *second.marks))),
        goes_on=not (first.begins or second.begins),
        slugs=(*first.slugs, *second.slugs),
        tags=(*first.tags, *second.tags),
        aside=(*first.aside, *second.aside),
    )


def _level(style: str, outline: str) -> int | None:
    """Level of a heading, 1 … 4, by the name of its style or its outline level."""
    if named := _NAMED.match(style):
        level = int(named.group(1))
    else:
        number = whole(outline)
        level = 9 if number is None else number + 1
    return level if level <= 4 else None
