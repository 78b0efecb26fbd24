"""Reader of an uploaded Word file: all of it in its order, what is no text by name; unsafe files are refused.

Tracked insertions are read, tracked deletions are not.
"""

import base64
import json
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from lxml import etree

from services.reports.document.edited.blocks import Blocks, Line
from services.reports.document.edited.words import Words
from services.reports.document.gbt9704.properties import local
from services.reports.document.reading import W, parse
from services.reports.errors import DocumentUnfit

MAX_BYTES: Final = 20 << 20
_UNPACKED: Final = 100 << 20
_PARTS: Final = 2_000
_OLE: Final = b"\xd0\xcf\x11\xe0"
_PROOF: Final = "customXml/"
_HYPERLINK: Final = "/relationships/hyperlink"


@dataclass(frozen=True)
class Edited:
    """Content of the file; `about`: custom properties with town and days, if still there, and what the manifest says of
    `period` and `edition`; `aside`: what of the file stands outside the text."""

    lines: list[Line]
    about: dict[str, str]
    aside: tuple[str, ...] = ()


def read(data: bytes) -> Edited:
    """Read a Word file. Errors: DocumentUnfit."""
    if data[:4] == _OLE:
        raise DocumentUnfit("这是旧版 doc 文件，或者加了密码：请取消密码，另存为 docx 再上传")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _harmless(archive)
            parts = {name: _xml(archive.read(name)) for name in archive.namelist() if _is_read(name)}
    except (
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        KeyError,
        ValueError,
        zlib.error,
        etree.XMLSyntaxError,
    ) as error:
        raise DocumentUnfit("不是 Word 文件（docx），或者文件已经损坏") from error
    body = parts["word/document.xml"].find(f"{W}body")
    if body is None:
        raise DocumentUnfit("不是 Word 文件（docx），或者文件已经损坏")
    return Edited(Blocks(Words(parts)).lines(body), _about(parts), tuple(_headers(parts)))


def _is_read(name: str) -> bool:
    part = name.startswith(("word/", _PROOF)) and name.count("/") == 1 and name.endswith(".xml")
    return part or name == "docProps/custom.xml"


def _about(parts: dict[str, Any]) -> dict[str, str]:
    properties = parts.get("docProps/custom.xml", ())
    about = {
        str(entry.get("name")): "".join(entry.itertext())
        for entry in properties
        if isinstance(entry.tag, str)
    }
    for name, root in parts.items():
        if name.startswith(_PROOF) and local(root) == "proof":
            about |= _stated(root.text or "")
    return about


def _stated(signed: str) -> dict[str, str]:
    """Period and edition that the file says it was made of; only a hint which texts to compare with, so it is not
    verified."""
    _, _, rest = signed.partition(".")
    payload = rest.partition(".")[0]
    try:
        stated = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    known = stated if isinstance(stated, dict) else {}
    return {name: str(known[name]) for name in ("period", "edition") if name in known}


def _headers(parts: dict[str, Any]) -> list[str]:
    """Page headers: the summary has none."""
    found = []
    for name, root in parts.items():
        text = "".join(root.itertext()).strip()
        drawn = next(root.iter(f"{W}drawing", f"{W}pict", f"{W}object"), None) is not None
        if name.startswith("word/header") and (text or drawn):
            found.append(f"页眉{f'“{text[:40]}”' if text else '中的图形、水印'}")
    return found


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
