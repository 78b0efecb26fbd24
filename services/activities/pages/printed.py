"""PDF of sheets and of the poster; the words of those that are pages too are the same there."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import segno

from services.activities.domain.roll import Line
from shared.chinese.names import spaced
from shared.documents.faces import face
from shared.documents.posters import poster_pdf
from shared.documents.sheets import Sheet, Table
from shared.documents.tables import sheets_pdf
from shared.security.codes import grouped


def sign_in_sheet(font: Path | None, town: str, title: str, day: date, roll: Sequence[Line]) -> bytes:
    """Errors: FontMissing."""
    rows = [
        (
            str(line.number),
            spaced(line.name),
            f"第{line.group}组" if line.group else "",
            line.constituency,
            "",
            "",
        )
        for line in roll
    ]
    sheet = Sheet(
        f"{title}签到册",
        [f"{town}　{day.year}年{day.month}月{day.day}日　应到 {len(roll)} 人"],
        [
            Table(
                ("序号", "姓名", "组别", "选区（单位）", "签名", "请假事由、批准人"),
                (6, 14, 10, 22, 22, 26),
                rows,
            )
        ],
        ["请假写明事由：病假、公务、家事、其他。登记人：＿＿＿＿＿＿＿＿"],
    )
    return drawn(font, sheet)


def drawn(font: Path | None, sheet: Sheet) -> bytes:
    """Errors: FontMissing."""
    return sheets_pdf(face(font), sheet.title, [sheet])


def poster(font: Path | None, town: str, station: str, code: str, url: str) -> bytes:
    """Errors: FontMissing."""
    modules = [list(row) for row in segno.make_qr(url, error="q").matrix]
    above = [(36.0, "有话跟代表说"), (20.0, f"{town}人大代表{station}")]
    below = [
        (18.0, "扫一扫，留下您的意见和建议"),
        (14.0, "不用登录，不用关注，姓名电话可填可不填"),
        (14.0, grouped(code)),
        (9.0, url),
    ]
    return poster_pdf(face(font), "意见二维码", above, modules, below)
