"""The pages, one module a subject; `PAGES` has them all."""

from typing import Final

from services.console.pages import desk, home, own, places, sign_in
from services.console.visit import Page

PAGES: Final[tuple[Page, ...]] = (
    *sign_in.PAGES,
    *desk.PAGES,
    *home.PAGES,
    *own.PAGES,
    *places.PAGES,
)
