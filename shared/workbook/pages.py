"""Pages: the sheets of a file as they stand in it, whatever its format: .xlsx, .xls, .ods or .csv."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from shared.workbook import guard
from shared.workbook.delimited import read_delimited
from shared.workbook.model import ABOVE, EPOCH_1904, MAX_COLUMNS, MAX_ROWS, Page, TooBig, Unreadable
from shared.workbook.ods import is_ods, read_ods
from shared.workbook.survey import survey
from shared.workbook.xls import read_xls

_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK"


def open_pages(data: bytes, *, filename: str = "", max_bytes: int = guard.MAX_BYTES) -> list[Page]:
    """The sheets of a file, recognised by its content. `filename` is the title of the only page of a .csv.

    Errors: Unreadable, TooBig.
    """
    if len(data) > max_bytes:
        raise TooBig(f"文件有 {len(data) / 1048576:.1f} MB，超过 {max_bytes // 1048576} MB 的上限")
    if data.startswith(_OLE2):
        return read_xls(data)
    if data.startswith(_ZIP):
        return read_ods(data) if is_ods(data) else _read_xlsx(data)
    return [read_delimited(data, PurePath(filename).stem)]


def _read_xlsx(data: bytes) -> list[Page]:
    book = guard.open_workbook(data)
    pages = [_surveyed(part, book) for part in book.sheets]
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(book.archive())) as calamine:
            for page in _readable(pages):
                page.cells = calamine.get_sheet_by_name(page.title).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("文件已损坏，无法读取") from error
    return pages


def _surveyed(part: guard.Part, book: guard.Book) -> Page:
    found = survey(book.members[part.name], max_rows=MAX_ROWS + ABOVE, max_columns=MAX_COLUMNS)
    return Page(
        part.title,
        hidden=part.hidden,
        merged=found.merged,
        formulas=found.formulas,
        uncomputed=found.uncomputed,
        errors=found.errors,
        hidden_rows=found.hidden_rows,
        hidden_columns=found.hidden_columns,
        too_far=found.too_far,
        epoch=EPOCH_1904 if book.since_1904 else None,
    )


def _readable(pages: Sequence[Page]) -> list[Page]:
    return [page for page in pages if not page.too_far]
