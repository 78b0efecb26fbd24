"""What belongs to no one page: the year and town that are worked on, drafts, preferences, the way to find a record."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import part
from services.console.errors import NoPage
from services.console.menu import AUDITOR, COUNTY, EVERYBODY, OFFICE, of
from services.console.visit import Visit, action, local, page
from shared.chinese.numerals import whole
from shared.days import FIRST_DAY, LAST_DAY
from shared.errors import Malformed

DRAFT_BYTES: Final = 512 * 1024
TOWN: Final = re.compile(r"[0-9]{9}")
FOUND: Final = 8
SEARCHED: Final = (
    ("代表", "roster", "deputies", "name", "/deputies/{deputyship_id}"),
    ("活动", "activities", "activities", "title", "/activities/{id}"),
    ("建议", "activities", "suggestions", "title", "/suggestions/{id}"),
)
"""Heading, service, list, the field that names an item, and its page."""
RECORDS: Final[Mapping[str, str]] = {
    "activity": "/activities/{id}",
    "draft": "/activities/drafts/{id}",
    "session": "/sessions/{id}",
    "presidium_meeting": "/presidium/{id}",
    "opinion": "/opinions/{id}",
    "suggestion": "/suggestions/{id}",
    "plan": "/plans/{id}",
    "absence": "/sessions",
    "meeting": "/ratings/{id}",
    "scheme": "/ratings",
    "duty_report": "/ratings/reports/{id}",
    "person": "/people/{id}",
    "deputyship": "/deputies/{id}",
    "group": "/groups/{id}",
    "station": "/stations/{id}",
    "constituency": "/constituencies/{id}",
    "task": "/tasks/{id}",
    "term": "/terms/{id}",
    "by_election": "/by-elections/{id}",
    "office": "/offices/{id}",
    "account": "/accounts/{id}",
    "town": "/town",
    "file": "/files",
    "objection": "/objections/{id}",
    "closing": "/report",
    "report": "/report",
}
"""The page of a record, or the list it stands in, by the noun of its subject."""
FOR_READERS: Final[Mapping[str, str]] = {"task": "/changes", "town": "/report"}
"""The same for those who may not open the office's page of it."""


async def turn_to(visit: Visit, year: int) -> None:
    """Make another year the one that is worked on. Errors: NoPage for one in which no record can be dated, which every
    page would be about from then on."""
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise NoPage("没有这一年")
    if year != visit.session.year:
        visit.session.year = year
        await visit.console.repository.change_session(visit.session.id, {"year": year})


async def turn_to_town(visit: Visit, town: str) -> None:
    """Make another town, or none, the one that the pages are about. Errors: Refused, where roster has no such town."""
    session = visit.session
    if town == session.town:
        return
    if town:
        await visit.api.get(f"/roster/v1/towns/{town}")
    session.town = town
    await visit.read_town_name()
    await visit.console.repository.change_session(session.id, {"town": town})


@action("/year", roles=EVERYBODY)
async def choose_year(visit: Visit) -> web.Response:
    """Another year; the page stays."""
    text = str(visit.sent.get("year", ""))
    await turn_to(visit, whole(text) or 0)
    back = re.sub(r"(?<=/)[0-9]{4}(?=/|$)", text, str(visit.sent.get("back", "/")))
    return visit.go(local(back, "/"))


@action("/county/open", roles=COUNTY | AUDITOR)
async def open_town(visit: Visit) -> web.Response:
    """A county opens one town; its pages are about that town then. Without a code it closes it."""
    town, target = str(visit.sent.get("town", "")), str(visit.sent.get("target", "/report"))
    if town and not (TOWN.fullmatch(town) and town.startswith(visit.session.area)):
        raise NoPage("没有这个乡镇，或者不在您的区域内")
    await turn_to_town(visit, town)
    return visit.go(local(target, "/report") if town else "/county")


@action("/drafts", roles=EVERYBODY)
async def keep_draft(visit: Visit) -> web.Response:
    """What stands in a form that is not saved yet; without `content` it is dropped."""
    key, content = str(visit.sent.get("key", ""))[:200], str(visit.sent.get("content", ""))
    repository = visit.console.repository
    if not content:
        await repository.drop_draft(visit.session.user, key)
    elif len(content.encode()) <= DRAFT_BYTES:
        await repository.save_draft(visit.session.user, key, _draft(content))
    return web.json_response({"kept": bool(content)})


def _draft(content: str) -> Any:
    """Errors: Malformed."""
    try:
        draft = json.loads(content)
        json.dumps(draft, ensure_ascii=False).encode()  # a lone surrogate cannot be kept
    except (ValueError, RecursionError):
        raise Malformed("草稿无法识别") from None
    return draft


@action("/preferences", roles=EVERYBODY)
async def prefer(visit: Visit) -> web.Response:
    chosen = {name: name in visit.sent for name in ("large", "letters")}
    await visit.console.repository.prefer(visit.session.user, chosen)
    return visit.go("/settings")


@page("/find", roles=EVERYBODY)
async def find(visit: Visit) -> web.Response:
    """People, records and pages by words, numbers or initials."""
    words = visit.asked("q").strip()
    groups = [
        (
            "页面",
            [
                (item.path, item.title)
                for _, items in of(visit.session)
                for item in items
                if words and words in item.title
            ],
        )
    ]
    for title, service, path, name, target in SEARCHED:
        if not words or not visit.session.town:
            continue
        query = {"as_of": visit.today.isoformat()} if path == "deputies" else {}
        found = await part(visit.api.get(visit.at(service, path), q=words, **query))
        items = (found or {"items": []})["items"][:FOUND]
        groups.append((title, [(target.format(**item), str(item[name])) for item in items]))
    if visit.wants_json:
        return web.json_response({"groups": [group for group in groups if group[1]]})
    return visit.html("find.html", words=words, groups=groups)


def record_path(subject: str, roles: frozenset[str]) -> str:
    """The page of a record, by its subject `noun/id`. Errors: NoPage."""
    noun, _, id = subject.partition("/")
    pages = RECORDS if roles & OFFICE else {**RECORDS, **FOR_READERS}
    if noun not in pages:
        raise NoPage
    return pages[noun].format(id=id)


@page("/go/{noun}/{id}", roles=EVERYBODY)
async def go_to_record(visit: Visit) -> web.Response:
    """The page of a record that a service names by its subject."""
    return visit.go(record_path(f"{visit.id('noun')}/{visit.id()}", visit.session.roles))


@page("/keys", roles=EVERYBODY)
async def show_keys(visit: Visit) -> web.Response:
    return visit.html("keys.html")


PAGES: Final = (choose_year, open_town, keep_draft, prefer, find, go_to_record, show_keys)
