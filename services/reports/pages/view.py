"""Template of the public cards, and their addresses. Plain HTML without scripts or external resources."""

from pathlib import Path
from typing import Final

from services.reports.domain.cards import Card
from shared.chinese.names import short_id, spaced
from shared.http.html import PublicPages

PAGES: Final = PublicPages(Path(__file__).parent, "base-uri 'none'; frame-ancestors 'none'")


def page(card: Card) -> str:
    return PAGES.render("card.html", card=card, spaced=spaced)


def message(title: str) -> str:
    return PAGES.render("message.html", title=title)


def address(base_url: str, town: str, id: str) -> str:
    """The short address of a card."""
    return f"{base_url.rstrip('/')}/reports/p/{town}/{short_id(id)}"
