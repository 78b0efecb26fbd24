"""A copy of a Word file for LibreOffice, which sets a gap between Chinese and Latin characters whatever the file says.

`w:autoSpaceDE` and `w:autoSpaceDN` are not read by LibreOffice 7.4. It sets no gap at the ends of a content control.
"""

import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

from lxml import etree

from services.reports.document.reading import W, parse

_PARTS: Final = re.compile(r"word/(?:document|footer\d+)\.xml")
_LATIN: Final = re.compile("[0-9A-Za-z]+")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def gapless(docx: bytes) -> bytes:
    """The file with a control around every Latin run of characters beside Chinese; only for printing."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as archive, zipfile.ZipFile(target, "w") as copy:
        for entry in archive.infolist():  # with its time, so that equal files stay equal
            content = archive.read(entry)
            copy.writestr(entry, _held(content) if _PARTS.fullmatch(entry.filename) else content)
    return target.getvalue()


def _held(part: bytes) -> bytes:
    root = parse(part)
    for run in list(root.iter(f"{W}r")):
        if run.getparent().tag == f"{W}p" and run.find(f"{W}t") is not None:
            _split(run)
    held: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return held


def _split(run: Any) -> None:
    """Replace a run by runs of one piece each, those that are Latin in controls."""
    properties = run.find(f"{W}rPr")
    for child in [child for child in run if child is not properties]:
        for text, latin in _pieces(child.text or "") if child.tag == f"{W}t" else [("", False)]:
            piece = etree.Element(f"{W}r")
            piece.extend([] if properties is None else [deepcopy(properties)])
            written = deepcopy(child)
            if text:
                written.text = text
                written.set(_SPACE, "preserve")
            piece.append(written)
            run.addprevious(_control(piece) if latin else piece)
    run.getparent().remove(run)


def _control(run: Any) -> Any:
    control = etree.Element(f"{W}sdt")
    etree.SubElement(etree.SubElement(control, f"{W}sdtPr"), f"{W}text")
    etree.SubElement(control, f"{W}sdtContent").append(run)
    return control


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is Latin and stands beside Chinese."""
    latin = [match.span() for match in _LATIN.finditer(text) if _beside_chinese(text, *match.span())]
    ends = sorted({0, len(text), *(end for span in latin for end in span)})
    return ((text[start:end], (start, end) in latin) for start, end in pairwise(ends))


def _beside_chinese(text: str, start: int, end: int) -> bool:
    return bool(_CHINESE.match(text[start - 1 : start]) or _CHINESE.match(text[end : end + 1]))
