"""Groups and stations of a town."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import part
from services.console.forms import Field, Form
from services.console.menu import OFFICE, READERS
from services.console.visit import Done, Visit, action, page

KINDS: Final = {"groups": "小组", "stations": "阵地"}


def _fields(kind: str) -> tuple[Field, ...]:
    if kind == "groups":
        return (
            Field("number", "编号", "number", required=True, width=2),
            Field("name", "名称", hint="不填写作“第几代表小组”", width=6),
            Field("level", "层级", "select", options=(("town", "乡镇代表"), ("upper", "上级代表")), width=3),
            Field("formed_on", "成立日期", "date", width=3),
            Field("dissolved_on", "撤销日期", "date", width=3),
            Field("rules", "制度", "lines", hint="每行一项，如 学习制度", width=6),
        )
    return (
        Field("name", "名称", required=True, width=6),
        Field(
            "kind",
            "类别",
            "select",
            options=(("activity_room", "代表活动室"), ("liaison", "代表联络站")),
            width=3,
        ),
        Field("reception_day", "接待日", hint="每月几日，或者写明，如 每周三上午", width=3),
        Field("address", "地址", width=6),
        Field("opened_on", "启用日期", "date", width=3),
        Field("closed_on", "停用日期", "date", width=3),
        Field("serves", "服务范围", "lines", hint="每行一个村、社区", width=6),
        Field("rules", "上墙制度", "lines", hint="每行一项", width=6),
    )


@page("/groups", roles=READERS)
async def list_places(visit: Visit) -> web.Response:
    groups = await part(visit.api.all(visit.at("roster", "groups")), 5)
    stations = await part(visit.api.all(visit.at("roster", "stations")), 5)
    return visit.html("places.html", groups=groups, stations=stations)


@page("/{kind:groups|stations}/new", roles=OFFICE)
async def new_place(visit: Visit) -> web.Response:
    return await _page(visit, Form(_fields(visit.id("kind"))))


@action("/{kind:groups|stations}/new", roles=OFFICE)
async def add_place(visit: Visit) -> web.Response:
    kind = visit.id("kind")

    async def send(form: Form) -> Done:
        body = _sent(form.body(visit.today, visit.year))
        added = await visit.api.post(visit.at("roster", kind), body, key=visit.key)
        again = (f"/{kind}/new", "再登记一个")
        return Done("/groups", f"已登记{KINDS[kind]}：{_name(added)}", [again])

    return await visit.submit(_fields(kind), send, lambda form, status: _page(visit, form, status))


@page("/{kind:groups|stations}/{id}", roles=READERS)
async def show_place(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", visit.at("roster", f"{visit.id('kind')}/{visit.id()}"))
    form = Form.of(_fields(visit.id("kind")), answer.body)
    return await _page(visit, form, record=answer.body, version=answer.version)


@action("/{kind:groups|stations}/{id}", roles=OFFICE)
async def change_place(visit: Visit) -> web.Response:
    kind, path = visit.id("kind"), visit.at("roster", f"{visit.id('kind')}/{visit.id()}")

    async def current() -> tuple[Any, str]:
        answer = await visit.api.answer("GET", path)
        return answer.body, answer.version or ""

    async def send(form: Form) -> Done:
        record, _ = await current()
        patch = _sent(form.changes(record, visit.today, visit.year))
        if patch:
            await visit.api.patch(path, patch, version=visit.version)
        return Done("/groups", f"已保存：{_name(record)}")

    async def again(form: Form, status: int) -> web.Response:
        record, _ = await current()
        return await _page(visit, form, status, record=record, version=visit.version)

    return await visit.submit(_fields(kind), send, again, current=current)


def _sent(body: dict[str, Any]) -> dict[str, Any]:
    """A reception day that is a number is a day of each month."""
    day = body.get("reception_day")
    return {**body, "reception_day": int(day)} if isinstance(day, str) and day.isdecimal() else body


def _name(record: Mapping[str, Any]) -> str:
    return record["name"] or f"第{record['number']}小组"


async def _page(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str | None = None
) -> web.Response:
    kind = visit.id("kind")
    draft = (
        ""
        if record is not None and not visit.may("office")
        else f"{kind}/{record['id'] if record else 'new'}"
    )
    return await visit.form_page(
        "place.html",
        form,
        draft=draft,
        status=status,
        title=KINDS[kind],
        record=record,
        version=version,
        kind=kind,
    )


PAGES: Final = (list_places, new_place, add_place, show_place, change_place)
