"""Template of the public cards, and their addresses. Plain HTML without scripts or external resources."""

import base64
import hashlib
from pathlib import Path
from typing import Final

import segno

from services.reports.domain.cards import Card
from shared.chinese.names import short_id, spaced
from shared.http.html import environment

_HERE: Final = Path(__file__).parent
_TEMPLATES: Final = environment(_HERE)
_STYLE: Final = (_HERE / "style.css").read_text("utf-8")
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; frame-ancestors 'none'"
"""Content Security Policy: this style only."""


def page(card: Card) -> str:
    return _TEMPLATES.get_template("card.html").render(card=card, spaced=spaced, style=_STYLE)


def message(title: str) -> str:
    return _TEMPLATES.get_template("message.html").render(title=title, style=_STYLE)


def address(base_url: str, town: str, id: str) -> str:
    """The short address of a card."""
    return f"{base_url.rstrip('/')}/reports/p/{town}/{short_id(id)}"


def qr(url: str) -> str:
    """Error correction level Q: readable with a missing corner."""
    return str(segno.make(url, error="q", micro=False).svg_inline(border=4, omitsize=True))
