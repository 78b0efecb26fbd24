"""Sheets to read in tests, and workbooks as another program would write them."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from shared.workbook import Column, Sheet

PEOPLE = Sheet(
    "人员",
    (
        Column("姓名", "name", required=True),
        Column("性别", "gender", "choice", choices={"男": "m", "女": "f"}),
        Column("手机号", "phone"),
        Column("任职日期", "started_on", "date"),
        Column("票数", "votes", "integer"),
        Column("职务", "roles", "names", choices={"主席": "chair", "组长": "leader"}),
        Column("请假", "leave", "noted", choices={"病假": "illness", "公务": "duty"}),
        Column("议题", "topics", "lines"),
        Column("到会", "came", "flag"),
    ),
    key=("name",),
)
COUNTS = Sheet("计票（第一遍）", (Column("会议", "meeting", required=True), Column("票", "n", "integer")))
SHEETS = (PEOPLE, COUNTS)
HEADERS = [column.header for column in PEOPLE.columns]


def book(
    *rows: Sequence[Any], title: str = "人员", also: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    if also:
        also(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
