"""Rating schemes: those of the town, the usual ones to adopt, the form of one."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.errors import NoPage
from services.console.forms import Field, Form, Rows
from services.console.menu import DEPUTY, OFFICE, READERS
from services.console.numbers import whole_or_text
from services.console.visit import Done, Visit, action, page
from services.console.words import OPTION_CODES, RATING_FORMULAS

PARTS: Final = (
    Field("name", "名称", required=True, width=6),
    Field("formula", "怎样算", "select", required=True, options=tuple(RATING_FORMULAS.items()), width=6),
    Rows(
        "options",
        "选项（按票上的次序）",
        (
            Field("label", "选项", required=True, width=4),
            Field("points", "分值", "number", width=2),
            Field("code", "代码", width=3),
        ),
        blank=2,
        hint="代码不用填；改过名称的选项，代码不要改",
    ),
    Field("thresholds", "等次线（百分数）", hint="只在按等次线评定时填，由高到低，如 80、50", width=6),
    Field(
        "ties",
        "票数相同时",
        "select",
        options=(("lower", "取较低的等次"), ("none", "不定等次")),
        width=3,
    ),
    Field("dimensions", "评议项目", "lines", hint="分项评的，每行一项", width=6),
    Rows(
        "groups",
        "评议群体（分群体计分的填，只能用纸质票）",
        (
            Field("code", "群体", required=True, width=4),
            Field("weight", "权重（%）", "number", required=True, width=3),
        ),
        blank=1,
    ),
    Field(
        "silent_group",
        "有的群体一项也没有选",
        "select",
        options=(("none", "不出得分"), ("renormalised", "只按其余群体的权重")),
        width=6,
    ),
    Field("min_raters", "应有多少人评", "number", hint="少于这个数，总结里提醒", width=3),
    Field(
        "min_published",
        "有效票不到多少张不公布",
        "number",
        hint="不填是 10，最少 5。分群体的，每个群体都要够：主席团九人的填 5",
        width=3,
    ),
)


@page("/ratings/schemes", roles=READERS | DEPUTY)
async def list_schemes(visit: Visit) -> web.Response:
    schemes, presets = await asyncio.gather(
        part(visit.api.all(visit.at("ratings", "schemes")), LATE_SECONDS),
        part(visit.api.get(visit.at("ratings", "scheme_presets")), LATE_SECONDS),
    )
    return visit.html("schemes.html", schemes=schemes, presets=presets, key=visit.key)


@page("/ratings/schemes/new", roles=OFFICE)
async def new_scheme(visit: Visit) -> web.Response:
    record: Mapping[str, Any] = {"ties": "lower", "silent_group": "none"}
    if chosen := visit.asked("preset"):
        record = await _preset(visit, chosen)
    return await _page(visit, Form.of(PARTS, _shown(record)))


@action("/ratings/schemes/new", roles=OFFICE)
async def add_scheme(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = _body(form, visit)
        added = await visit.api.post(visit.at("ratings", "schemes"), body, key=visit.key)
        again = ("/ratings/new", "登记测评会")
        return Done("/ratings/schemes", f"已登记评议办法：{added['name']}", [again])

    return await visit.submit(PARTS, send, lambda form, status: _page(visit, form, status))


@action("/ratings/schemes/adopt", roles=OFFICE)
async def adopt_scheme(visit: Visit) -> web.Response:
    """A usual scheme as it is."""
    preset = await _preset(visit, str(visit.sent.get("preset", "")))
    rules = {name: value for name, value in preset.items() if name not in ("preset", "formula_label")}
    await visit.api.post(visit.at("ratings", "schemes"), rules, key=visit.key)
    return await visit.tell(Done("/ratings/schemes", f"已采用：{rules['name']}"))


@page("/ratings/schemes/{id}", roles=READERS | DEPUTY)
async def show_scheme(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", _path(visit))
    form = Form.of(PARTS, _shown(answer.body))
    return await _page(visit, form, record=answer.body, version=answer.version or "")


@action("/ratings/schemes/{id}", roles=OFFICE)
async def change_scheme(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", _path(visit))

    async def current() -> tuple[Mapping[str, Any], str]:
        return _shown(answer.body), answer.version or ""

    async def send(form: Form) -> Done:
        body = _body(form, visit)
        patch = {name: body.get(name, _EMPTY.get(name)) for name in body.keys() | _EMPTY.keys()}
        patch = {name: value for name, value in patch.items() if value != answer.body.get(name)}
        if patch:
            await visit.api.patch(_path(visit), patch, version=visit.version)
        return Done("/ratings/schemes", f"已保存：{body['name']}。已经开始的测评会仍用原来的办法")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, status, record=answer.body, version=visit.version)

    return await visit.submit(PARTS, send, again, current=current)


_EMPTY: Final[Mapping[str, Any]] = {"thresholds": [], "groups": [], "dimensions": []}


def _path(visit: Visit) -> str:
    return visit.at("ratings", f"schemes/{visit.id()}")


async def _preset(visit: Visit, name: str) -> Mapping[str, Any]:
    """Errors: NoPage."""
    presets = await visit.api.get(visit.at("ratings", "scheme_presets"))
    for preset in presets["items"]:
        if preset["preset"] == name:
            found: Mapping[str, Any] = preset
            return found
    raise NoPage("没有这种现成的办法")


def _shown(record: Mapping[str, Any]) -> dict[str, Any]:
    return {**record, "thresholds": "、".join(str(line) for line in record.get("thresholds", ()))}


def _body(form: Form, visit: Visit) -> dict[str, Any]:
    """The form with codes for the options that have none, and lines as numbers. Errors: Faulty."""
    body = form.body(visit.today, visit.year)
    for option in body.get("options", ()):
        label = str(option.get("label", ""))
        option.setdefault("code", OPTION_CODES.get(label, label.replace(" ", "")))
    if lines := body.pop("thresholds", ""):
        plain = str(lines).replace("，", "、").replace(",", "、").replace("%", "")
        body["thresholds"] = [whole_or_text(line) for line in plain.split("、") if line]
    return body


async def _page(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str = ""
) -> web.Response:
    draft = f"ratings/schemes/{record['id'] if record else 'new'}" if visit.may("office") else ""
    return await visit.form_page(
        "scheme.html", form, draft=draft, status=status, record=record, version=version
    )


PAGES: Final = (list_schemes, new_scheme, add_scheme, adopt_scheme, show_scheme, change_scheme)
