"""Reading of .csv: text as Excel and other programs save it, in UTF-8, UTF-16 or GB 18030, whatever its separator."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import Any, Final

from shared.workbook.model import ABOVE, MAX_COLUMNS, MAX_ROWS, Page, Unreadable
from shared.workbook.survey import address

_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS: Final = ",\t;，"
_NOT_READ: Final = "这不是 Excel 工作簿（.xlsx、.xls、.ods）或 .csv 文件，或者文件已损坏"


def read_delimited(data: bytes, title: str) -> Page:
    """Errors: Unreadable."""
    text = _decoded(data)
    if not text.strip() or any(unicodedata.category(c) in ("Cc", "Cn") and c not in "\r\n\t" for c in text):
        raise Unreadable(_NOT_READ)
    first = next(line for line in text.splitlines() if line.strip())
    separator = max(_SEPARATORS, key=first.count)
    page = Page(title, untitled=True)
    try:
        for number, line in enumerate(
            csv.reader(io.StringIO(text), delimiter=separator, strict=True), start=1
        ):
            if number > MAX_ROWS + ABOVE or len(line) > MAX_COLUMNS:
                page.too_far = address(number, min(len(line), MAX_COLUMNS) + 1)
                break
            page.cells.append(_cells(line))
    except csv.Error as error:
        raise Unreadable(f"{_NOT_READ}：引号不成对") from error
    return page


def _decoded(data: bytes) -> str:
    """The text by its byte order mark; else UTF-8; else GB 18030, which GBK and GB 2312 are part of."""
    marked = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_NOT_READ)


def _cells(line: list[str]) -> list[Any]:
    return [cell if cell.strip() else "" for cell in line]
