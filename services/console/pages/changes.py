"""What the roster asks for: qualification tasks, entries that may be one person, seats held twice, what is amiss."""

import asyncio
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.pages import people
from services.console.visit import Done, Visit, action, page
from services.console.words import options

SETTLE: Final = (
    Field("outcome", "结果", "select", required=True, options=options("task_outcome"), width=4),
    Field("on", "办结日期", "date", required=True, width=3),
    Field("remark", "备注", hint="不公开", width=5),
)


@page("/changes", roles=READERS)
async def list_changes(visit: Visit) -> web.Response:
    as_of = visit.today.isoformat()
    office = visit.may("office")
    tasks, found, composition, held, persons = await asyncio.gather(
        part(visit.api.all(visit.at("roster", "tasks"), limit=200), LATE_SECONDS) if office else _nothing(),
        part(visit.api.get(visit.at("roster", "duplicates")), LATE_SECONDS) if office else _nothing(),
        part(visit.api.get(visit.at("roster", "composition"), as_of=as_of), LATE_SECONDS),
        part(visit.api.all(visit.at("roster", "deputyships"), limit=200), LATE_SECONDS),
        part(people.everybody(visit), LATE_SECONDS),
    )
    mandates = {one["id"]: one for one in held or []}
    names = {id: (persons or {}).get(one["person_id"], {}).get("name", "") for id, one in mandates.items()}
    return visit.html(
        "changes.html",
        office=office,
        open=None if tasks is None else [task for task in tasks if task["state"] == "open"],
        settled=[task for task in tasks or [] if task["state"] != "open"],
        duplicates=found,
        composition=composition,
        mandate_of={one["person_id"]: one["id"] for one in mandates.values()},
        names=names,
        steps=None if held is None or persons is None else _steps(held, visit.year),
    )


async def _nothing() -> None:
    return None


def _steps(mandates: list[dict[str, Any]], year: int) -> list[dict[str, Any]]:
    """The changes of a year, the latest first: who came, went, moved."""
    steps = [
        {**step, "deputyship_id": one["id"], "level": one["level"]}
        for one in mandates
        for step in one["changes"]
        if step["on"].startswith(str(year))
    ]
    return sorted(steps, key=lambda step: str(step["on"]), reverse=True)


@page("/tasks/{id}", roles=OFFICE)
async def show_task(visit: Visit) -> web.Response:
    return await _task(visit, Form(SETTLE))


@action("/tasks/{id}", roles=OFFICE)
async def settle_task(visit: Visit) -> web.Response:
    path = visit.at("roster", f"tasks/{visit.id()}")

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        await visit.api.post(f"{path}:settle", body, key=visit.key, version=visit.version)
        return Done("/changes", "已办结")

    return await visit.submit(SETTLE, send, lambda form, status: _task(visit, form, status))


async def _task(visit: Visit, form: Form, status: int = 200) -> web.Response:
    answer = await visit.api.answer("GET", visit.at("roster", f"tasks/{visit.id()}"))
    mandate = await visit.api.get(visit.at("roster", f"deputyships/{answer.body['deputyship_id']}"))
    person = await visit.api.get(visit.at("roster", f"people/{mandate['person_id']}"), masked=True)
    return await visit.form_page(
        "task.html",
        form,
        draft=f"tasks/{visit.id()}" if answer.body["state"] == "open" else "",
        status=status,
        task=answer.body,
        version=answer.version,
        person=person,
    )


PAGES: Final = (list_changes, show_task, settle_task)
