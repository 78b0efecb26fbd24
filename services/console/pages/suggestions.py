"""Suggestions of deputies: the board and the table of a year, one record, its correction, its printed sheets."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from aiohttp import web

from services.console import choices, commands
from services.console.api import LATE_SECONDS, part
from services.console.errors import NoPage
from services.console.forms import Field, Form, Rows
from services.console.menu import DEPUTY, OFFICE, READERS
from services.console.pages.suggestion_fields import CASE, IN_DETAIL, INTAKE, fields
from services.console.visit import Done, Visit, action, page

COLUMNS: Final = (
    ("待交办", ("raised", "returned")),
    ("办理中", ("assigned",)),
    ("已答复，待评价", ("replied",)),
    ("已评价，待办结", ("rated",)),
    ("已办结", ("closed",)),
)
ASIDE: Final = (("转县", ("forwarded",)), ("重新办理", ("redo",)), ("不予受理", ("rejected",)))
FINISHED: Final = "已办结"
FINISHED_SHOWN: Final = 6
AWAITED: Final = ("assigned", "redo")
SEEN_BY: Final = READERS | DEPUTY
FILTERS: Final = ("q", "unit", "key", "state")


def address(visit: Visit, id: str) -> str:
    return visit.at("activities", f"suggestions/{id}")


@page("/suggestions", roles=SEEN_BY)
async def list_suggestions(visit: Visit) -> web.Response:
    own = visit.session.account.get("deputyship_id") if not visit.may("office", "county", "auditor") else None
    mine = bool(own) and not visit.asked("all")
    asked = {name: visit.asked(name) for name in FILTERS}
    query = asked | {"year": visit.year, "deputyship_id": own if mine else ""}
    listed, roster, voided, repeated = await asyncio.gather(
        part(visit.api.get(visit.at("activities", "suggestions:handling"), **query), LATE_SECONDS),
        part(choices.rows(visit), LATE_SECONDS),
        part(
            visit.api.all(visit.at("activities", "suggestions"), year=visit.year, voided=True),
            LATE_SECONDS,
        ),
        _repeated(visit),
    )
    items = listed["items"] if listed else []
    return visit.html(
        "suggestions.html",
        listed=listed,
        columns=[(title, _in(items, states), states) for title, states in COLUMNS],
        aside=[(title, _in(items, states), states) for title, states in ASIDE],
        finished=FINISHED,
        finished_shown=FINISHED_SHOWN,
        names=choices.names(roster or ()),
        asked=asked,
        voided=voided or (),
        repeated=len(repeated["suggestions"]) if repeated else 0,
        table=visit.asked("view") == "table" or bool(asked["state"]),
        own=bool(own),
        mine=mine,
    )


async def _repeated(visit: Visit) -> Any:
    """Suggestions that may have been entered twice; None for those who cannot settle it."""
    if not visit.may("office"):
        return None
    return await part(visit.api.get(visit.at("activities", "duplicates"), year=visit.year), LATE_SECONDS)


def _in(items: list[Mapping[str, Any]], states: tuple[str, ...]) -> list[Mapping[str, Any]]:
    return [item for item in items if item["state"] in states]


@page("/suggestions/new", roles=OFFICE)
async def new_suggestion(visit: Visit) -> web.Response:
    listed = await visit.api.get(visit.at("activities", "suggestions:handling"), year=visit.year)
    return await _form(visit, Form(await fields(visit), {"number": str(listed["next_number"])}))


@action("/suggestions/new", roles=OFFICE)
async def add_suggestion(visit: Visit) -> web.Response:
    parts = await fields(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        added = await visit.api.post(visit.at("activities", "suggestions"), body, key=visit.key)
        ways = [(f"/suggestions/{added['id']}/assign", "交办"), ("/suggestions/new", "再登记一件")]
        return Done(f"/suggestions/{added['id']}", f"已登记：第{added['number']}号《{added['title']}》", ways)

    return await visit.submit(parts, send, lambda form, status: _form(visit, form, status))


@page("/suggestions/{id}", roles=SEEN_BY)
async def show_suggestion(visit: Visit) -> web.Response:
    path = address(visit, visit.id())
    answer = await visit.api.answer("GET", path)
    record = answer.body
    standing, deadline, roster, sessions, opinions = await asyncio.gather(
        part(visit.api.get(f"{path}/handling"), LATE_SECONDS),
        part(visit.api.get(f"{path}/deadline"), LATE_SECONDS),
        part(choices.rows(visit, *_days(visit, record)), LATE_SECONDS),
        choices.sessions(visit),
        part(visit.api.all(visit.at("activities", "opinions"), suggestion_id=visit.id(), voided=False)),
    )
    return visit.html(
        "suggestion.html",
        record=record,
        version=answer.version,
        standing=standing,
        deadline=deadline,
        names=choices.names(roster or ()),
        sessions=dict(sessions),
        opinions=opinions if visit.may("office", "leader", "county", "auditor") else [],
        intake=INTAKE,
        sheets=_sheets(record),
    )


def _sheets(record: Mapping[str, Any]) -> dict[str, str]:
    """What can be printed of a suggestion: the reminder while a unit's reply is awaited."""
    sheets = {"register": "登记表"} | ({"assign": "交办单"} if record["assigned_on"] else {})
    return sheets | ({"remind": "催办单"} if record["state"] in AWAITED else {})


