"""A Word file as its parts, to be changed by mutations."""

import random
import zipfile
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from typing import Any, Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SPACES: Final = {
    "w": W[1:-1],
    "r": R[1:-1],
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:nobody-knows",
}
DECLARED: Final = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())


class Word:
    """The parts of a file; that of the text is parsed as `root`. `chance` chooses where a mutation is made."""

    def __init__(self, file: bytes, seed: str) -> None:
        with zipfile.ZipFile(BytesIO(file)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.body = self.root[0]
        self.chance = random.Random(seed)
        self.twice: list[tuple[str, bytes]] = []

    def bytes(self) -> bytes:
        self.parts.setdefault("word/document.xml", b"")
        if self.parts["word/document.xml"]:
            self.parts["word/document.xml"] = etree.tostring(self.root, encoding="UTF-8", standalone=True)
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in [*self.parts.items(), *self.twice]:
                archive.writestr(name, content)
        return target.getvalue()

    def controls(self, *, sentences: bool = False) -> list[Any]:
        """Controls of numerals that are digits; those of sentences alone, or all."""
        found = [c for c in self.root.iter(f"{W}sdt") if text_of(c).isdigit()]
        return [c for c in found if not sentences or next(c.iterancestors(f"{W}tc"), None) is None]

    def control(self) -> Any:
        return self.chance.choice([c for c in self.controls(sentences=True) if int(text_of(c)) > 1])

    def paragraph(self) -> Any:
        """A paragraph of the text with numerals."""
        return next(self.control().iterancestors(f"{W}p"))

    def table(self) -> Any:
        return next(table for table in self.body.iterfind(f"{W}tbl") if len(table) > 4)

    def rows(self) -> list[Any]:
        """Rows of the statistics without its head and the headings of chapters, which are a single cell."""
        return [row for row in list(self.table().iterfind(f"{W}tr"))[1:] if len(row.findall(f"{W}tc")) > 1]

    def part(self, name: str, root: Any) -> None:
        self.parts[name] = etree.tostring(root, encoding="UTF-8", standalone=True)

    def parsed(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])

    def relate(self, kind: str, target: str, *, outside: bool = False, of: str = "word/document.xml") -> str:
        """The id of a new relationship of a part."""
        folder, _, name = of.rpartition("/")
        place = f"{folder}/_rels/{name}.rels"
        root = self.parsed(place)
        id = f"rIdNew{len(root)}"
        mode = {"TargetMode": "External"} if outside else {}
        attributes = {"Id": id, "Type": f"{RELATIONS}/{kind}", "Target": target, **mode}
        etree.SubElement(root, f"{{{_PACKAGE}}}Relationship", attributes)
        self.part(place, root)
        return id


Mutation = Callable[[Word], None]


def text_of(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def write(control: Any, text: str) -> None:
    next(control.iter(f"{W}t")).text = text


def xml(text: str) -> Any:
    """An element of text with the usual prefixes."""
    return etree.fromstring(f"<x:all {DECLARED}>{text}</x:all>")[0]


def run(text: str, properties: str = "") -> Any:
    return xml(f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>')


def paragraph(text: str) -> Any:
    return xml(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")


def after(element: Any, new: Any) -> None:
    """Right after a control: behind the end of its bookmark."""
    (element.getnext() if element.getnext() is not None else element).addnext(new)


def before(element: Any, new: Any) -> None:
    """Right before a control: in front of the start of its bookmark."""
    (element.getprevious() if element.getprevious() is not None else element).addprevious(new)


def unwrap(control: Any) -> None:
    parent, at = control.getparent(), control.getparent().index(control)
    for child in reversed(list(control.find(f"{W}sdtContent"))):
        parent.insert(at, child)
    parent.remove(control)


def exchange(one: Any, other: Any) -> None:
    """Two elements in each other's place."""
    copies = deepcopy(one), deepcopy(other)
    one.getparent().replace(one, copies[1])
    other.getparent().replace(other, copies[0])
