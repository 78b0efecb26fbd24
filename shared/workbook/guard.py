"""What is looked at before a workbook is parsed: a small .xlsx without macros, links, passwords, bombs."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET  # expat of Python 3.11 limits entity expansion; DTDs are refused

from shared.workbook.model import TooBig, Unreadable

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_MEMBERS: Final = 500
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_RATIO: Final = 150
"""Real sheets pack 5–30 fold. Only asked of members over 1 MiB: a tiny file may pack better."""

_SAVE_AS: Final = "另存为“Excel 工作簿（.xlsx）”后再导入"
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def opened(data: bytes, max_bytes: int = MAX_BYTES) -> zipfile.ZipFile:
    """The archive, once it is safe to unpack."""
    if len(data) > max_bytes:
        raise TooBig(f"文件有 {len(data) / 1048576:.1f} MB，超过 {max_bytes // 1048576} MB 的上限")
    if data.startswith(_OLE2):
        raise Unreadable(f"这是加密的或旧版（.xls）的 Excel 文件，请取消密码并{_SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("这不是 .xlsx 文件，或者文件已损坏") from error
    _small(members)
    _plain(archive, {member.filename for member in members})
    return archive


def _small(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES:
        raise TooBig("文件解开后过大，未予读取")
    for member in members:
        if member.flag_bits & 0x1:
            raise Unreadable("文件已加密，请取消密码后再导入")
        if member.file_size > 1 << 20 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise TooBig("文件的压缩比异常，未予读取")


def _plain(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "xl/workbook.xml" not in names:
        raise Unreadable(f"这个压缩文件里没有 Excel 工作簿，请{_SAVE_AS}")
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(f"工作簿含有宏，请{_SAVE_AS}")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Unreadable("工作簿引用了别的文件，请断开链接（数据—编辑链接）后再导入")
    for name in names:
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _content(archive, name):
            raise Unreadable("工作簿内部含有不应有的声明，未予读取")


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, LookupError, OSError, EOFError, RuntimeError) as error:
        raise Unreadable("文件已损坏") from error


@dataclass
class Survey:
    """What parsing would not show: computed values or errors in their place, merged cells, how far content reaches."""

    formulas: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    too_far: str = ""


def survey(archive: zipfile.ZipFile, part: str, *, max_rows: int, max_columns: int) -> Survey:
    """Walk one sheet, up to the first cell beyond the limits: the parser proper would allocate up to it."""
    found = Survey()
    row = column = 0
    content = io.BytesIO(_content(archive, part))
    try:
        for event, element in ET.iterparse(content, events=("start", "end")):  # noqa: S314
            if event == "start" and element.tag == f"{_MAIN}row":
                row, column = int(element.get("r") or row + 1), 0
            elif event == "end" and element.tag == f"{_MAIN}c":
                row, column = position(element.get("r") or address(row, column + 1))
                if len(element) and (row > max_rows or column > max_columns):
                    found.too_far = address(row, column)
                    return found
                if element.find(f"{_MAIN}f") is not None or element.get("t") == "e":
                    found.formulas.add(address(row, column))
            elif event == "end" and element.tag == f"{_MAIN}mergeCell":
                found.merged.append(element.get("ref", ""))
            elif event == "end" and element.tag == f"{_MAIN}row":
                element.clear()
    except (ET.ParseError, ValueError) as error:
        raise Unreadable("文件已损坏") from error
    return found


def parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet title → member of the archive."""
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    try:
        targets = {
            item.get("Id"): item.get("Target", "")
            for item in ET.fromstring(_content(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314
        }
        book = ET.fromstring(_content(archive, "xl/workbook.xml"))  # noqa: S314
    except ET.ParseError as error:
        raise Unreadable("文件已损坏") from error
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(relation), "")
        found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def address(row: int, column: int) -> str:
    """`address(7, 2)` is "B7"; both from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def position(reference: str) -> tuple[int, int]:
    """`position("B7")` is (7, 2)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    return int(reference[len(letters) :]), column
