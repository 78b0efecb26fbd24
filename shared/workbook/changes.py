"""What an import would change: cells of an export before and after, in the words of the sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.workbook.cells import discreet, shown
from shared.workbook.model import Column, Sheet
from shared.workbook.reports import ChangedCell
from shared.workbook.write import cell_value

Cells = Mapping[str, Any]


def changes(sheet: Sheet, before: Iterable[Cells], after: Iterable[Cells]) -> list[ChangedCell]:
    """Of rows with the same key, in the order of `after`. Rows that one of them has not are no changes."""
    was = {_key(sheet, row): row for row in before}
    found = []
    for row in after:
        old = was.get(_key(sheet, row))
        if old is not None and old != row:
            found += [
                ChangedCell(key="、".join(_key(sheet, row)), column=column.header, was=one, becomes=other)
                for column in sheet.columns
                for one, other in [(_text(column, old), _text(column, row))]
                if _value(column, old) != _value(column, row)
            ]
    return found


def _key(sheet: Sheet, row: Cells) -> tuple[str, ...]:
    return tuple(shown(_value(sheet.column(name), row)) for name in sheet.key)


def _value(column: Column, row: Cells) -> Any:
    return cell_value(column, row.get(column.field))


def _text(column: Column, row: Cells) -> str:
    return "（不显示）" if column.private else discreet(shown(_value(column, row)))
