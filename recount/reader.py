"""The walk over the parts of a Word file, which tells what is shown where."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree

from recount import drawings, looks
from recount.elements import GRAPHIC, SIGNS, SILENT, STRANGE, WALKED, W, local, namespace
from recount.model import BODY, HEADING, PAGED, Control, Document, Paragraph, Piece, Strange, Table
from recount.package import NotReadable, Package
from recount.properties import HIDDEN, NUMBERED, RAISED
from recount.spoken import spoken

_PROOF: Final = "{urn:lvzhi:proof:1}proof"
_LONGEST: Final = 24
_PAGE_FIELD: Final = re.compile(r"(?:PAGE|NUMPAGES|SECTIONPAGES)(?:\s+\\\*\s*\w+)*", re.IGNORECASE)
_KEPT_FIELDS: Final = ("HYPERLINK", "")
_AROUND: Final = tuple(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_REFERENCES: Final = (f"{W}footnoteReference", f"{W}endnoteReference")
_TURNING: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Reader:
    """Walks the parts of a package into a document."""

    def __init__(self, document: Document, package: Package, styles: looks.Styles) -> None:
        self._document, self._package, self._styles = document, package, styles
        self._story, self._drawings = BODY, drawings.Reader(package, ())
        self._handlers: dict[str, Callable[[Any], None]] = {
            f"{W}p": self._paragraph,
            f"{W}tbl": self._table,
            f"{W}sdt": self._control,
            f"{W}r": self._run,
            f"{W}bookmarkStart": self._begin,
            f"{W}bookmarkEnd": self._finish,
            f"{W}fldChar": self._field,
            f"{W}instrText": self._instruction,
            f"{W}fldSimple": self._simple,
            f"{W}sectPr": self._properties,
            f"{W}del": self._deleted,
            f"{W}moveFrom": self._deleted,
        }
        self._controls: list[Control] = []
        self._numbers = 0
        self._heading, self._under, self._last = "", 0, ""
        self._bookmarks: dict[str, str] = {}
        self._at: list[tuple[str, str]] = []
        self._open: list[Paragraph] = []
        self._into: list[Paragraph | Table] = document.blocks
        self._looks: list[looks.Looks] = []
        self._fields: list[tuple[str, bool]] = []  # instruction, and whether its result has begun

    def story(self, root: Any, part: str, name: str) -> None:
        self._story = name
        self._drawings = drawings.Reader(self._package, self._package.relations(part))
        self._into = self._document.blocks if name == BODY else list[Paragraph | Table]()
        self._walk(root)
        if self._fields:
            self._strange("没有结束的域")
            self._fields.clear()

    def proof(self, root: Any) -> None:
        if root.tag == _PROOF:
            if self._document.proof is not None:
                raise NotReadable("文件中有两份完整性证明")
            self._document.proof = "".join(root.itertext()).strip()

    @property
    def _around(self) -> looks.Looks:
        return self._looks[-1] if self._looks else {}

    @property
    def _place(self) -> str:
        if self._at:
            return self._at[-1][0]
        return f"{self._story}“{_short(self._heading)}”" if self._heading else self._story

    def _strange(self, what: str) -> None:
        told = Strange(self._place, what)
        if told not in self._document.strange:
            self._document.strange.append(told)

    # -- structure ----------------------------------------------------------------------------------------

    def _walk(self, element: Any) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self._element(child)
            elif child.tag is not etree.Comment:
                self._strange("处理指令或者实体")

    def _element(self, child: Any) -> None:
        tag = child.tag
        handler = self._handlers.get(tag)
        if handler is not None:
            handler(child)
        elif tag in STRANGE:
            self._strange(STRANGE[tag])
        elif tag in WALKED:
            self._walk(child)
        elif tag in SILENT:
            return
        elif namespace(tag) in GRAPHIC:
            self._drawn(child)
        else:
            self._strange(f"不认识的内容（{local(tag)}）")

    def _paragraph(self, element: Any) -> None:
        place, column = self._at[-1] if self._at else ("", "")
        paragraph = Paragraph(place, column, self._story)
        self._document.paragraphs.append(paragraph)
        if self._open or self._story != BODY:
            self._document.beside.append(paragraph)  # a text box stands within a paragraph
        else:
            self._into.append(paragraph)
        self._open.append(paragraph)
        properties = element.find(f"{W}pPr")
        shown = self._styles.paragraph(self._around, properties)
        self._properties(element.find(f"{W}pPr/{W}sectPr"))
        if NUMBERED in looks.told(shown):
            self._strange(NUMBERED)
        self._looks.append(shown)
        self._walk(element)
        self._looks.pop()
        self._open.pop()
        if not self._at:
            text = paragraph.text.strip()
            paragraph.place = self._placed(text) if text else self._place
        if not self._open:
            self._bookmarks.clear()  # a numeral does not span paragraphs: its end was lost

    def _placed(self, text: str) -> str:
        """Location of a paragraph by the heading above it."""
        if self._story == BODY and HEADING.match(text):
            self._heading, self._under = text, 0
        self._under += 1
        self._last = text
        heading = f"“{_short(self._heading)}”" if self._heading and self._story == BODY else ""
        return f"{self._story}{heading}第{self._under}段"

    def _table(self, element: Any) -> None:
        table = Table(self._place)
        if not (self._open or self._at) and self._story == BODY:
            self._into.append(table)
        caption, heads = _short(self._last), list[str]()
        self._properties(element.find(f"{W}tblPr"))
        self._looks.append({**self._around, **self._styles.of_table(element.find(f"{W}tblPr"))})
        spans: dict[int, list[str]] = {}
        for number, (row, around) in enumerate(self._within(element, "tr"), 1):
            for name in ("trPr", "tblPrEx"):
                self._properties(row.find(f"{W}{name}"))
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = list(self._within(row, "tc"))
            spread = [
                str(span.get(f"{W}val"))
                for cell, _ in cells
                for span in cell.iterfind(f"{W}tcPr/{W}gridSpan")
            ]
            if spans.setdefault(len(cells), spread) != spread:
                self._strange("错开的单元格")
            heads = heads or ["".join(part.text or "" for part in cell.iter(f"{W}t")) for cell, _ in cells]
            written = []
            for column, (cell, controls) in enumerate(cells):
                head = heads[column] if column < len(heads) and number > 1 else ""
                self._at.append((f"“{caption}”表第{number}行第{column + 1}列", head))
                self._properties(cell.find(f"{W}tcPr"))
                written.append(self._cell([*around, *controls], cell))
                self._at.pop()
            table.rows.append(written)
        self._looks.pop()
        if self._at:  # a table in a cell
            self._into += (paragraph for row in table.rows for cell in row for paragraph in cell)

    def _cell(self, around: list[Any], cell: Any) -> list[Paragraph]:
        """Paragraphs of a cell, within the controls around it or its row."""
        controls = [self._named(element) for element in around]
        self._controls += controls
        before, self._into = self._into, list[Paragraph | Table]()
        self._walk(cell)
        written, self._into = self._into, before
        del self._controls[len(self._controls) - len(controls) :]
        return [block for block in written if isinstance(block, Paragraph)]

    def _within(self, element: Any, name: str) -> Iterator[tuple[Any, list[Any]]]:
        """Rows of a table or cells of a row, with the controls around each."""
        for child in element:
            if child.tag == f"{W}{name}":
                yield child, []
            elif child.tag in _AROUND:
                around = [child] if child.tag == f"{W}sdt" else []
                yield from ((inner, [*around, *controls]) for inner, controls in self._within(child, name))
            elif isinstance(child.tag, str):
                self._element(child)

    def _properties(self, properties: Any) -> None:
        for what in looks.strange(properties):
            self._strange(what)

    # -- controls, bookmarks, fields ----------------------------------------------------------------------

    def _control(self, element: Any) -> None:
        control, before = self._named(element), self._length()
        self._controls.append(control)
        content = element.find(f"{W}sdtContent")
        if content is not None:
            self._walk(content)
        self._controls.pop()
        if self._open and control.tag and self._length() == before:
            self._open[-1].emptied.append(control)

    def _length(self) -> int:
        return len(self._open[-1].text.strip()) if self._open else 0

    def _named(self, element: Any) -> Control:
        self._properties(element.find(f"{W}sdtPr"))
        self._numbers += 1
        values = {}
        for name in ("tag", "alias"):
            value = element.find(f"{W}sdtPr/{W}{name}")
            values[name] = str(value.get(f"{W}val") or "") if value is not None else ""
        return Control(self._numbers, values["tag"], values["alias"])

    def _begin(self, element: Any) -> None:
        if str(element.get(f"{W}name")).startswith("f_"):
            self._bookmarks[str(element.get(f"{W}id"))] = str(element.get(f"{W}name"))

    def _finish(self, element: Any) -> None:
        self._bookmarks.pop(str(element.get(f"{W}id")), None)

    def _field(self, element: Any) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(("", False))
        elif kind == "separate" and self._fields:
            self._fields[-1] = (self._fields[-1][0], True)
        elif kind == "end" and self._fields:
            self._instructed(self._fields.pop()[0])

    def _instruction(self, element: Any) -> None:
        if self._fields:
            instruction, begun = self._fields[-1]
            self._fields[-1] = (instruction + (element.text or ""), begun)

    def _simple(self, element: Any) -> None:
        self._fields.append((str(element.get(f"{W}instr") or ""), True))
        self._walk(element)
        self._instructed(self._fields.pop()[0])

    def _instructed(self, instruction: str) -> None:
        name = (instruction.split() or [""])[0].upper()
        if not self._pages(instruction) and name not in _KEPT_FIELDS:
            self._strange(f"域（{_short(instruction)}）：Word 会自行改变它显示的内容")

    def _pages(self, instruction: str) -> bool:
        return self._story in PAGED and _PAGE_FIELD.fullmatch(instruction.strip()) is not None

    @property
    def _computed(self) -> bool:
        """Whether a run is the result of a field for the number of the page."""
        return any(on and self._pages(text) for text, on in self._fields)

    def _deleted(self, element: Any) -> None:
        """A deletion or a move that nobody accepted, which Word shows struck out; that of a figure is told with it."""
        text = "".join(part.text or "" for part in element.iter(f"{W}delText", f"{W}t"))
        if not self._controls and any(True for _ in spoken(text)):
            self._strange(f"没有接受的删除（{_short(text)}）")

    # -- text ---------------------------------------------------------------------------------------------

    def _run(self, run: Any) -> None:
        properties = run.findall(f"{W}rPr")
        shown = self._styles.run(self._around, properties[0] if properties else None)
        if HIDDEN in shown:
            return
        text = "".join(self._signs(run, raised=RAISED in shown))
        if self._computed:
            return
        if text.strip():
            self._seen(run, text, shown)
        self._write(text)

    def _seen(self, run: Any, text: str, shown: set[str]) -> None:
        for what in sorted(shown - {NUMBERED}):
            self._strange(what)
        if _TURNING.search(text):
            self._strange("看不见的控制字符")
        if len(run.findall(f"{W}rPr")) > 1:
            self._strange("写了两遍的属性")
        if not all(begun for _, begun in self._fields):
            self._strange("域代码中的文字：Word 不显示")

    def _write(self, text: str) -> None:
        if text and self._open:
            tagged = next((control for control in reversed(self._controls) if control.tag), None)
            self._open[-1].pieces.append(Piece(text, tagged, tuple(self._bookmarks.values())))

    def _signs(self, run: Any, *, raised: bool) -> Iterator[str]:
        """Text of a run; other contents are walked in their place."""
        for child in run:
            if not isinstance(child.tag, str):
                continue
            if child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in SIGNS:
                yield SIGNS[child.tag]
            elif child.tag in _REFERENCES and not raised:
                self._strange("与正文一样大的注号")
            else:
                self._element(child)

    def _drawn(self, element: Any) -> None:
        """A drawing or an equation: its texts, pictures and charts; paragraphs in it are walked."""
        at, self._at = self._at, self._at or [(f"{self._story}图形", "")]
        drawn = self._drawings.read(element)
        self._document.pictures += drawn.pictures
        for what in drawn.strange:
            self._strange(what)
        for text in drawn.texts:
            paragraph = Paragraph(self._place, "", self._story, [Piece(text, None, ())])
            self._document.paragraphs.append(paragraph)
            self._document.beside.append(paragraph)
        for inner in drawn.inner:
            self._element(inner)
        self._at = at


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
