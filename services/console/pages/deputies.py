"""The roster of a day: in stroke order, with filters, seats and structure; printed as 代表名册 and 通讯录."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.errors import NoPage
from services.console.forms import Field, Form, day
from services.console.menu import DEPUTY, OFFICE, READERS
from services.console.pages import people
from services.console.visit import Done, Visit, action, page
from services.console.words import options

STATES: Final = options("mandate_status", "voided")


@page("/deputies", roles=READERS | DEPUTY)
async def list_deputies(visit: Visit) -> web.Response:
    as_of, fault = _as_of(visit)
    rows, composition, groups = await asyncio.gather(
        part(_rows(visit, as_of), LATE_SECONDS),
        part(visit.api.get(visit.at("roster", "composition"), as_of=as_of.isoformat()), LATE_SECONDS),
        part(people.groups(visit), LATE_SECONDS),
    )
    return visit.html(
        "deputies.html",
        as_of=as_of,
        reader=visit.may(*READERS),
        fault=fault,
        rows=None if rows is None else [row for row in rows if _wanted(visit, row)],
        composition=composition,
        groups=people.group_names(groups or []),
        levels=options("level"),
        states=STATES,
        kinds=options("mandate_role"),
        asked={name: visit.asked(name) for name in ("q", "level", "state", "group", "role", "of")},
    )


async def _rows(visit: Visit, as_of: date) -> list[dict[str, Any]]:
    """Those of the day in stroke order; of 已终止 every mandate that has ended, the latest first."""
    if visit.asked("state") != "ended":
        return await people.deputies(visit, as_of=as_of.isoformat(), q=visit.asked("q"))
    ended, persons = await asyncio.gather(
        visit.api.all(visit.at("roster", "deputyships"), status="ended", limit=200), people.everybody(visit)
    )
    rows = [{**one, "deputyship_id": one["id"], **_named(persons.get(one["person_id"], {}))} for one in ended]
    words = visit.asked("q")
    return sorted(
        (row for row in rows if words in row["name"]), key=lambda row: str(row["ended_on"]), reverse=True
    )


def _named(person: Mapping[str, Any]) -> dict[str, Any]:
    name = person.get("name", "")
    return {"name": name, "printed_name": name, "gender": person.get("gender")}


def _wanted(visit: Visit, row: Mapping[str, Any]) -> bool:
    asked = {name: visit.asked(name) for name in ("level", "state", "group", "role", "of")}
    return (
        asked["level"] in ("", row["level"])
        and asked["state"] in ("", row["status"])
        and asked["group"] in ("", row["group_id"])
        and (not asked["role"] or asked["role"] in row["roles"])
        and asked["of"] in ("", row["constituency"])
    )


def _as_of(visit: Visit) -> tuple[date, str]:
    """The day that was asked for, or today, and what was wrong with it."""
    text = visit.asked("as_of").strip()
    try:
        return (day(text, visit.today) if text else visit.today), ""
    except ValueError as error:
        return visit.today, str(error)


@page("/deputies/register", roles=READERS)
async def print_register(visit: Visit) -> web.Response:
    return await _printed(visit, "register.html", masked=True)


@page("/deputies/contacts", roles=OFFICE)
async def print_contacts(visit: Visit) -> web.Response:
    """With the numbers in full: the services record that they were read."""
    return await _printed(visit, "contacts.html", masked=False)


async def _printed(visit: Visit, template: str, *, masked: bool) -> web.Response:
    as_of, _ = _as_of(visit)
    rows, persons, groups = await asyncio.gather(
        people.deputies(visit, as_of=as_of.isoformat()),
        visit.api.all(visit.at("roster", "people"), limit=200, masked=masked),
        people.groups(visit),
    )
    return visit.html(
        template,
        as_of=as_of,
        rows=[row for row in rows if row["level"] == (visit.asked("level") or "town")],
        people={person["id"]: person for person in persons},
        groups=people.group_names(groups),
    )


# --- a new deputy: person and mandate in one form


async def _fields(visit: Visit) -> tuple[Field, ...]:
    person = [replace(part, name=f"person.{part.name}") for part in (*people.PERSON, *people.CONTACT)]
    mandate = [replace(part, name=f"deputyship.{part.name}") for part in await people.mandate_fields(visit)]
    return (*person, *mandate)


async def _new(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return await visit.form_page("deputy_new.html", form, draft="deputies/new", status=status)


@page("/deputies/new", roles=OFFICE)
async def new_deputy(visit: Visit) -> web.Response:
    return await _new(visit, Form.of(await _fields(visit), {"deputyship": await _usual(visit)}))


async def _usual(visit: Visit) -> dict[str, Any]:
    """What most new mandates have: the term that runs, or what the town's facts say where no term is recorded."""
    town = await visit.api.maybe(f"/roster/v1/towns/{visit.town}") or {}
    terms = await visit.api.all(visit.at("roster", "terms"), limit=200)
    begun = [one["congress_number"] for one in terms if one["started_on"] <= visit.today.isoformat()]
    number = max(begun, default=town.get("congress_number"))
    return {"level": "town", "started_by": "election", "congress_number": number}


@action("/deputies/new", roles=OFFICE)
async def add_deputy(visit: Visit) -> web.Response:
    fields = await _fields(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        added = await visit.api.post(visit.at("roster", "deputies"), body, key=visit.key)
        again = ("/deputies/new", "登记下一名")
        return Done(f"/deputies/{added['id']}", f"已登记代表：{body['person']['name']}", [again])

    return await visit.submit(fields, send, lambda form, status: _new(visit, form, status))


@page("/people/{id}/mandate", roles=OFFICE)
async def new_mandate(visit: Visit) -> web.Response:
    form = Form.of(await people.mandate_fields(visit), await _usual(visit))
    return await _mandate(visit, form)


@action("/people/{id}/mandate", roles=OFFICE)
async def add_mandate(visit: Visit) -> web.Response:
    """A further mandate of a person who has had one: elected again, or at another level."""

    async def send(form: Form) -> Done:
        body = {"person_id": visit.id(), **form.body(visit.today, visit.year)}
        added = await visit.api.post(visit.at("roster", "deputyships"), body, key=visit.key)
        return Done(f"/deputies/{added['id']}", "已登记新的任职")

    fields = await people.mandate_fields(visit)
    return await visit.submit(fields, send, lambda form, status: _mandate(visit, form, status))


async def _mandate(visit: Visit, form: Form, status: int = 200) -> web.Response:
    person = await visit.api.get(visit.at("roster", f"people/{visit.id()}"), masked=True)
    draft = f"people/{visit.id()}/mandate"
    return await visit.form_page("mandate_new.html", form, draft=draft, status=status, person=person)


@page("/people/{id}", roles=READERS | DEPUTY)
async def go_to_person(visit: Visit) -> web.Response:
    """The latest mandate of a person. Errors: NoPage."""
    found = await visit.api.all(visit.at("roster", "deputyships"), person_id=visit.id())
    if not found:
        raise NoPage("这个人没有登记过代表资格")
    return visit.go(f"/deputies/{max(found, key=lambda one: str(one['started_on']))['id']}")


PAGES: Final = (
    list_deputies,
    print_register,
    print_contacts,
    new_deputy,
    add_deputy,
    new_mandate,
    add_mandate,
    go_to_person,
)
