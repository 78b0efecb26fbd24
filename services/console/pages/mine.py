"""The first page of a deputy or leader: what comes next, own suggestions, the own file, the own group."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import COUNTING_SECONDS, LATE_SECONDS, part
from services.console.pages.files import own
from services.console.visit import Visit

SHOWN: Final = 8
Records = list[Mapping[str, Any]]


async def home(visit: Visit) -> web.Response:
    deputyship_id = own(visit)
    mandate, groups = await asyncio.gather(
        part(visit.api.get(visit.at("roster", f"deputyships/{deputyship_id}")), LATE_SECONDS),
        part(visit.api.all(visit.at("roster", "groups")), LATE_SECONDS),
    )
    group = _group(deputyship_id, mandate, groups)
    plans, suggestions, file, activities = await asyncio.gather(
        part(visit.api.all(visit.at("activities", "plans"), year=visit.year), LATE_SECONDS),
        part(
            visit.api.all(
                visit.at("activities", "suggestions"), lead_deputyship_id=deputyship_id, voided=False
            ),
            LATE_SECONDS,
        ),
        part(
            visit.api.get(visit.at("reports", f"deputies/{deputyship_id}/file"), year=visit.year),
            COUNTING_SECONDS,
        ),
        _activities(visit, group),
    )
    items = None if plans is None else _coming(plans, group)
    return visit.html(
        "mine.html",
        items=items,
        suggestions=None if suggestions is None else _own_of(suggestions, visit.year),
        file=file,
        group=group,
        leads=bool(group) and visit.may("leader") and group["leader_deputyship_id"] == deputyship_id,
        activities=activities,
    )


def _group(deputyship_id: str, mandate: Any, groups: Any) -> Any:
    """The group that one leads, else the one that one is in; None where neither is known."""
    for group in groups or ():
        if group["leader_deputyship_id"] == deputyship_id:
            return group
    group_id = mandate.get("group_id") if mandate else None
    return next((group for group in groups or () if group["id"] == group_id), None)


def _coming(plans: Records, group: Any) -> Records:
    """What is planned and not done yet, of the town and of the own group, by day; what has no day comes last."""
    wanted = (None, group["id"] if group else None)
    items = [
        item
        for plan in plans
        if plan["group_id"] in wanted
        for item in plan["items"]
        if item["state"] == "planned"
    ]
    return sorted(items, key=lambda item: str(item["due_on"] or "9999"))[:SHOWN]


def _own_of(suggestions: Records, year: int) -> Records:
    """Of the year, and of before what is not closed yet."""
    shown = [one for one in suggestions if one["year"] == year or one["state"] != "closed"]
    return sorted(shown, key=lambda one: str(one["raised_on"] or ""), reverse=True)


async def _activities(visit: Visit, group: Any) -> Records | None:
    """The latest of the own group."""
    if group is None:
        return []
    found = await part(
        visit.api.get(
            visit.at("activities", "activities"),
            year=visit.year,
            group_id=group["id"],
            order="-held_on",
            limit=SHOWN,
        ),
        LATE_SECONDS,
    )
    return None if found is None else list(found["items"])
