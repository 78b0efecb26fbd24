"""PDF of the count sheets; the words are those of the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.ratings.domain import Meeting
from services.ratings.pages.view import deputies
from shared.documents.faces import face
from shared.documents.sheets import Sheet, Table
from shared.documents.tables import sheets_pdf

BLANK: Final = "＿" * 8


def count_sheets(font: Path | None, meeting: Meeting, town: str, names: Mapping[str, str]) -> bytes:
    """One per entry, group and dimension. Errors: FontMissing."""
    return sheets_pdf(
        face(font),
        f"{town}人大代表述职测评计票表",
        [
            _sheet(meeting, town, [name for name, _ in deputies(meeting, names)], entry, group, dimension)
            for entry in "一二"
            for group in [group.code for group in meeting.scheme.groups] or [""]
            for dimension in meeting.scheme.dimensions or [""]
        ],
    )


def _sheet(meeting: Meeting, town: str, names: list[str], entry: str, group: str, dimension: str) -> Sheet:
    day, labels = meeting.held_on, [option.label for option in meeting.scheme.options]
    words = [f"{day.year}年{day.month}月{day.day}日", meeting.constituency, meeting.scheme.name]
    words += [f"评议群体：{group}" if group else "", f"评议项目：{dimension}" if dimension else ""]
    columns = ["述职代表", *labels, "弃权", "划错", "合计"]
    totals = ["发出", "", "收回", "", "废票", "", "有效", ""]
    return Sheet(
        f"{town}人大代表述职测评计票表（第{entry}遍）",
        ["　".join(filter(None, words))],
        [
            Table(totals, [1.0] * len(totals), []),
            Table(
                columns,
                [2.0, *[1.0] * (len(columns) - 1)],
                [[name, *[""] * (len(columns) - 1)] for name in names],
            ),
        ],
        [
            "收回不多于发出；有效＝收回－废票；每行各项合计＝有效。一行打两个勾记“划错”，一行空着记“弃权”。",
            f"计票人：{BLANK}　监票人：{'、'.join(meeting.scrutineers) or BLANK}　　　年　　月　　日",
        ],
    )
