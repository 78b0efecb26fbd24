"""A Word file opened apart from the code that wrote it, for what tests ask of it."""

import re
import unicodedata
import zipfile
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import etree


def body(data: bytes) -> Any:
    return Document(BytesIO(data)).element.body


def text(element: Any) -> str:
    """What a reader sees of it, breaks and tabs included."""
    marks = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(e.text or "" if e.tag == qn("w:t") else marks.get(e.tag, "") for e in element.iter())


def paragraphs(data: bytes) -> list[str]:
    """Text outside tables."""
    return [text(p) for p in body(data).iterchildren(qn("w:p"))]


def controls(data: bytes) -> list[tuple[str, str, str]]:
    """Tag, alias and text of every content control."""
    found = []
    for sdt in body(data).iter(qn("w:sdt")):
        properties = sdt.find(qn("w:sdtPr"))
        tag, alias = (properties.find(qn(f"w:{name}")).get(qn("w:val")) for name in ("tag", "alias"))
        found.append((tag, alias, text(sdt.find(qn("w:sdtContent")))))
    return found


def bookmarks(data: bytes) -> dict[str, str]:
    """The text between the ends of every bookmark, by name."""
    root = body(data)
    names = {e.get(qn("w:id")): e.get(qn("w:name")) for e in root.iter(qn("w:bookmarkStart"))}
    opened: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    marks = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    for element in root.iter():
        if element.tag == qn("w:bookmarkStart"):
            opened[element.get(qn("w:id"))] = []
        elif element.tag == qn("w:bookmarkEnd"):
            id = element.get(qn("w:id"))
            found[names[id]] = "".join(opened.pop(id))
        else:
            piece = element.text or "" if element.tag == qn("w:t") else marks.get(element.tag, "")
            for pieces in opened.values():
                pieces.append(piece)
    assert not opened
    return found


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(data: bytes, part: str, pattern: str, replacement: str, count: int = 0) -> bytes:
    """The file with `pattern` replaced in one part; it must occur."""
    found = parts(data)
    changed, times = re.subn(pattern, replacement, found[part].decode(), count=count, flags=re.DOTALL)
    assert times, pattern
    etree.fromstring(changed.encode())
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in found.items():
            archive.writestr(name, changed.encode() if name == part else content)
    return target.getvalue()


def kept(text: str) -> str:
    """What a document has of a text: all but the characters that show nothing."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
