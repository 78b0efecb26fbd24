"""Templates of the poster, the form and the sign-in sheet. Plain HTML without scripts or external resources."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import segno

from services.activities.domain.opinions import VOTER_CATEGORIES
from services.activities.domain.roll import Line
from shared.chinese.names import spaced
from shared.http.html import environment
from shared.security.codes import grouped

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = environment(_HERE)
_STYLE: Final = (_HERE / "style.css").read_text("utf-8")
_TEMPLATES.globals["style"] = _STYLE

_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content Security Policy: this style and the form's own address only."""

FIELDS: Final = ("category", "text", "name", "phone")


def form(town: str, station: str, values: dict[str, str], faults: dict[str, str]) -> str:
    """`values`: values entered before; `faults`: messages by field."""
    blank = dict.fromkeys(FIELDS, "")
    return _TEMPLATES.get_template("opinion.html").render(
        town=town, station=station, categories=VOTER_CATEGORIES, values=blank | values, faults=blank | faults
    )


def sign_in_sheet(town: str, title: str, day: date, roll: Sequence[Line]) -> str:
    """A4 pages with the head of the table on each."""
    return _TEMPLATES.get_template("sign_in_sheet.html").render(
        town=town, title=title, day=f"{day.year}年{day.month}月{day.day}日", roll=roll, spaced=spaced
    )


def message(title: str, *lines: str) -> str:
    return _TEMPLATES.get_template("message.html").render(title=title, lines=lines)


def poster(town: str, station: str, code: str, url: str) -> str:
    """One A4 page to print: QR code, address and the code as typed."""
    return _TEMPLATES.get_template("poster.html").render(
        town=town, station=station, code=grouped(code), url=url, qr=_qr(url)
    )


def address(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/o/{code}"


def _qr(url: str) -> str:
    """Error correction level Q, readable with a missing corner; large enough to be read from two metres."""
    return str(segno.make(url, error="q", micro=False).svg_inline(border=4, omitsize=True))
