"""Voters' opinions: the list by state with the receptions, one opinion, its acts, its correction."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from services.console import choices, commands
from services.console.api import LATE_SECONDS, part
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.pages.receptions import CATEGORIES
from services.console.visit import Done, Visit, action, page
from services.console.words import WORDS

STATES: Final = tuple(WORDS["opinion_state"])
VOIDED: Final = "voided"
PAGE: Final = 50
HELD: Final = ("reception", "visit", "contact")
ACTS: Final = {"answer": "登记答复", "forward": "转交", "convert": "转为建议", "close": "办结"}
ACT_PATH: Final = "/opinions/{id}/{act:" + "|".join(ACTS) + "}"


def address(visit: Visit, id: str) -> str:
    return visit.at("activities", f"opinions/{id}")


@page("/receptions", roles=READERS)
async def list_opinions(visit: Visit) -> web.Response:
    state = visit.asked("state")
    held = visit.asked("show") == "held"
    kept = visit.at("activities", "opinions")
    wanted = {
        "state": state if state != VOIDED else "",
        "voided": state == VOIDED,
        "q": visit.asked("q"),
        "cursor": visit.asked("cursor"),
        "activity_id": visit.asked("activity"),
    }
    query = {"year": visit.year, "order": "-received_on", "limit": PAGE, "total": True} | wanted
    counted: list[dict[str, Any]] = [*({"state": s, "voided": False} for s in STATES), {"voided": True}]
    counts = [part(visit.api.get(kept, year=visit.year, limit=1, total=True, **one)) for one in counted]
    opinions, roster, stations, activities, *numbers, voided = await asyncio.gather(
        part(visit.api.get(kept, **query), LATE_SECONDS),
        part(choices.rows(visit), LATE_SECONDS),
        part(choices.stations(visit), LATE_SECONDS),
        _held(visit) if held else _nothing(),
        *counts,
    )
    return visit.html(
        "opinions.html",
        opinions=opinions,
        activities=activities,
        held=held,
        state=state,
        counts={s: found["total"] if found else None for s, found in zip(STATES, numbers, strict=True)},
        voided=voided["total"] if voided else 0,
        names=choices.names(roster or ()),
        stations=dict(stations or ()),
    )


async def _nothing() -> list[Any]:
    return []


async def _held(visit: Visit) -> list[Mapping[str, Any]] | None:
    """Receptions, visits and other contacts of the year, latest first."""
    path = visit.at("activities", "activities")
    found = await asyncio.gather(
        *(part(visit.api.all(path, year=visit.year, kind=kind, state="held"), LATE_SECONDS) for kind in HELD)
    )
    if any(one is None for one in found):
        return None
    return sorted(
        (item for one in found for item in one or ()), key=lambda item: str(item["held_on"]), reverse=True
    )


@page("/opinions/new", roles=OFFICE)
async def new_opinion(visit: Visit) -> web.Response:
    return await _form(visit, Form(await _fields(visit)))


@action("/opinions/new", roles=OFFICE)
async def add_opinion(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        added = await visit.api.post(visit.at("activities", "opinions"), body, key=visit.key)
        ways = [(f"/opinions/{added['id']}/contact", "登记联系方式"), ("/opinions/new", "再登记一条")]
        return Done(f"/opinions/{added['id']}", "已登记意见", ways)

    return await visit.submit(await _fields(visit), send, lambda form, status: _form(visit, form, status))


@page("/opinions/{id}", roles=READERS)
async def show_opinion(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    record = answer.body
    roster, stations = await asyncio.gather(
        part(choices.rows(visit), LATE_SECONDS), part(choices.stations(visit), LATE_SECONDS)
    )
    return visit.html(
        "opinion.html",
        record=record,
        names=choices.names(roster or ()),
        stations=dict(stations or ()),
        acts=ACTS,
        open=record["state"] != "closed" and not record.get("void_reason"),
    )


@page("/opinions/{id}/edit", roles=OFFICE)
async def edit_opinion(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    form = Form.of(await _fields(visit), answer.body)
    return await _form(visit, form, record=answer.body, version=answer.version)


@action("/opinions/{id}/edit", roles=OFFICE)
async def change_opinion(visit: Visit) -> web.Response:
    path = address(visit, visit.id())

    record, _ = await visit.api.current(path)

    async def send(form: Form) -> Done:
        if patch := form.changes(record, visit.today, visit.year):
            await visit.api.patch(path, patch, version=visit.version)
        return Done(f"/opinions/{visit.id()}", "已保存")

    async def again(form: Form, status: int) -> web.Response:
        return await _form(visit, form, status, record=record, version=visit.version)

    return await visit.submit(await _fields(visit), send, again, current=lambda: visit.api.current(path))


async def _fields(visit: Visit) -> list[Field]:
    people = choices.deputies(await choices.rows(visit))
    return [
        Field("received_on", "收到日期", "date", required=True, hint="如 0612", width=3),
        Field("channel", "怎样收到的", "select", options=tuple(WORDS["opinion_channel"].items()), width=3),
        Field("station_id", "站点", "select", options=await choices.stations(visit), width=3),
        Field("deputyship_id", "接待的代表", "name", options=people, width=3),
        Field("category", "类别", suggest=CATEGORIES, hint="要公开，不写选民姓名", width=3, empty=""),
        Field("text", "内容", "textarea", rows=4, width=12, empty="", hint="只有本乡镇经办人看得到"),
    ]


async def _form(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str | None = None
) -> web.Response:
    draft = f"opinions/{record['id']}/edit" if record else "opinions/new"
    return await visit.form_page(
        "opinion_form.html", form, draft=draft, status=status, record=record, version=version
    )


@page(ACT_PATH, roles=OFFICE)
async def ask_act(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    today = visit.today.isoformat() if visit.year == visit.today.year else ""
    values = {"on": today, "suggestion.category": answer.body["category"]}
    form = Form(await _act_fields(visit), values)
    return await _act_page(visit, form, 200, answer.body, answer.version or "")


@action(ACT_PATH, roles=OFFICE)
async def take_act(visit: Visit) -> web.Response:
    path, name = address(visit, visit.id()), visit.id("act")

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        sent = _converted(body) if name == "convert" else body
        after = await commands.act(visit, path, f"{path}:{name}", sent)
        ways = [(f"/suggestions/{after['suggestion_id']}", "看这件建议")] if name == "convert" else []
        return Done(f"/opinions/{visit.id()}", f"已{ACTS[name].removeprefix('登记')}", ways)

    async def again(form: Form, status: int) -> web.Response:
        return await _act_page(visit, form, status, await visit.api.get(path), visit.version)

    return await visit.submit(await _act_fields(visit), send, again)


def _converted(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Into a suggestion that is there, or a new one raised on the day."""
    if chosen := body.get("suggestion_id"):
        return {"suggestion_id": chosen, "on": body["on"]}
    return {"suggestion": {**body.get("suggestion", {}), "raised_on": body["on"]}}


