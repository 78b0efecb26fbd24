"""PDF of sheets and of the poster; the words of those that are pages too are the same there."""

from pathlib import Path

import segno

from shared.documents.faces import face
from shared.documents.layout import Layout
from shared.documents.posters import poster_pdf
from shared.documents.sheets import Sheet
from shared.documents.tables import layout_of, sheets_pdf
from shared.security.codes import grouped


def drawn(font: Path | None, sheet: Sheet) -> bytes:
    """Errors: FontMissing."""
    return sheets_pdf(face(font), sheet.title, [sheet])


def layout(font: Path | None, sheet: Sheet) -> Layout:
    """Where the boxes of a marked sheet are. Errors: FontMissing."""
    return layout_of(face(font), sheet)


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
