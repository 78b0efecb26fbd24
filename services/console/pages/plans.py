"""Plans of a year: twelve months by group, the list of items, one plan, the sheet for the wall."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from services.console import choices
from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form, Rows
from services.console.menu import DEPUTY, OFFICE, READERS
from services.console.visit import Done, Visit, action, page
from services.console.words import WORDS

SEEN_BY: Final = READERS | DEPUTY
TOWN: Final = "全乡镇"
MONTHS: Final = tuple(range(1, 13))
STANDINGS: Final = ("done", "ahead", "late", "open", "coming", "cancelled")
ENTRIES: Final = {
    "session": "/sessions/new",
    "presidium_meeting": "/presidium/new",
    "rating_meeting": "/ratings/new",
    "reception": "/receptions/new",
    "visit": "/receptions/new",
    "contact": "/receptions/new",
}
"""Where what an item plans is entered, by its kind; other kinds at the activities."""
RECORDS: Final = {
    "session": "/sessions/",
    "presidium_meeting": "/presidium/",
    "rating_meeting": "/ratings/",
}
MEETINGS: Final = frozenset({"session", "presidium_meeting"})
"""Kinds whose records do not name the item: it is done by a step of its own afterwards."""
DEFAULT_ENTRY: Final = "/activities/new"
DEFAULT_RECORD: Final = "/activities/"
KINDS: Final = tuple(WORDS["plan_kind"].items())


@dataclass(frozen=True)
class Row:
    """A plan, or a group that has none. `items`: each item with its standing, in the order of their days."""

    title: str
    group_id: str | None
    plan: Mapping[str, Any] | None = None
    total: Mapping[str, Any] | None = None
    items: Sequence[Mapping[str, Any]] = field(default=())

    def of(self, month: int) -> list[Mapping[str, Any]]:
        return [item for item in self.items if int(item["due_on"][5:7]) == month]


def address(visit: Visit, id: str) -> str:
    return visit.at("activities", f"plans/{id}")


async def row_of(visit: Visit, plan: Mapping[str, Any], title: str) -> Row:
    """A plan with its standing on the day that the year's pages look at."""
    as_of = choices.day_of(visit).isoformat()
    progress = await visit.api.get(f"{address(visit, plan['id'])}/progress", as_of=as_of)
    details = {item["id"]: item for item in plan["items"]}
    items = [
        {
            **details[item["id"]],
            **item,
            "plan": plan["id"],
            "whose": title,
            "entry": entry(details[item["id"]]),
        }
        for item in progress["items"]
        if item["id"] in details
    ]
    return Row(
        title, plan["group_id"], plan, progress["total"], sorted(items, key=lambda item: str(item["due_on"]))
    )


def records_of(items: Sequence[Mapping[str, Any]], *, reads: bool) -> dict[str, str]:
    """Where the record that an item was done by is shown, by item; pages of meetings are for those who read all."""
    return {
        item["id"]: RECORDS.get(item["kind"], DEFAULT_RECORD)
        for item in items
        if reads or item["kind"] not in MEETINGS
    }


def entry(item: Mapping[str, Any]) -> str:
    """Where what the item plans is entered, filled in from it where its record can name the item."""
    path = ENTRIES.get(item["kind"], DEFAULT_ENTRY)
    return path if item["kind"] in MEETINGS else f"{path}?plan_item={item['id']}"


async def _rows(visit: Visit) -> list[Row]:
    plans, groups = await asyncio.gather(
        visit.api.all(visit.at("activities", "plans"), year=visit.year), choices.groups(visit)
    )
    titles: dict[str | None, str] = {None: TOWN, **dict(groups)}
    made = await asyncio.gather(*(row_of(visit, plan, titles.get(plan["group_id"], "")) for plan in plans))
    of = {row.group_id: row for row in made}
    every: list[str | None] = [None, *(id for id, _ in groups)]
    return [of.get(id) or Row(titles[id], id) for id in every]


@page("/plans", roles=SEEN_BY)
async def show_plans(visit: Visit) -> web.Response:
    rows = await part(_rows(visit), LATE_SECONDS)
    titles = {row.group_id or "town": row.title for row in rows or ()}
    whose, standing = (
        asked if asked in known else ""
        for asked, known in ((visit.asked("whose"), titles), (visit.asked("standing"), STANDINGS))
    )
    items = [
        item
        for row in rows or ()
        for item in row.items
        if whose in ("", row.group_id or "town") and standing in ("", item["standing"])
    ]
    return visit.html(
        "plans.html",
        rows=rows,
        months=MONTHS,
        items=sorted(items, key=lambda item: str(item["due_on"])),
        standings=STANDINGS,
        asked={"whose": titles.get(whose, ""), "standing": standing},
        day=choices.day_of(visit),
    )


@page("/plans/wall", roles=SEEN_BY)
async def show_wall(visit: Visit) -> web.Response:
    rows = await _rows(visit)
    return visit.html("plan_wall.html", rows=[row for row in rows if row.plan], months=MONTHS)


def _plan_fields(groups: choices.Choices) -> list[Field | Rows]:
    item = (
        Field("title", "做什么", required=True, width=6),
        Field("due_on", "期限", "due", width=2),
        Field("kind", "种类", "select", options=KINDS, width=3),
        Field("theme", "主题", width=3),
    )
    hint = "期限写成 0630，就是本年度的6月30日；可以从 Excel 整块粘贴。"
    return [
        Field("group_id", "谁的计划", "select", options=groups, hint="不选是全乡镇的计划", width=4),
        Rows("items", "计划项", item, blank=6, hint=hint),
    ]


@page("/plans/new", roles=OFFICE)
async def new_plan(visit: Visit) -> web.Response:
    parts = _plan_fields(await choices.groups(visit))
    return await _new_page(visit, Form(parts, {"group_id": visit.asked("group")}))


@action("/plans/new", roles=OFFICE)
async def add_plan(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        body["year"] = visit.year
        made = await visit.api.post(visit.at("activities", "plans"), body, key=visit.key)
        told = f"已登记{visit.year}年计划，{len(made['items'])} 项"
        return Done(f"/plans/{made['id']}", told, [("/plans/new", "再登记一个小组的")])

    parts = _plan_fields(await choices.groups(visit))
    return await visit.submit(parts, send, lambda form, status: _new_page(visit, form, status))


async def _new_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return await visit.form_page("plan_new.html", form, draft="plans/new", status=status)


@page("/plans/{id}", roles=SEEN_BY)
async def show_plan(visit: Visit) -> web.Response:
    plan = await visit.api.get(address(visit, visit.id()))
    titles = dict(await part(choices.groups(visit), LATE_SECONDS) or ())
    title = TOWN if plan["group_id"] is None else titles.get(plan["group_id"], "小组")
    row = await row_of(visit, plan, title)
    return visit.html(
        "plan.html",
        row=row,
        plan=plan,
        records=records_of(plan["items"], reads=visit.may(*READERS)),
        standings=STANDINGS,
    )


PAGES: Final = (show_plans, show_wall, new_plan, add_plan, show_plan)
