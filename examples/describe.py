"""Generates the part of README.md that lists all sheets and columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from examples.sheets import WORKBOOKS
from shared.workbook import Column, ColumnKind, Sheet

README: Final = Path(__file__).with_name("README.md")
_MARK: Final = "<!-- sheets: made by build.py -->"


def replace_listing(text: str) -> str:
    """`text` with a new list below the mark, to the end of the file."""
    head, mark, _ = text.partition(_MARK)
    return f"{head}{mark}\n\n{_listing()}"


def _listing() -> str:
    parts = []
    for name, sheets in WORKBOOKS.items():
        parts.append(f"## {name}\n")
        parts.extend(_sheet(sheet) for sheet in sheets)
    return "\n".join(parts)


def _sheet(sheet: Sheet) -> str:
    key = " + ".join(sheet.column(field).header for field in sheet.key)
    rows = [_row(column) for column in sheet.columns]
    return "\n".join(
        [
            f"### {sheet.name}\n",
            f"关键列：{key}\n",
            "| 列 | 填法 | 说明 | 字段 |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


KINDS: Final[Mapping[ColumnKind, str]] = {
    "text": "文字",
    "integer": "整数",
    "number": "编号",
    "date": "日期",
    "choice": "选一个词",
    "flag": "是否",
    "names": "几项",
    "numbers": "一个或几个整数",
    "lines": "几行",
    "noted": "姓名和事由",
    "people": "人员",
}


def _row(column: Column) -> str:
    words = "、".join(column.choices)
    meaning = "；".join(part for part in (words, column.note) if part)
    header = f"**{column.header}**" if column.required else column.header
    return f"| {header} | {KINDS[column.kind]} | {meaning} | `{column.field}` |"


def headers(sheets: Sequence[Sheet]) -> dict[str, list[str]]:
    return {sheet.name: [column.header for column in sheet.columns] for sheet in sheets}
