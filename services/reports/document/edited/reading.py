"""Reader of an uploaded Word file: paragraphs before its first table; unsafe files are refused.

Tracked insertions are read, tracked deletions are not.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from lxml import etree

from services.reports.document.reading import W, characters, parse, walk
from services.reports.errors import DocumentUnfit

MAX_BYTES: Final = 20 << 20
_UNPACKED: Final = 100 << 20
_PARTS: Final = 2_000
_OLE: Final = b"\xd0\xcf\x11\xe0"
_HYPERLINK: Final = "/relationships/hyperlink"
_NUMERAL: Final = re.compile(r"f_\d+_")
_HEADING: Final = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")


@dataclass(frozen=True)
class Line:
    """A paragraph of the file.

    `marks`: bookmarks of paragraphs that begin in it, or the one around it; `slugs`: names of its numerals;
    `tags`: tags of its content controls.
    """

    text: str
    style: str = ""
    marks: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def heading(self) -> bool:
        return bool(_HEADING.match(self.text)) and len(self.text) < 60


@dataclass(frozen=True)
class Edited:
    """Content of the file; `about`: custom properties with town and period, if still there."""

    lines: list[Line]
    about: dict[str, str]


def read(data: bytes) -> Edited:
    """Read a Word file. Errors: DocumentUnfit."""
    if data[:4] == _OLE:
        raise DocumentUnfit("这是旧版 doc 文件，或者加了密码：请取消密码，另存为 docx 再上传")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _harmless(archive)
            root = _xml(archive.read("word/document.xml"))
            about = _about(archive)
    except (
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        etree.XMLSyntaxError,
    ) as error:
        raise DocumentUnfit("不是 Word 文件（docx），或者文件已经损坏") from error
    body = root.find(f"{W}body")
    if body is None:
        raise DocumentUnfit("不是 Word 文件（docx），或者文件已经损坏")
    return Edited(list(_Reader().lines(body)), about)


def _about(archive: zipfile.ZipFile) -> dict[str, str]:
    if "docProps/custom.xml" not in archive.namelist():
        return {}
    root = _xml(archive.read("docProps/custom.xml"))
    return {str(entry.get("name")): "".join(entry.itertext()) for entry in root if isinstance(entry.tag, str)}


def _harmless(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > _PARTS or sum(entry.file_size for entry in entries) > _UNPACKED:
        raise DocumentUnfit("文件解开后过大，不像一份总结，没有打开")
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise DocumentUnfit("不是 Word 文件（docx）：请用 Word 或 WPS 另存为 docx 再上传")
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DocumentUnfit("文件带有宏，不能上传：请另存为不带宏的 docx")
    for name in sorted(name for name in names if name.endswith(".rels")):
        for relation in _xml(archive.read(name)):
            kind = str(relation.get("Type") or "")
            if relation.get("TargetMode") == "External" and not kind.endswith(_HYPERLINK):
                raise DocumentUnfit(
                    f"文件引用了外部内容（{kind.rpartition('/')[2]}），不能上传：请断开链接后另存"
                )


def _xml(data: bytes) -> Any:
    root = parse(data)
    if root.getroottree().docinfo.doctype:
        raise DocumentUnfit("文件内含不允许的定义（DTD），没有打开")
    return root


class _Reader:
    """Reader of the body that tracks open bookmarks."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}

    def lines(self, container: Any) -> Iterator[Line]:
        for child in container:
            if child.tag == f"{W}tbl":
                return
            if child.tag == f"{W}p":
                yield self._line(child)
            elif child.tag == f"{W}sdt":
                yield from self.lines(child.find(f"{W}sdtContent") if len(child) else ())
            elif isinstance(child.tag, str):
                self._mark(child, [])

    def _line(self, paragraph: Any) -> Line:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        around = [name for name in self._open.values() if name.startswith("p_")]
        text = ""
        begun: list[str] = []
        tags: list[str] = []
        for element in walk(paragraph):
            text += characters(element)
            tags += [str(tag.get(f"{W}val")) for tag in element.findall(f"{W}sdtPr/{W}tag")]
            self._mark(element, begun)
        return Line(
            text=text.replace("\t", " ").strip(),
            style=str(style.get(f"{W}val")) if style is not None else "",
            marks=tuple([name for name in begun if name.startswith("p_")] or around[-1:]),
            slugs=tuple(_NUMERAL.sub("", name) for name in begun if _NUMERAL.match(name)),
            tags=tuple(tags),
        )

    def _mark(self, element: Any, begun: list[str]) -> None:
        id = str(element.get(f"{W}id"))
        if element.tag == f"{W}bookmarkStart":
            self._open[id] = str(element.get(f"{W}name"))
            begun.append(self._open[id])
        elif element.tag == f"{W}bookmarkEnd":
            self._open.pop(id, None)
