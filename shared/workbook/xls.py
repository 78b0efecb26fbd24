"""Reading of .xls, the format of Excel 97 to 2003, in which WPS saves .et too."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final

import xlrd

from shared.workbook.model import ABOVE, EPOCH_1904, MAX_COLUMNS, MAX_ROWS, Page, Unreadable
from shared.workbook.survey import address

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOCKED: Final = "文件有密码，请取消密码（文件—保护工作簿）并另存后再导入"
_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_FIRST_SAFE: Final = 61
"""Before it the days of 1900 are counted in two ways."""


def read_xls(data: bytes) -> list[Page]:
    """Errors: Unreadable."""
    if _ENCRYPTED in data:
        raise Unreadable(_LOCKED)
    if _MACROS in data:
        raise Unreadable("工作簿含有宏，请另存为“Excel 工作簿（.xlsx）”后再导入")
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return [_page(sheet, book.datemode) for sheet in book.sheets()]
    except xlrd.XLRDError as error:
        reason = _LOCKED if "encrypted" in str(error) else "文件已损坏，无法读取；请另存为 .xlsx 后再导入"
        raise Unreadable(reason) from error
    except Exception as error:  # of a damaged file it raises whatever its unpacking meets
        raise Unreadable("文件已损坏，无法读取；请另存为 .xlsx 后再导入") from error


def _page(sheet: Any, datemode: int) -> Page:
    page = Page(sheet.name, hidden=sheet.visibility != 0, epoch=EPOCH_1904 if datemode else None)
    for row in range(sheet.nrows):
        line = [_value(page, row, column, cell, datemode) for column, cell in enumerate(sheet.row(row))]
        while line and line[-1] == "":
            line.pop()
        if line and (row >= MAX_ROWS + ABOVE or len(line) > MAX_COLUMNS):
            page.too_far = address(row + 1, len(line))
            page.cells = []
            return page
        page.cells.append(line)
    for top, bottom, left, right in sheet.merged_cells:
        page.merged.append(f"{address(top + 1, left + 1)}:{address(bottom, right)}")
    page.hidden_rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    page.hidden_columns = {column + 1 for column, info in sheet.colinfo_map.items() if info.hidden}
    return page


def _value(page: Page, row: int, column: int, cell: Any, datemode: int) -> Any:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        page.errors.add(address(row + 1, column + 1))
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE and cell.value >= _FIRST_SAFE:
        moment: datetime = xlrd.xldate_as_datetime(cell.value, datemode)
        return moment
    return cell.value
