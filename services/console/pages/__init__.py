"""The pages, one module a subject; `PAGES` has them all."""

from typing import Final

from services.console.pages import (
    accounts,
    activities,
    activity_form,
    attendance,
    audit,
    changes,
    clients,
    deputies,
    deputy,
    deputy_acts,
    desk,
    excel,
    home,
    ledgers,
    own,
    places,
    presidium,
    sessions,
    sign_in,
    suggestion_steps,
    suggestions,
    upkeep,
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
    *deputies.PAGES,
    *changes.PAGES,
    *excel.PAGES,
    *ledgers.PAGES,
    *accounts.PAGES,
    *clients.PAGES,
    *audit.PAGES,
    *upkeep.PAGES,
    *deputy.PAGES,
    *deputy_acts.PAGES,
)
