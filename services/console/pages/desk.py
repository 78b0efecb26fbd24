"""What belongs to no one page: the year and town that are worked on, drafts, preferences, the way to find a record."""

import json
from typing import Final

from aiohttp import web

from services.console.api import part
from services.console.errors import NoPage
from services.console.menu import AUDITOR, COUNTY, EVERYBODY, of
from services.console.visit import Visit, action, local, page

DRAFT_BYTES: Final = 512 * 1024
FOUND: Final = 8
SEARCHED: Final = (
    ("代表", "roster", "deputies", "name", "/deputies/{deputyship_id}"),
    ("活动", "activities", "activities", "title", "/activities/{id}"),
    ("建议", "activities", "suggestions", "title", "/suggestions/{id}"),
)
"""Heading, service, list, the field that names an item, and its page."""


RECORDS: Final = {
    "deputyship": "/deputies/{id}",
    "person": "/people/{id}",
    "group": "/groups/{id}",
    "station": "/stations/{id}",
    "constituency": "/constituencies/{id}",
    "by_election": "/by-elections/{id}",
    "term": "/terms/{id}",
    "task": "/tasks/{id}",
    "account": "/accounts/{id}",
    "activity": "/activities/{id}",
    "session": "/sessions/{id}",
    "presidium_meeting": "/presidium/{id}",
    "suggestion": "/suggestions/{id}",
}
"""The page of a record, by the noun of its subject: the services name what is due as `noun/id`."""


@page("/go/{noun}/{id}", roles=EVERYBODY)
async def go_to_record(visit: Visit) -> web.Response:
    target = RECORDS.get(visit.id("noun"))
    if target is None:
        raise NoPage
    return visit.go(target.format(id=visit.id()))


@action("/year", roles=EVERYBODY)
async def choose_year(visit: Visit) -> web.Response:
    """Another year; the page stays."""
    text = str(visit.sent.get("year", ""))
    if not (text.isdigit() and 1979 <= int(text) <= 9999):
        raise NoPage("没有这个年度")
    await visit.console.repository.change_session(visit.session.id, {"year": int(text)})
    back = str(visit.sent.get("back", "/"))
    return visit.go(local(back, "/"))


@action("/county/open", roles=COUNTY | AUDITOR)
async def open_town(visit: Visit) -> web.Response:
    """A county opens one town; its pages are about that town then. Without a code it closes it."""
    town, target = str(visit.sent.get("town", "")), str(visit.sent.get("target", "/report"))
    name = ""
    if town:
        name = (await visit.api.get(f"/roster/v1/towns/{town}"))["name"]
    changed = {"town": town, "town_name": name}
    await visit.console.repository.change_session(visit.session.id, changed)
    return visit.go(local(target, "/report") if town else "/county")


@action("/drafts", roles=EVERYBODY)
async def keep_draft(visit: Visit) -> web.Response:
    """What stands in a form that is not saved yet; without `content` it is dropped."""
    key, content = str(visit.sent.get("key", ""))[:200], str(visit.sent.get("content", ""))
    repository = visit.console.repository
    if not content:
        await repository.drop_draft(visit.session.user, key)
    elif len(content.encode()) <= DRAFT_BYTES:
        await repository.save_draft(visit.session.user, key, json.loads(content))
    return web.json_response({"kept": bool(content)})


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


@page("/keys", roles=EVERYBODY)
async def show_keys(visit: Visit) -> web.Response:
    return visit.html("keys.html")


PAGES: Final = (go_to_record, choose_year, open_town, keep_draft, prefer, find, show_keys)
