"""The audit: who signed in, whose rights changed, who looked at personal data."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.menu import AUDITOR, COUNTY, OFFICE
from services.console.visit import Visit, page
from services.console.words import WORDS

SHOWN: Final = 100
NOUNS: Final = {
    "person": ("/people/{id}", "人员"),
    "account": ("/accounts/{id}", "账号"),
    "client": ("/clients", "程序凭证"),
    "opinion": ("/opinions/{id}", "选民意见"),
}
"""The page and the word of what an entry is about."""
KEYS: Final = {"tokens": "签发凭证的密钥", "data": "加密数据的密钥"}


@page("/audit", roles=OFFICE | COUNTY | AUDITOR)
async def show_audit(visit: Visit) -> web.Response:
    """Of the town; of the county, where no town is open."""
    area = visit.session.town or visit.session.area.ljust(9, "0")
    kind = visit.asked("kind") if visit.asked("kind") in WORDS["audit"] else ""
    found, *named = await asyncio.gather(
        visit.api.get(
            f"/accounts/v1/towns/{area}/audit", limit=SHOWN, cursor=visit.asked("cursor"), kind=kind
        ),
        part(visit.api.all("/accounts/v1/accounts", limit=200), LATE_SECONDS),
        part(visit.api.all("/accounts/v1/clients", limit=200), LATE_SECONDS),
    )
    names = {one["id"]: one["name"] for some in named for one in some or ()}
    return visit.html(
        "audit.html",
        entries=[{**entry, "places": _places(entry, names)} for entry in found["items"]],
        next=found["next_cursor"],
        kind=kind,
        kinds=tuple(WORDS["audit"].items()),
    )


def _places(entry: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(page, words) of what the entry is about: at most three, the others are counted. `names`: of accounts and
    programs, by id."""
    subjects = entry["records"] or [entry["subject"]]
    found = []
    for subject in subjects[:3]:
        noun, _, id = subject.partition("/")
        page, word = NOUNS.get(noun, ("", KEYS.get(id, subject)))
        named = names.get(id, "")
        unknown = noun == "account" and not named  # as at a sign-in with a name that nobody has
        found.append(("" if unknown else page.format(id=id), f"{word} {named}".strip()))
    return found


PAGES: Final = (show_audit,)
