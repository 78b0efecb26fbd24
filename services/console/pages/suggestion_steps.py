"""The steps of a suggestion: each a form that asks only for its day and words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from services.console import commands
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import COUNTY, OFFICE
from services.console.pages.suggestions import address
from services.console.visit import Done, Visit, action, page
from services.console.words import WORDS

CLASSES: Final = tuple(WORDS["result_class"].items())
RATINGS: Final = tuple(WORDS["satisfaction"].items())


@dataclass(frozen=True)
class Step:
    """`fields`: with what was written before to choose from. `note`: what follows from the step."""

    title: str
    fields: Callable[[Sequence[str]], Sequence[Field]]
    done: str
    note: str = ""


def _on(label: str, *, required: bool = True) -> Field:
    return Field("on", label, "date", required=required, hint="如 0612", width=4)


STEPS: Final[Mapping[str, Step]] = {
    "assign": Step(
        "交办",
        lambda units: (
            Field("unit", "主办单位", required=True, suggest=units, width=8),
            _on("交办日期"),
            Field("co_units", "会办单位", "lines", hint="没有的不填；每行一个", rows=2, width=12),
        ),
        "已交办",
        "保存后自动算出答复期限。",
    ),
    "reply": Step(
        "登记答复",
        lambda _: (
            _on("答复日期"),
            Field("class", "答复类别", "radio", options=CLASSES, width=12),
            Field(
                "interviewed",
                "答复前同代表面商",
                "radio",
                options=(("True", "面商了"), ("False", "没有面商")),
                width=12,
            ),
        ),
        "已登记答复",
    ),
    "rate": Step(
        "登记代表评价",
        lambda _: (
            Field("result", "对办理结果", "radio", required=True, options=RATINGS, width=6),
            Field("process", "对办理态度", "radio", options=RATINGS, width=6),
            _on("评价日期", required=False),
        ),
        "已登记评价",
        "对办理结果不满意的，退回重办、再次答复以后才能办结。",
    ),
    "close": Step("办结", lambda _: (_on("办结日期", required=False),), "已办结"),
    "redo": Step(
        "退回重办",
        lambda _: (_on("退回重办日期", required=False),),
        "已退回重办",
        "写了日期的，自动算出重新答复的期限。",
    ),
    "extend": Step(
        "延长答复期限",
        lambda _: (
            Field("reason", "延期理由", required=True, width=12),
            _on("同意延期的日期"),
            Field("consent_by", "哪个机关同意", hint="如 镇人大主席团", width=8),
        ),
        "已延期",
        "一次交办只能延长一次。",
    ),
    "return": Step(
        "登记退回",
        lambda _: (
            _on("退回日期", required=False),
            Field("reason", "退回理由", hint="如 不属于本单位职责", width=8),
        ),
        "已登记退回",
        "退回以后另行交办，或者转县。",
    ),
    "forward": Step(
        "转县级办理",
        lambda _: (
            Field("to", "转给哪个单位", required=True, hint="如 县交通运输局", width=8),
            _on("转出日期"),
            Field("reference", "县里的编号", hint="还没有的不填", width=4),
            Field("reason", "说明", width=8),
        ),
        "已转县",
    ),
    "answer": Step(
        "登记县级答复",
        lambda _: (
            _on("答复日期"),
            Field("reference", "县里的编号", width=4),
            Field("class", "答复类别", "radio", options=CLASSES, width=12),
            Field("text", "答复内容", "textarea", rows=4, width=12),
        ),
        "已登记县级答复",
    ),
    "reject": Step(
        "不予受理",
        lambda _: (
            Field(
                "ground",
                "事由",
                "select",
                required=True,
                options=tuple(WORDS["rejection_ground"].items()),
                width=8,
            ),
            _on("告知日期"),
            Field("reason", "说明", width=12),
        ),
        "已登记不予受理",
        "件数照旧计入。",
    ),
}
PATH: Final = "/suggestions/{id}/{step:" + "|".join(STEPS) + "}"
MAY: Final = OFFICE | COUNTY


@page(PATH, roles=MAY)
async def ask_step(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", address(visit, visit.id()))
    parts = await _fields(visit)
    named = {part.name for part in parts}
    today = visit.today.isoformat() if visit.year == visit.today.year else ""
    values = (
        {"on": today} | {"unit": answer.body["unit"] or ""} | {"reference": answer.body["county_reference"]}
    )
    form = Form(parts, {name: value for name, value in values.items() if name in named and value})
    return await _page(visit, form, 200, answer.body, answer.version or "")


@action(PATH, roles=MAY)
async def take_step(visit: Visit) -> web.Response:
    path, name = address(visit, visit.id()), visit.id("step")

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        after = await commands.act(visit, path, f"{path}:{name}", body)
        return Done(f"/suggestions/{visit.id()}", _told(name, after))

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, status, await visit.api.get(path), visit.version)

    return await visit.submit(await _fields(visit), send, again)


def _told(name: str, after: Mapping[str, Any]) -> str:
    due = {"assign": "due_on", "extend": "due_on", "redo": "redo_due_on"}.get(name)
    by = f"，{after[due]} 以前答复" if due and after[due] else ""
    return f"{STEPS[name].done}：第{after['number']}号《{after['title']}》{by}"


async def _fields(visit: Visit) -> Sequence[Field]:
    name = visit.id("step")
    if name != "answer" and not visit.may("office"):
        raise NoPage
    units: Sequence[str] = ()
    if name == "assign":
        listed = await visit.api.get(visit.at("activities", "suggestions:handling"), year=visit.year)
        units = listed["units"]
    return STEPS[name].fields(units)


async def _page(
    visit: Visit, form: Form, status: int, record: Mapping[str, Any], version: str
) -> web.Response:
    standing = await visit.api.get(f"{address(visit, visit.id())}/handling")
    name = visit.id("step")
    return await visit.form_page(
        "suggestion_step.html",
        form,
        draft=f"suggestions/{record['id']}/{name}",
        status=status,
        step=STEPS[name],
        record=record,
        standing=standing,
        allowed=any(command["command"] == name for command in standing["next"]),
        version=version,
    )


PAGES: Final = (ask_step, take_step)
