"""Items of a plan: added, changed, postponed, cancelled, done by what was held, removed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from services.console import choices, commands
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.pages.plans import KINDS, address
from services.console.visit import Done, Visit, action, page

KEPT: Final = ("id", "title", "kind", "due_on", "theme")
"""What an item of a changed plan says; its state and history stay with its id."""
COMMANDS: Final = {"postpone": "postponed", "cancel": "cancelled", "finish": "done"}
TITLES: Final = {"postpone": "推迟", "cancel": "取消", "finish": "登记完成"}
COMMAND_PATH: Final = "/plans/{id}/items/{item}/{act:" + "|".join(COMMANDS) + "}"


def _fields(item: Mapping[str, Any] | None) -> list[Field]:
    kind = item["kind"] if item else ""
    own = () if not kind or kind in dict(KINDS) else ((kind, kind),)
    return [
        Field("title", "做什么", required=True, width=12),
        Field("due_on", "期限", "due", hint="如 0630，是本年度的", width=4),
        Field("kind", "种类", "select", options=(*KINDS, *own), width=4, empty=""),
        Field("theme", "主题", width=4, empty=""),
    ]


async def _plan(visit: Visit) -> tuple[Mapping[str, Any], str]:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    return answer.body, answer.version or ""


def _item(plan: Mapping[str, Any], id: str) -> Mapping[str, Any]:
    for item in plan["items"]:
        if item["id"] == id:
            found: Mapping[str, Any] = item
            return found
    raise NoPage("计划里没有这一项")


def _sent(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{name: item[name] for name in KEPT} for item in plan["items"]]


@page("/plans/{id}/items/new", roles=OFFICE)
async def new_item(visit: Visit) -> web.Response:
    plan, version = await _plan(visit)
    return await _page(visit, Form(_fields(None)), 200, plan, version)


@action("/plans/{id}/items/new", roles=OFFICE)
async def add_item(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        plan, _ = await _plan(visit)
        await commands.change(visit, address(visit, visit.id()), {"items": [*_sent(plan), body]})
        again = (f"/plans/{visit.id()}/items/new", "再加一项")
        return Done(f"/plans/{visit.id()}", f"已加一项：{body['title']}", [again])

    return await _submit(visit, _fields(None), send)


@page("/plans/{id}/items/{item}", roles=OFFICE)
async def edit_item(visit: Visit) -> web.Response:
    plan, version = await _plan(visit)
    item = _item(plan, visit.id("item"))
    return await _page(visit, Form.of(_fields(item), item), 200, plan, version, item)


@action("/plans/{id}/items/{item}", roles=OFFICE)
async def change_item(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        plan, _ = await _plan(visit)
        item = _item(plan, visit.id("item"))
        patch = form.changes(item, visit.today, visit.year)
        items = [{**one, **patch} if one["id"] == item["id"] else one for one in _sent(plan)]
        await commands.change(visit, address(visit, visit.id()), {"items": items})
        return Done(f"/plans/{visit.id()}", f"已保存：{form.value('title')}")

    plan, _ = await _plan(visit)
    return await _submit(visit, _fields(_item(plan, visit.id("item"))), send)


@action("/plans/{id}/items/{item}/remove", roles=OFFICE)
async def remove_item(visit: Visit) -> web.Response:
    plan, _ = await _plan(visit)
    item = _item(plan, visit.id("item"))
    items = [one for one in _sent(plan) if one["id"] != item["id"]]
    await visit.api.patch(address(visit, visit.id()), {"items": items}, version=visit.version)
    return await visit.tell(Done(f"/plans/{visit.id()}", f"已从计划里去掉：{item['title']}"))


@page(COMMAND_PATH, roles=OFFICE)
async def ask(visit: Visit) -> web.Response:
    plan, version = await _plan(visit)
    item = _item(plan, visit.id("item"))
    return await _page(visit, Form(await _command_fields(visit)), 200, plan, version, item)


@action(COMMAND_PATH, roles=OFFICE)
async def act(visit: Visit) -> web.Response:
    name = visit.id("act")

    async def send(form: Form) -> Done:
        record = address(visit, visit.id())
        path = f"{record}/items/{visit.id('item')}:{COMMANDS[name]}"
        after = await commands.act(visit, record, path, form.body(visit.today, visit.year))
        item = _item(after, visit.id("item"))
        return Done(f"/plans/{visit.id()}", f"已{TITLES[name].removeprefix('登记')}：{item['title']}")

    return await _submit(visit, await _command_fields(visit), send)


async def _command_fields(visit: Visit) -> list[Field]:
    reason = Field("reason", "原因", required=True, width=12)
    match visit.id("act"):
        case "postpone":
            return [Field("to", "推迟到", "due", required=True, hint="如 0930", width=4), reason]
        case "cancel":
            return [reason]
    held = Field("activity_id", "由哪次活动、会议完成的", "select", required=True, width=12)
    return [Field(**{**vars(held), "options": await _held(visit)})]


async def _held(visit: Visit) -> choices.Choices:
    """What was held in the year, latest first."""
    span = {"from": f"{visit.year}-01-01", "to": f"{visit.year}-12-31"}
    found = [
        (str(one["held_on"]), one["id"], _title(kind, one))
        for kind in ("activities", "sessions", "presidium_meetings")
        for one in await visit.api.all(visit.at("activities", kind), **span)
        if not one.get("void_reason")
    ]
    return [(id, f"{day} {title}") for day, id, title in sorted(found, reverse=True)]


def _title(kind: str, one: Mapping[str, Any]) -> str:
    match kind:
        case "sessions":
            return f"第{one['session_number']}次人代会"
        case "presidium_meetings":
            return f"第{one['number']}次主席团会议"
    return str(one["title"])


async def _submit(visit: Visit, parts: Sequence[Field], send: Any) -> web.Response:
    async def again(form: Form, status: int) -> web.Response:
        plan, _ = await _plan(visit)
        item = _item(plan, visit.id("item")) if "item" in visit.request.match_info else None
        return await _page(visit, form, status, plan, visit.version, item)

    return await visit.submit(parts, send, again)


async def _page(
    visit: Visit,
    form: Form,
    status: int,
    plan: Mapping[str, Any],
    version: str,
    item: Mapping[str, Any] | None = None,
) -> web.Response:
    name = visit.request.match_info.get("act", "")
    return await visit.form_page(
        "plan_item.html",
        form,
        draft=visit.request.path.lstrip("/"),
        status=status,
        plan=plan,
        item=item,
        act=name,
        title=TITLES.get(name) or ("改计划项" if item else "加一项"),
        version=version,
    )


PAGES: Final = (new_item, add_item, edit_item, change_item, remove_item, ask, act)
