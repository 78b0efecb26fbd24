"""The audit: who signed in, whose rights changed, who looked at personal data."""

from typing import Any, Final

from aiohttp import web

from services.console.menu import AUDITOR, COUNTY, OFFICE
from services.console.visit import Visit, page
from services.console.words import WORDS

SHOWN: Final = 100
NOUNS: Final = {"person": "/people/{id}", "account": "/accounts/{id}", "opinion": "/receptions"}


@page("/audit", roles=OFFICE | COUNTY | AUDITOR)
async def show_audit(visit: Visit) -> web.Response:
    """Of the town; of the county, where no town is open."""
    area = visit.session.town or visit.session.area.ljust(9, "0")
    kind = visit.asked("kind") if visit.asked("kind") in WORDS["audit"] else ""
    found = await visit.api.get(
        f"/accounts/v1/towns/{area}/audit", limit=SHOWN, cursor=visit.asked("cursor"), kind=kind
    )
    return visit.html(
        "audit.html",
        entries=[{**entry, "places": _places(entry)} for entry in found["items"]],
        next=found["next_cursor"],
        kind=kind,
        kinds=tuple(WORDS["audit"].items()),
    )


def _places(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """(page, words) of what the entry is about: at most three, the others are counted."""
    subjects = entry["records"] or [entry["subject"]]
    found = []
    for subject in subjects[:3]:
        noun, _, id = subject.partition("/")
        pattern = NOUNS.get(noun)
        found.append(
            (
                pattern.format(id=id) if pattern else "",
                {"person": "人员", "account": "账号"}.get(noun, subject),
            )
        )
    return found


PAGES: Final = (show_audit,)
