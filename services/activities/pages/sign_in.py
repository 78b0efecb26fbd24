"""What is printed to be filled in, and read from its photograph: sign-in sheet and register of a reception."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.activities.domain.roll import Line
from services.activities.domain.scanned import OPINION, REASONS, SIGNED, VOTER, box_name
from shared.chinese.names import spaced
from shared.documents.marks import Subject
from shared.documents.sheets import Sheet, Table

VISITS: Final = 14
"""Lines of a register: as many as fit one page."""


def sign_in(subject: Subject, town: str, title: str, day: date, roll: Sequence[Line]) -> Sheet:
    rows, boxes = [], []
    for line in roll:
        group = f"第{line.group}组" if line.group else ""
        rows.append((str(line.number), spaced(line.name), group, line.constituency, *[""] * 6))
        read = (box_name(line.deputyship_id, column) for column in (SIGNED, *REASONS.values()))
        boxes.append((*[""] * 4, *read, ""))
    return Sheet(
        f"{title}签到册",
        [f"{town}　{day.year}年{day.month}月{day.day}日　应到 {len(roll)} 人"],
        [
            Table(
                ("序号", "姓名", "组别", "选区（单位）", "签名", *REASONS, "批准人"),
                (6, 13, 9, 17, 21, 6, 6, 6, 6, 10),
                rows,
                boxes,
            )
        ],
        ["到会的在“签名”栏签名；请假的不签名，在事由栏打勾，并写明批准人。登记人：＿＿＿＿＿＿＿＿"],
        marked=subject,
    )


def register(subject: Subject, town: str, station: str, day: date) -> Sheet:
    lines = range(1, VISITS + 1)
    return Sheet(
        "代表接待选民登记表",
        [f"{town}　{station}　{day.year}年{day.month}月{day.day}日　接待代表：＿＿＿＿＿＿＿＿"],
        [
            Table(
                ("序号", "来访选民", "反映的意见", "答复或者转办"),
                (6, 20, 52, 22),
                [(str(n), "", "", "") for n in lines],
                [("", box_name(str(n), VOTER), box_name(str(n), OPINION), "") for n in lines],
                lines=2,
            )
        ],
        ["一名选民一行，没有提意见的空着“反映的意见”。登记人：＿＿＿＿＿＿＿＿"],
        marked=subject,
    )
