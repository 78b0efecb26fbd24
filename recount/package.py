"""Parts of a Word file by their relationships, within limits; nothing is taken by its name."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from lxml import etree

_LARGEST: Final = 100 << 20
_MOST_PARTS: Final = 2000
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class NotReadable(Exception):
    """Not a Word file, or a damaged one; the message says why, in Chinese."""


@dataclass(frozen=True)
class Relation:
    """A relationship. `kind`: the last word of its type; `target`: name of a part, or an address outside the file."""

    id: str
    kind: str
    target: str
    outside: bool


def _is_plain(name: str) -> bool:
    """Whether a name is read the same way by every program; `.piece` is one of a part in several pieces."""
    name = name.rstrip("/")
    return posixpath.normpath(name) == name and not name.endswith(".piece") and not set(name) & set("\\%:")


class Package:
    """Errors of all methods: NotReadable."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise NotReadable("不是 Word 文件（docx），或者文件已损坏") from error
        entries = self._archive.infolist()
        if sum(entry.file_size for entry in entries) > _LARGEST or len(entries) > _MOST_PARTS:
            raise NotReadable("文件解开后过大，不像一份总结")
        self._names = {entry.filename.lower().lstrip("/"): entry for entry in entries}
        if len(self._names) < len(entries):
            raise NotReadable("文件中有同名的两个部分，不同的程序会显示不同的内容")
        if not all(map(_is_plain, self._names)):
            raise NotReadable("文件中有名称不合规定的部分，不同的程序会显示不同的内容")

    @property
    def main(self) -> str:
        """The document part, as the relationships of the package name it."""
        found = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        if len(found) != 1:
            raise NotReadable("不是 Word 文件（docx）：旧版 doc 或 WPS 文件请先另存为 docx")
        return found[0]

    def relations(self, part: str) -> list[Relation]:
        folder, name = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        return list(self._relations(place, folder)) if self.has(place) else []

    def _relations(self, place: str, folder: str) -> Iterator[Relation]:
        for element in self.xml(place).iter(_RELATION):
            outside = element.get("TargetMode") == "External"
            target = str(element.get("Target"))
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = str(element.get("Type")).rpartition("/")[2]
            yield Relation(str(element.get("Id")), kind, target, outside)

    def has(self, part: str) -> bool:
        return part.lower() in self._names

    def read(self, part: str) -> bytes:
        try:
            return self._archive.read(self._names[part.lower()])
        except (
            KeyError,
            zipfile.BadZipFile,
            OSError,
            RuntimeError,
            NotImplementedError,
            EOFError,
            ValueError,
            zlib.error,
        ) as error:
            raise NotReadable(f"文件已损坏：缺少或者读不出 {part}") from error

    def xml(self, part: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        try:
            root = etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError as error:
            raise NotReadable(f"文件已损坏：{part} 不是合格的 XML") from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise NotReadable(f"{part} 中有 DTD，Word 文件不应当有")
        return root