@page("/suggestions/{id}/edit", roles=OFFICE)
async def edit_suggestion(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    form = Form.of(await fields(visit, answer.body), answer.body)
    return await _form(visit, form, record=answer.body, version=answer.version)


@action("/suggestions/{id}/edit", roles=OFFICE)
async def change_suggestion(visit: Visit) -> web.Response:
    path = address(visit, visit.id())

    record, _ = await visit.api.current(path)
    parts = await fields(visit, record)

    async def send(form: Form) -> Done:
        patch = form.changes(record, visit.today, visit.year)
        body = form.body(visit.today, visit.year)
        for whole in {"case", "intake"} & patch.keys():
            patch[whole] = body.get(whole)
        if patch:
            await visit.api.patch(path, patch, version=visit.version)
        return Done(f"/suggestions/{visit.id()}", f"已保存：第{record['number']}号建议")

    async def again(form: Form, status: int) -> web.Response:
        return await _form(visit, form, status, record=record, version=visit.version)

    return await visit.submit(parts, send, again, current=lambda: visit.api.current(path))


@page("/suggestions/{id}/undo", roles=OFFICE)
async def ask_undo(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    if not answer.body["steps"]:
        raise NoPage("还没有办理，没有可以撤销的步骤")
    return await _undo_page(visit, Form(()), 200, answer.body, answer.version or "")


@action("/suggestions/{id}/undo", roles=OFFICE)
async def undo_step(visit: Visit) -> web.Response:
    path = address(visit, visit.id())

    async def send(_: Form) -> Done:
        await commands.act(visit, path, f"{path}:undo", {})
        return Done(f"/suggestions/{visit.id()}", "已撤销上一步")

    async def again(form: Form, status: int) -> web.Response:
        return await _undo_page(visit, form, status, await visit.api.get(path), visit.version)

    return await visit.submit((), send, again)


@page("/suggestions/summary_sheet", roles=OFFICE)
async def print_summary(visit: Visit) -> web.StreamResponse:
    path = visit.at("activities", "suggestions/summary_sheet")
    asked = {name: visit.asked(name) for name in FILTERS}
    return await visit.hand_on(path, accept="application/pdf", year=visit.year, **asked)


@page("/suggestions/{id}/sheet/{form:register|assign|remind}", roles=OFFICE)
async def print_sheet(visit: Visit) -> web.StreamResponse:
    path = f"{address(visit, visit.id())}/sheet"
    return await visit.hand_on(path, accept="application/pdf", form=visit.id("form"))


def _days(visit: Visit, record: Mapping[str, Any]) -> tuple[Any, ...]:
    return (choices.day_of(visit), date.fromisoformat(record["raised_on"]))


async def _undo_page(
    visit: Visit, form: Form, status: int, record: Mapping[str, Any], version: str
) -> web.Response:
    return await visit.form_page(
        "suggestion_undo.html", form, draft="", status=status, record=record, version=version
    )


async def _form(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str | None = None
) -> web.Response:
    def inside(part: Field | Rows) -> str:
        group = part.name.partition(".")[0]
        return group if group in (CASE, "intake") else "more" if part.name in IN_DETAIL else ""

    shown = {
        name: [part for part in form.parts if inside(part) == name] for name in ("", "more", "intake", CASE)
    }
    draft = f"suggestions/{record['id']}/edit" if record else "suggestions/new"
    return await visit.form_page(
        "suggestion_form.html", form, draft=draft, status=status, record=record, version=version, shown=shown
    )


PAGES: Final = (
    list_suggestions, new_suggestion, add_suggestion, show_suggestion, edit_suggestion, change_suggestion,
    ask_undo, undo_step, print_summary, print_sheet,
)  # fmt: skip
