"""Checks before an archive is parsed: a small .xlsx without macros, external links, encryption or zip bombs.

The archive is unpacked once, within limits, and only the parts that are needed are passed on: the directory of an
archive may be false, and two parsers may read the same archive differently.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from shared.workbook.model import TooBig, Unreadable

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_MEMBERS: Final = 500
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 150
"""Limit for members over 1 MiB; real sheets compress 5 to 30 fold."""
MAX_INDEX_BYTES: Final = 1 << 20
"""Limit of the parts that list the sheets."""

_SAVE_AS: Final = "另存为“Excel 工作簿（.xlsx）”后再导入"
_BOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[content_types].xml"
_NEEDED: Final = frozenset(
    {_BOOK, _RELATIONS, _TYPES, "_rels/.rels", "xl/sharedstrings.xml", "xl/styles.xml"}
)


@dataclass(frozen=True)
class Part:
    """A sheet in an archive: its title, the name of its part, whether it is hidden."""

    title: str
    name: str
    hidden: bool


@dataclass(frozen=True)
class Book:
    """The parts of a workbook by their names in the archive, and its sheets in their order.

    `since_1904`: days are counted from 1904 instead of 1900.
    """

    members: Mapping[str, bytes]
    sheets: tuple[Part, ...]
    since_1904: bool

    def archive(self) -> bytes:
        """A new archive of these parts."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in self.members.items():
                archive.writestr(name, content)
        return buffer.getvalue()


def open_archive(data: bytes) -> tuple[zipfile.ZipFile, dict[str, str]]:
    """The archive, its sizes checked, and the names of its parts by their lower case. Errors: Unreadable, TooBig."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("这不是 Excel 文件，或者文件已损坏") from error
    _check_sizes(infos)
    names = {member.filename.lower(): member.filename for member in infos}
    if len(names) < len(infos):
        raise Unreadable("文件已损坏：压缩包中有同名的部分")
    return archive, names


def open_workbook(data: bytes) -> Book:
    """Check and unpack a workbook. Errors: Unreadable, TooBig."""
    archive, names = open_archive(data)
    _check_parts(names)
    contents = {name: content_of(archive, names[name]) for name in _NEEDED & names.keys()}
    if b"macroenabled" in contents.get(_TYPES, b"").lower():
        raise Unreadable(f"工作簿是含宏的格式（.xlsm），请{_SAVE_AS}")
    sheets = tuple(_sheets(contents))
    for sheet in sheets:
        name = sheet.name.lower()
        contents[name] = content_of(archive, names.get(name, sheet.name))
    members = {names[name]: content for name, content in contents.items()}
    return Book(members, sheets, _counts_from_1904(contents[_BOOK]))


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        raise TooBig("文件解开后过大，未予读取")
    for member in members:
        if member.flag_bits & 0x1:
            raise Unreadable("文件已加密，请取消密码后再导入")
        if member.file_size > 1 << 20 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise TooBig("文件的压缩比异常，未予读取")


def _check_parts(names: Mapping[str, str]) -> None:
    if not {_BOOK, _RELATIONS} <= names.keys():
        raise Unreadable(f"这个压缩文件里没有 Excel 工作簿，请{_SAVE_AS}")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(f"工作簿含有宏，请{_SAVE_AS}")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Unreadable("工作簿引用了别的文件，请断开链接（数据—编辑链接）后再导入")


def content_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """The unpacked content of a part; zipfile never reads more than the declared size. Errors: Unreadable."""
    try:
        content = archive.read(name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        LookupError,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
    ) as error:
        raise Unreadable("文件已损坏") from error
    # A NUL byte means UTF-16, in which the search for the declaration fails; Excel and WPS write UTF-8.
    if b"<!DOCTYPE" in content or b"\0" in content:
        raise Unreadable("工作簿内部含有不应有的声明，未予读取")
    return content


def _sheets(members: Mapping[str, bytes]) -> Iterator[Part]:
    targets = {
        item.get("Id"): item.get("Target", "") for item in _parsed(members[_RELATIONS]) if item.get("Id")
    }
    for sheet in _parsed(members[_BOOK]).iter():
        if _local(sheet.tag) == "sheet":
            reference = next((value for name, value in sheet.items() if name.endswith("}id")), None)
            target = targets.get(reference, "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            hidden = sheet.get("state", "visible") != "visible"
            yield Part(sheet.get("name", ""), name, hidden)


def _counts_from_1904(book: bytes) -> bool:
    properties = (item for item in _parsed(book).iter() if _local(item.tag) == "workbookPr")
    return any(item.get("date1904", "0").lower() in ("1", "true", "on") for item in properties)


def _parsed(content: bytes) -> ET.Element:
    if len(content) > MAX_INDEX_BYTES:
        raise TooBig("工作簿目录过大，未予读取")
    try:
        return ET.fromstring(content)  # noqa: S314
    except (ET.ParseError, LookupError, ValueError) as error:
        raise Unreadable("文件已损坏") from error


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
