"""What keeps the system going: rules in force, events that were not handled, retention."""

import asyncio
from typing import Final

from aiohttp import web

from services.console.api import LATE_SECONDS, SERVICES, part
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.numbers import whole_or_text
from services.console.visit import Done, Visit, action, page
from services.console.words import WORDS

RULE: Final = (
    Field("rule", "规则", "select", required=True, options=tuple(WORDS["rule"].items()), width=6),
    Field("value", "规定", required=True, hint="数字，或者几月几日写作 03-31", width=3),
    Field("effective_from", "从哪天起", "date", required=True, width=3),
    Field("effective_to", "到哪天为止", "date", hint="一直有效的不填", width=3),
    Field("basis", "依据", hint="文件名和文号；和县里不一样的写明理由", width=9),
)
DROP: Final = (Field("reason", "为什么可以不要它", required=True, width=8),)


@page("/rules", roles=READERS)
async def show_rules(visit: Visit) -> web.Response:
    return await _rules(visit, Form(RULE))


@action("/rules", roles=OFFICE)
async def add_rule(visit: Visit) -> web.Response:
    """The town's own packs are written as a whole: those there are, and the new one."""
    path = visit.at("roster", "rule_packs")

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        packs = (await visit.api.get(path))["items"]
        own = [
            {name: value for name, value in pack.items() if name != "pushed_by"}
            for pack in packs
            if pack["pushed_by"] is None
        ]
        rule, text = body.pop("rule"), body.pop("value")
        id = f"{rule}-{body['effective_from']}"
        new = {**body, "id": id, "rules": {rule: whole_or_text(text)}}
        items = [*(pack for pack in own if pack["id"] != id), new]
        await visit.api.put(path, {"items": items})
        return Done("/rules", f"已登记：{WORDS['rule'][rule]} {text}")

    return await visit.submit(RULE, send, lambda form, status: _rules(visit, form, status))


async def _rules(visit: Visit, form: Form, status: int = 200) -> web.Response:
    found = await part(
        visit.api.get(visit.at("roster", "rule_packs"), on=visit.today.isoformat()), LATE_SECONDS
    )
    return await visit.form_page(
        "rules.html", form, draft="rules" if visit.may("office") else "", status=status, found=found
    )


@page("/troubles", roles=OFFICE)
async def show_troubles(visit: Visit) -> web.Response:
    """Events that a service could not handle, and how far each has read the others."""
    asked = [part(visit.api.all(visit.at(name, "dead")), LATE_SECONDS) for name in SERVICES]
    *found, fresh = await asyncio.gather(
        *asked, part(visit.api.get(visit.at("reports", "freshness")), LATE_SECONDS)
    )
    return visit.html(
        "troubles.html",
        services=[(name, letters) for name, letters in zip(SERVICES, found, strict=True)],
        fresh=fresh,
    )


@page("/troubles/{service}/{id}", roles=OFFICE)
async def show_trouble(visit: Visit) -> web.Response:
    return await _trouble(visit, Form(DROP))


@action("/troubles/{service}/{id}/replay", roles=OFFICE)
async def replay(visit: Visit) -> web.Response:
    await visit.api.post(f"{_dead(visit)}:replay", {})
    return await visit.tell(Done("/troubles", "已重新处理"))


@action("/troubles/{service}/{id}", roles=OFFICE)
async def drop(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        await visit.api.post(f"{_dead(visit)}:drop", form.body(visit.today, visit.year))
        return Done("/troubles", "已写明不要这一件")

    return await visit.submit(DROP, send, lambda form, status: _trouble(visit, form, status))


async def _trouble(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return visit.html(
        "trouble.html",
        status=status,
        form=form,
        service=visit.id("service"),
        letter=await visit.api.get(_dead(visit)),
    )


def _dead(visit: Visit) -> str:
    """Errors: NoPage."""
    if visit.id("service") not in SERVICES:
        raise NoPage
    return visit.at(visit.id("service"), f"dead/{visit.id()}")


@page("/retention", roles=READERS)
async def show_retention(visit: Visit) -> web.Response:
    found = await visit.api.get("/accounts/v1/retention")
    return visit.html("retention.html", rules=found["items"])


PAGES: Final = (
    show_rules,
    add_rule,
    show_troubles,
    show_trouble,
    replay,
    drop,
    show_retention,
)
