"""Seeded deviations from GB/T 9704-2012: each kind breaks a conforming Word file in one place, chosen by chance."""

import random
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from lxml import etree

from tests.fixtures.documents import W
from tests.unit.reports.document.opened import parts, repacked

SPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DOCUMENT, SETTINGS, FOOTER = "word/document.xml", "word/settings.xml", "word/footer1.xml"

_KINDS: Final[Mapping[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def deviations(file: bytes) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Kinds with the file broken so. The place is chosen by the name of the kind, the same in every run."""
    for name, group, change in _GROUPS:
        for xml in _KINDS[group] if isinstance(group, str) else group:
            if not (name == "the number" and "eastAsia=" in xml):  # it has no Chinese characters
                yield f"{name}: {xml}", partial(_changed, file, xml, change, name)
    for name, (part, pattern, replacement) in _KINDS["patterns"].items():
        yield name, partial(repacked, file, part, pattern, replacement, 1)


class Opened:
    """The parts of a file as XML, and chance."""

    def __init__(self, file: bytes, seed: str) -> None:
        self._content = parts(file)
        self._roots: dict[str, Any] = {}
        self.random = random.Random(seed)

    def root(self, part: str) -> Any:
        if part not in self._roots:
            self._roots[part] = etree.fromstring(self._content[part])
        return self._roots[part]

    def text(self, styles: tuple[str, ...] = ("BodyOfficial",)) -> Any:
        """A paragraph of the text with a style."""
        found = []
        for p in self.root(DOCUMENT).find(f"{W}body").findall(f"{W}p"):
            style = p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
            if style == "AnnexLabel":
                break
            if style in styles:
                found.append(p)
        return self.random.choice(found)

    def any(self, name: str, part: str = DOCUMENT) -> Any:
        return self.random.choice(list(self.root(part).iter(f"{W}{name}")))

    def packed(self) -> bytes:
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in self._content.items():
                root = self._roots.get(name)
                archive.writestr(name, content if root is None else etree.tostring(root, encoding="UTF-8"))
        return target.getvalue()


def _changed(file: bytes, xml: str, change: Callable[[Opened, str, str], None], where: str) -> bytes:
    opened = Opened(file, where + xml)
    change(opened, xml, where)
    return opened.packed()


def _element(xml: str) -> Any:
    return etree.fromstring(f"<x {SPACES}>{xml}</x>")[0]


def _put(parent: Any, name: str, xml: str) -> None:
    """A property in the element `name` of a parent, in place of an equal one; attributes of equal ones are kept."""
    holder = parent.find(f"{W}{name}")
    if holder is None:
        holder = etree.Element(f"{W}{name}")
        parent.insert(0, holder)
    new = _element(xml)
    old = holder.find(new.tag)
    if old is not None:
        for key, value in old.attrib.items():
            new.set(key, new.get(key, value))
        holder.remove(old)
    holder.append(new)


def _run(opened: Opened, xml: str, where: str) -> None:
    if where == "the number":
        runs = list(opened.root(FOOTER).iter(f"{W}r"))
    elif where == "a run of a cell":
        runs = [r for cell in opened.root(DOCUMENT).iter(f"{W}tc") for r in cell.iter(f"{W}r")]
    else:
        kinds = (
            "BodyOfficial",
            "Title",
            "Heading1",
            "Heading2",
            "SignedBy",
            "SignedOn",
            "AnnexNote",
            "Addressee",
        )
        runs = list(opened.text(kinds).iter(f"{W}r"))
    written = [r for r in runs if "".join(t.text or "" for t in r.iter(f"{W}t")).strip()]
    _put(opened.random.choice(written), "rPr", xml)


def _paragraph(opened: Opened, xml: str, _: str) -> None:
    _put(opened.text(), "pPr", xml)


def _content(opened: Opened, xml: str, _: str) -> None:
    paragraph = opened.text()
    paragraph.insert(opened.random.randrange(1, len(paragraph) + 1), _element(xml))


def _words(opened: Opened, words: str, _: str) -> None:
    last = list(opened.text().iter(f"{W}t"))[-1]
    last.text = re.sub("。?$", f"，{words}。", last.text or "", count=1)


def _section(opened: Opened, xml: str, _: str) -> None:
    section, new = opened.any("sectPr"), _element(xml)
    old = section.find(new.tag)
    if old is not None:
        section.replace(old, new)
    else:
        section.append(new)


def _table(opened: Opened, xml: str, _: str) -> None:
    _put(opened.any("tbl"), "tblPr", xml)


def _row(opened: Opened, xml: str, _: str) -> None:
    _put(opened.any("tr"), "trPr", xml)


def _cell(opened: Opened, xml: str, _: str) -> None:
    _put(opened.any("tc"), "tcPr", xml)


def _setting(opened: Opened, xml: str, _: str) -> None:
    root, new = opened.root(SETTINGS), _element(xml)
    for old in root.findall(new.tag):
        root.remove(old)
    root.append(new)


def _blank(opened: Opened, which: str, _: str) -> None:
    blank = etree.Element(f"{W}p")
    if which == "in an annex":
        opened.any("tbl").addprevious(blank)
        return
    paragraph = opened.text(("SignedBy",) if "end" in which else ("BodyOfficial",))
    blank.append(deepcopy(opened.text().find(f"{W}pPr")))
    paragraph.addprevious(blank)
    if "end" in which:
        paragraph.addprevious(deepcopy(blank))


_GROUPS: Final = (
    ("a run", "run", _run),
    ("a run of a cell", "run", _run),
    ("the number", "run", _run),
    ("a paragraph", "paragraph", _paragraph),
    ("content", "content", _content),
    ("words", "words", _words),
    ("the section", "section", _section),
    ("a table", "table", _table),
    ("a row", "row", _row),
    ("a cell", "cell", _cell),
    ("a setting", "setting", _setting),
    ("blank", ("a paragraph", "at the end of the text", "in an annex"), _blank),
)
