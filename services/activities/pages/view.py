"""Templates of the poster, the form and the sign-in sheet. Plain HTML without scripts or external resources."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from services.activities.domain.opinions import VOTER_CATEGORIES
from services.activities.domain.roll import Line
from shared.chinese.names import spaced
from shared.http.html import PublicPages, qr_svg
from shared.security.codes import grouped

PAGES: Final = PublicPages(Path(__file__).parent)
FIELDS: Final = ("category", "text", "name", "phone")


def form(town: str, station: str, values: dict[str, str], faults: dict[str, str]) -> str:
    """`values`: values entered before; `faults`: messages by field."""
    blank = dict.fromkeys(FIELDS, "")
    return PAGES.render(
        "opinion.html",
        town=town,
        station=station,
        categories=VOTER_CATEGORIES,
        values=blank | values,
        faults=blank | faults,
    )


def sign_in_sheet(town: str, title: str, day: date, roll: Sequence[Line]) -> str:
    """A4 pages with the head of the table on each."""
    return PAGES.render(
        "sign_in_sheet.html",
        town=town,
        title=title,
        day=f"{day.year}年{day.month}月{day.day}日",
        roll=roll,
        spaced=spaced,
    )


def message(title: str, *lines: str) -> str:
    return PAGES.render("message.html", title=title, lines=lines)


def poster(town: str, station: str, code: str, url: str) -> str:
    """One A4 page to print: QR code, address and the code as typed."""
    return PAGES.render(
        "poster.html", town=town, station=station, code=grouped(code), url=url, qr=qr_svg(url)
    )


def address(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/o/{code}"
