"""The pages, one module a subject; `PAGES` has them all."""

from typing import Final

from services.console.pages import (
    activities,
    activity_form,
    attendance,
    desk,
    home,
    own,
    places,
    presidium,
    sessions,
    sign_in,
    suggestion_steps,
    suggestions,
)
from services.console.visit import Page

PAGES: Final[tuple[Page, ...]] = (
    *sign_in.PAGES,
    *desk.PAGES,
    *home.PAGES,
    *own.PAGES,
    *places.PAGES,
    *activities.PAGES,
    *activity_form.PAGES,
    *attendance.PAGES,
    *presidium.PAGES,
    *sessions.PAGES,
    *suggestion_steps.PAGES,
    *suggestions.PAGES,
)
