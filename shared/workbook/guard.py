"""Checks before a workbook is parsed: a small .xlsx without macros, external links, encryption or zip bombs.

The archive is unpacked once, within limits, and only the parts that are needed are passed on: the directory of an
archive may be false, and two parsers may read the same archive differently.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat  # limits entity expansion since 2.4.1; declarations are refused anyhow

from shared.workbook.model import TooBig, Unreadable

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_MEMBERS: Final = 500
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 150
"""Limit for members over 1 MiB; real sheets compress 5 to 30 fold."""
MAX_ELEMENTS: Final = 1_000_000
"""Limit of XML elements of a sheet; the widest sheet, full, has half as many."""
MAX_INDEX_BYTES: Final = 1 << 20
"""Limit of the parts that list the sheets."""

_CHUNK: Final = 1 << 16
_SAVE_AS: Final = "另存为“Excel 工作簿（.xlsx）”后再导入"
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[content_types].xml"
_NEEDED: Final = frozenset(
    {_BOOK, _RELATIONS, _TYPES, "_rels/.rels", "xl/sharedstrings.xml", "xl/styles.xml"}
)
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_AREA: Final = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")


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


def open_workbook(data: bytes, max_bytes: int = MAX_BYTES) -> Book:
    """Check and unpack a workbook. Errors: Unreadable, TooBig."""
    if len(data) > max_bytes:
        raise TooBig(f"文件有 {len(data) / 1048576:.1f} MB，超过 {max_bytes // 1048576} MB 的上限")
    if data.startswith(_OLE2):
        raise Unreadable(f"这是加密的或旧版（.xls）的 Excel 文件，请取消密码并{_SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("这不是 .xlsx 文件，或者文件已损坏") from error
    _check_sizes(infos)
    names = {member.filename.lower(): member.filename for member in infos}
    if len(names) < len(infos):
        raise Unreadable("文件已损坏：压缩包中有同名的部分")
    _check_parts(names)
    contents = {name: _content(archive, names[name]) for name in _NEEDED & names.keys()}
    if b"macroenabled" in contents.get(_TYPES, b"").lower():
        raise Unreadable(f"工作簿是含宏的格式（.xlsm），请{_SAVE_AS}")
    sheets = tuple(_sheets(contents))
    for sheet in sheets:
        name = sheet.name.lower()
        contents[name] = _content(archive, names.get(name, sheet.name))
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


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    """The unpacked content of a part; zipfile never reads more than the declared size. Errors: Unreadable."""
    try:
        content = archive.read(name)
    except (zipfile.BadZipFile, zlib.error, LookupError, OSError, EOFError, RuntimeError) as error:
        raise Unreadable("文件已损坏") from error
    # A NUL byte means UTF-16, in which the search for the declaration fails; Excel and WPS write UTF-8.
    if b"<!DOCTYPE" in content or b"\0" in content:
        raise Unreadable("工作簿内部含有不应有的声明，未予读取")
    return content


@dataclass
class Survey:
    """What the parser does not report: formulas and errors, merged cells, the first cell beyond the limits."""

    formulas: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    too_far: str = ""


def survey(content: bytes, *, max_rows: int, max_columns: int) -> Survey:
    """Read a sheet's XML up to the first cell beyond the limits, because the parser would allocate memory up to it.

    Element names are compared without namespace, as the parser does. Rows and cells must be in order, each once.
    Errors: Unreadable, TooBig.
    """
    walk = _Walk(max_rows, max_columns)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = walk.enter, walk.leave
    try:
        for start in range(0, len(content), _CHUNK):
            parser.Parse(content[start : start + _CHUNK])
            if walk.survey.too_far:
                return walk.survey
        parser.Parse(b"", True)  # noqa: FBT003 - has no name
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable("文件已损坏") from error
    return walk.survey


class _Walk:
    """The expat handlers of a survey and their state."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        self.limits = max_rows, max_columns
        self.survey = Survey()
        self.seen = self.row = self.column = 0
        self.in_data = self.in_cell = False

    def enter(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        if self.seen > MAX_ELEMENTS:
            raise TooBig("工作表内容过多，未予读取")
        name = _local(tag)
        if self.in_cell:
            self._within_cell(name)
        elif name == "c" and self.in_data:
            self._cell(attributes)
        elif name == "row" and self.in_data:
            before, self.column = self.row, 0
            self.row = _number(attributes.get("r"), before + 1)
            if self.row <= before:
                raise ValueError("rows out of order")
        elif name == "mergeCell":
            self.survey.merged.append(_area(attributes.get("ref", "")))
        elif name == "sheetData":
            self.in_data = True

    def leave(self, tag: str) -> None:
        name = _local(tag)
        if name == "sheetData":
            self.in_data = False
        elif name == "c":
            self.in_cell = False

    def _cell(self, attributes: dict[str, str]) -> None:
        row, column = position(attributes.get("r") or address(self.row, self.column + 1))
        if row != self.row or column <= self.column:
            raise ValueError("cells out of order")
        self.column, self.in_cell = column, True
        if attributes.get("t") == "e":
            self.survey.formulas.add(address(row, column))

    def _within_cell(self, name: str) -> None:
        """Handle an element within a cell, which thus has content. Empty formatted cells may be beyond the limits."""
        if (self.row > self.limits[0] or self.column > self.limits[1]) and not self.survey.too_far:
            self.survey.too_far = address(self.row, self.column)
        if name == "f":
            self.survey.formulas.add(address(self.row, self.column))


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


def _number(written: str | None, default: int) -> int:
    if written is None:
        return default
    if not re.fullmatch("[0-9]{1,7}", written):
        raise ValueError(f"no row has the number {written[:20]}")
    return int(written)


def _area(reference: str) -> str:
    if not _AREA.fullmatch(reference):
        raise ValueError(f"no area is {reference[:20]}")
    return reference


def address(row: int, column: int) -> str:
    """The reference of a cell, row and column counted from 1: `address(7, 2)` is "B7"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def position(reference: str) -> tuple[int, int]:
    """(row, column) of a reference: `position("B7")` is (7, 2). Errors: ValueError."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"no cell is {reference[:20]}")
    column = 0
    for character in match[1].upper():
        column = column * 26 + ord(character) - 64
    return int(match[2]), column
