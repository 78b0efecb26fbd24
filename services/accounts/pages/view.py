"""Templates of the set-up page. Plain HTML without scripts or external resources."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.accounts.schemas.set_ups import SetUpOut
from shared.http.html import PublicPages

PAGES: Final = PublicPages(Path(__file__).parent)
KEPT: Final = ("name", "display_name", "area")
"""Fields that are filled in again after a fault; passwords never are."""


def set_up(offer: SetUpOut, values: Mapping[str, str], fault: str) -> str:
    """`values`: values entered before; `fault`: what was wrong with them."""
    shown = {name: values.get(name, "") for name in KEPT}
    return PAGES.render(
        "set_up.html",
        first=offer.first,
        name=offer.name,
        display_name=offer.display_name,
        second_step=offer.second_step,
        values=shown,
        fault=fault,
    )


def message(title: str, *lines: str, done: bool = False) -> str:
    """`done`: the password is set, so that signing in is the next step."""
    return PAGES.render("message.html", title=title, lines=lines, done=done)
