"""Reader of Word files: paragraphs and cells as displayed, with content controls and bookmarks.

Pending insertions are read, pending deletions are not; text boxes and notes are read too.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CUSTOM: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
_SKIPPED: Final = {
    f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr")
}
_SIGNS: Final = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LONGEST: Final = 24
_LARGEST: Final = 100 << 20
_HEADING: Final = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|附件\d*$")
_NOTES: Final = {"word/footnotes.xml": "脚注", "word/endnotes.xml": "尾注"}


class NotReadable(Exception):
    """Not a Word file, or a damaged one; the message says why, in Chinese."""


@dataclass(frozen=True)
class Control:
    """A content control. `alias` is the title displayed by Word."""

    number: int
    tag: str
    alias: str


@dataclass(frozen=True)
class Piece:
    """Text of one run, with the innermost control around it and the bookmarks of numerals."""

    text: str
    control: Control | None
    bookmarks: tuple[str, ...]


@dataclass
class Paragraph:
    """`place`: location in Chinese; `column`: heading of the column, empty outside tables."""

    place: str
    column: str
    pieces: list[Piece] = field(default_factory=list)
    emptied: list[Control] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Document:
    paragraphs: list[Paragraph]
    properties: dict[str, str]


def read(data: bytes) -> Document:
    """Errors: NotReadable."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise NotReadable("文件解开后过大，不像一份总结")
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise NotReadable("不是 Word 文件（docx）：旧版 doc 或 WPS 文件请先另存为 docx")
            parts = {
                name: _xml(archive.read(name)) for name in ("word/document.xml", *_NOTES) if name in names
            }
            custom = archive.read("docProps/custom.xml") if "docProps/custom.xml" in names else b""
    except (
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        etree.XMLSyntaxError,
        EOFError,
    ) as error:
        raise NotReadable("不是 Word 文件（docx），或者文件已损坏") from error
    reader = _Reader()
    for name, root in parts.items():
        reader.walk(root, _NOTES.get(name, "正文"))
    return Document(reader.paragraphs, _properties(custom))


def _xml(data: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(data, parser)


def _properties(data: bytes) -> dict[str, str]:
    root = _xml(data) if data else ()
    return {
        str(element.get("name")): "".join(element.itertext())
        for element in root
        if element.tag == f"{_CUSTOM}property"
    }


class _Reader:
    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self._controls: list[Control] = []
        self._numbers = 0
        self._heading, self._under, self._last = "", 0, ""
        self._bookmarks: dict[str, str] = {}
        self._at: list[tuple[str, str]] = []
        self._open: list[Paragraph] = []

    def walk(self, element: Any, where: str) -> None:
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _SKIPPED:
                continue
            name = child.tag.removeprefix(_W)
            if child.tag == f"{_CHOICE}AlternateContent":
                self.walk(child[:1], where)
            elif name == "p":
                self._paragraph(child, where)
            elif name == "tbl":
                self._table(child, where)
            elif name == "sdt":
                self._control(child, where)
            elif name in ("bookmarkStart", "bookmarkEnd"):
                self._bookmark(child, name)
            elif name == "r":
                self._run(child, where)
            else:
                self.walk(child, where)

    def _paragraph(self, element: Any, where: str) -> None:
        place, column = self._at[-1] if self._at else ("", "")
        paragraph = Paragraph(place, column)
        self.paragraphs.append(paragraph)
        self._open.append(paragraph)
        self.walk(element, where)
        self._open.pop()
        if not self._at and paragraph.text.strip():
            paragraph.place = self._placed(paragraph.text.strip(), where)
        if not self._open:
            self._bookmarks.clear()  # a numeral does not span paragraphs: its end was lost

    def _placed(self, text: str, where: str) -> str:
        """Location of a paragraph by the heading above it."""
        if _HEADING.match(text):
            self._heading, self._under = text, 0
        self._under += 1
        self._last = text
        return (
            f"{where}“{_short(self._heading)}”第{self._under}段"
            if self._heading
            else f"{where}第{self._under}段"
        )

    def _table(self, table: Any, where: str) -> None:
        caption, heads = _short(self._last), list[str]()
        for row, element in enumerate(_own(table, "tr", "tbl"), 1):
            cells = _own(element, "tc", "tr")
            heads = heads or ["".join(part.text or "" for part in cell.iter(f"{_W}t")) for cell in cells]
            for column, cell in enumerate(cells):
                head = heads[column] if column < len(heads) and row > 1 else ""
                self._at.append((f"“{caption}”表第{row}行第{column + 1}列", head))
                around = [
                    element for element in cell.iterancestors(f"{_W}sdt") if table in element.iterancestors()
                ]
                self._within(around, cell, where)
                self._at.pop()

    def _within(self, controls: list[Any], cell: Any, where: str) -> None:
        """Walk a cell within the controls around the cell or its row."""
        self._controls += [self._named(element) for element in reversed(controls)]
        self.walk(cell, where)
        del self._controls[len(self._controls) - len(controls) :]

    def _control(self, element: Any, where: str) -> None:
        control = self._named(element)
        before = self._length()
        self._controls.append(control)
        content = element.find(f"{_W}sdtContent")
        placeholder = element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None
        if content is not None and not placeholder:
            self.walk(content, where)
        self._controls.pop()
        if self._open and control.tag and self._length() == before:
            self._open[-1].emptied.append(control)

    def _length(self) -> int:
        return len(self._open[-1].text.strip()) if self._open else 0

    def _named(self, element: Any) -> Control:
        self._numbers += 1
        values = {}
        for name in ("tag", "alias"):
            value = element.find(f"{_W}sdtPr/{_W}{name}")
            values[name] = str(value.get(f"{_W}val") or "") if value is not None else ""
        return Control(self._numbers, values["tag"], values["alias"])

    def _bookmark(self, element: Any, name: str) -> None:
        id = str(element.get(f"{_W}id"))
        if name == "bookmarkEnd":
            self._bookmarks.pop(id, None)
        elif str(element.get(f"{_W}name")).startswith("f_"):
            self._bookmarks[id] = str(element.get(f"{_W}name"))

    def _run(self, run: Any, where: str) -> None:
        if run.find(f"{_W}rPr/{_W}vanish") is not None:
            return
        text = "".join(self._signs(run))
        if text and self._open:
            tagged = next((control for control in reversed(self._controls) if control.tag), None)
            self._open[-1].pieces.append(Piece(text, tagged, tuple(self._bookmarks.values())))
        for child in run:
            if isinstance(child.tag, str) and (
                not child.tag.startswith(_W) or child.tag in (f"{_W}pict", f"{_W}drawing")
            ):
                at, self._at = self._at, self._at or [(f"{where}文本框", "")]
                self.walk([child], where)  # a text box
                self._at = at

    @staticmethod
    def _signs(run: Any) -> Iterator[str]:
        for child in run:
            if child.tag == f"{_W}t":
                yield child.text or ""
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]


def _own(element: Any, name: str, container: str) -> list[Any]:
    """Descendants of the element that are not in a nested table."""
    descendants = element.iter(f"{_W}{name}")
    return [child for child in descendants if next(child.iterancestors(f"{_W}{container}")) is element]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