async def _act_fields(visit: Visit) -> list[Field]:
    on = Field("on", "日期", "date", required=True, hint="如 0612", width=4)
    match visit.id("act"):
        case "answer":
            by = Field("by", "谁答复的", hint="代表或者单位", width=8)
            return [on, by, Field("text", "答复内容", "textarea", width=12)]
        case "forward":
            return [Field("unit", "转给哪个单位", required=True, width=8), on]
        case "close":
            return [on]
    listed = await visit.api.get(visit.at("activities", "suggestions:handling"), year=visit.year)
    there = [(one["id"], f"{one['number']}号 {one['title']}") for one in listed["items"]]
    people = choices.deputies(await choices.rows(visit))
    new = [
        Field("number", "新建议的编号", hint=f"下一个是 {listed['next_number']}", width=4),
        Field("lead_deputyship_id", "领衔代表", "name", options=people, width=4),
        Field("title", "题目", width=8),
        Field("category", "类别", suggest=listed["categories"], width=4),
        Field("text", "内容", "textarea", width=12, hint="意见的原话不会带过去，不写选民姓名"),
    ]
    there_already = Field(
        "suggestion_id", "并入已有的建议", "select", options=there, hint="新的不选，填下面", width=8
    )
    return [on, there_already, *(replace(part, name=f"suggestion.{part.name}") for part in new)]


async def _act_page(
    visit: Visit, form: Form, status: int, record: Mapping[str, Any], version: str
) -> web.Response:
    if record["state"] == "closed" and status == 200:
        raise NoPage("这条意见已经办结；登记有误的，请先更正")
    name = visit.id("act")
    return await visit.form_page(
        "opinion_act.html",
        form,
        draft=f"opinions/{record['id']}/{name}",
        status=status,
        title=ACTS[name],
        record=record,
        version=version,
    )


PAGES: Final = (
    list_opinions, new_opinion, add_opinion, show_opinion, edit_opinion, change_opinion, ask_act, take_act,
)  # fmt: skip
