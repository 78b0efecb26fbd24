"""The county's rule packs: written, shown whom they touch, pushed; and the logs' heads, checked town by town."""

import asyncio
import json
from collections.abc import Collection
from functools import partial
from typing import Any, Final

from aiohttp import web

from services.console.api import COUNTING_SECONDS, SERVICES, part
from services.console.errors import NoPage, Refused
from services.console.forms import Faulty, Field, Form
from services.console.menu import AUDITOR, COUNTY
from services.console.visit import Visit, action, page

WATCHERS: Final = COUNTY | AUDITOR
RULES: Final = (
    Field("rules.presidium_meetings_per_quarter", "每季度主席团会议", "number", hint="次", width=3),
    Field("rules.group_activities_per_year", "每组每年活动", "number", hint="次", width=3),
    Field("rules.duty_report_meetings_per_year", "每年述职测评会", "number", hint="场", width=3),
    Field("rules.inquiries_per_year", "每年专题询问", "number", hint="次", width=3),
    Field("rules.receptions_per_station", "每个阵地每年接待", "number", hint="场", width=3),
    Field("rules.voter_contacts_per_deputy", "每名代表每年联系选民", "number", hint="次", width=3),
    Field("rules.reply_months", "建议答复期限", "number", hint="月", width=3),
    Field("rules.closing_on", "封账日", hint="写成 12-07", width=3),
    Field("rules.first_session_by", "第一次会议最迟", hint="写成 03-31", width=3),
    Field("rules.second_session_by", "第二次会议最迟", hint="写成 08-31", width=3),
)
"""The rules counties set most; what else a pack has is written as it is."""
PACK: Final = (
    Field("id", "编号", required=True, hint="字母、数字和 . _ -，如 2026-reply；同编号的就是改它", width=4),
    Field("effective_from", "自哪天起", "due", required=True, width=4),
    Field("effective_to", "到哪天止", "due", hint="不填为一直有效", width=4),
    Field(
        "scope",
        "层级",
        "select",
        options=(("county", "县"), ("province", "省"), ("national", "全国")),
        width=4,
    ),
    Field("basis", "依据", hint="文件名称和条款", width=8),
    *RULES,
    Field("more", "其他规则", "lines", hint="每行一条，如 reply_months = 2；名称见规则说明", width=12),
)


LABELS: Final = {field.name: field.label for field in PACK}
WITHDRAW: Final = (
    Field(
        "reason",
        "收回的原因",
        "textarea",
        required=True,
        hint="如：发错了；县里的文件废止了",
        width=12,
        rows=3,
    ),
)


@page("/county/rules", roles=WATCHERS)
async def show_rules(visit: Visit) -> web.Response:
    found = await visit.api.get(f"/roster/v1/areas/{visit.session.area}/rule_packs")
    names = {field.name.removeprefix("rules."): field.label for field in RULES}
    return visit.html("county_rules.html", found=found, names=names)


@page("/county/rules/new", roles=COUNTY)
async def new_pack(visit: Visit) -> web.Response:
    return await _decided(visit, Form.of(PACK, {"scope": "county"}))


@page("/county/rules/{id}", roles=COUNTY)
async def show_pack(visit: Visit) -> web.Response:
    found = await visit.api.get(f"/roster/v1/areas/{visit.session.area}/rule_packs")
    pack = next((item["pack"] for item in found["items"] if item["pack"]["id"] == visit.id()), None)
    if pack is None:
        raise NoPage("没有下发过这个规则包")
    known = {field.name.removeprefix("rules.") for field in RULES}
    more = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in pack["rules"].items()
        if name not in known
    ]
    return await _decided(visit, Form.of(PACK, {**pack, "more": more}))


@action("/county/rules", roles=COUNTY)
async def push_pack(visit: Visit) -> web.Response:
    """First whom it touches; then the push, with what came of it at each town."""
    form = Form.sent(PACK, visit.sent)
    try:
        body = form.body(visit.today, visit.year)
        typed = _more(form, body.pop("more", []))
        body["rules"] = body.get("rules", {}) | typed
    except Faulty:
        form.title = "请改正下面标出的地方"
        return await _decided(visit, form, 422)
    if "change" in visit.sent:
        return await _decided(visit, form)
    pushed = "confirmed" in visit.sent
    path = f"/roster/v1/areas/{visit.session.area}/rule_packs/{body.pop('id')}"
    try:
        answer = await visit.api.answer("PUT", path, query={"dry_run": not pushed}, json=body)
    except Refused as refused:
        return await _decided(visit, _refused(form, refused, typed), refused.status)
    return await _decided(visit, form, outcome=answer.body, done=pushed)


@page("/county/rules/{id}/withdraw", roles=COUNTY)
async def show_withdraw(visit: Visit) -> web.Response:
    return await _withdrawing(visit, Form.of(WITHDRAW, {}))


@action("/county/rules/{id}/withdraw", roles=COUNTY)
async def withdraw_pack(visit: Visit) -> web.Response:
    """First whom it touches; then the pack is taken back, with what came of it at each town."""
    form = Form.sent(WITHDRAW, visit.sent)
    try:
        body = form.body(visit.today, visit.year)
    except Faulty:
        form.title = "请写明收回的原因"
        return await _withdrawing(visit, form, 422)
    if "change" in visit.sent:
        return await _withdrawing(visit, form)
    confirmed = "confirmed" in visit.sent
    path = f"/roster/v1/areas/{visit.session.area}/rule_packs/{visit.id()}:withdraw"
    try:
        answer = await visit.api.answer("POST", path, query={"dry_run": not confirmed}, json=body)
    except Refused as refused:
        return await _withdrawing(visit, form.refuse(refused), refused.status)
    return await _withdrawing(visit, form, outcome=answer.body, done=confirmed)


def _more(form: Form, lines: list[str]) -> dict[str, Any]:
    """Rules written as `name = value`. Errors: Faulty."""
    rules: dict[str, Any] = {}
    for line in lines:
        name, equals, value = (text.strip() for text in line.partition("="))
        try:
            rules[name] = json.loads(value)
        except (ValueError, RecursionError):
            rules[name] = value
        if not equals or not name:
            form.faults["more"] = f"“{line}”写成 名称 = 值"
            raise Faulty(form)
    return rules


def _refused(form: Form, refused: Refused, typed: Collection[str]) -> Form:
    """What is wrong with a rule stands, with its name, at the field that it was typed in."""
    others = []
    for error in refused.errors:
        rule = str(error.get("loc", "")).removeprefix("body.rules.").partition(".")[0]
        if rule in typed:
            form.faults.setdefault("more", f"{rule}：{error.get('message', '')}")
        else:
            others.append(error)
    return form.refuse(Refused(refused.status, {**refused.problem, "errors": others}))


async def _names(visit: Visit) -> dict[str, str]:
    board = await part(
        visit.api.get(f"/reports/v1/areas/{visit.session.area}/years/{visit.year}"), COUNTING_SECONDS
    )
    return {town["town"]: town["name"] for town in board["towns"]} if board else {}


async def _decided(
    visit: Visit,
    form: Form,
    status: int = 200,
    *,
    template: str = "county_pack.html",
    outcome: Any = None,
    done: bool = False,
) -> web.Response:
    """The form; with an outcome also what comes of it at each town, before or after it is `done`."""
    return await visit.form_page(
        template,
        form,
        draft="",
        status=status,
        id=visit.request.match_info.get("id", ""),
        outcome=outcome,
        done=done,
        names=await _names(visit) if outcome else {},
        labels=LABELS,
    )


_withdrawing: Final = partial(_decided, template="county_withdraw.html")


# --- the logs


@page("/county/events", roles=WATCHERS)
async def show_events(visit: Visit) -> web.Response:
    """The last event of every town and service, with what is signed about it."""
    asked = [
        part(visit.api.get(f"/{name}/v1/heads", area=visit.session.area), COUNTING_SECONDS)
        for name in SERVICES
    ]
    answers = dict(zip(SERVICES, await asyncio.gather(*asked), strict=True))
    towns: dict[str, dict[str, Any]] = {}
    for name, answer in answers.items():
        for head in answer["items"] if answer else ():
            towns.setdefault(head["source"].split("/")[1], {})[name] = head
    late = [name for name, answer in answers.items() if answer is None]
    return visit.html(
        "county_events.html",
        towns=sorted(towns.items()),
        services=SERVICES,
        late=late,
        names=await _names(visit),
    )


@page(r"/county/events/{town:[0-9]{9}}", roles=WATCHERS)
async def verify_town(visit: Visit) -> web.Response:
    """Whether a town's records, logs and copies agree, as each service finds it."""
    town = visit.id("town")
    asked = [part(visit.api.get(f"/{name}/v1/towns/{town}/integrity"), COUNTING_SECONDS) for name in SERVICES]
    found = list(zip(SERVICES, await asyncio.gather(*asked), strict=True))
    return visit.html("county_verify.html", town_code=town, found=found, names=await _names(visit))


@page(r"/county/events/{town:[0-9]{9}}/{service}.txt", roles=WATCHERS)
async def download_head(visit: Visit) -> web.Response:
    """The signed statement, to be kept and held against the log later."""
    town, service = visit.id("town"), visit.id("service")
    if service not in SERVICES:
        raise NoPage
    head = await visit.api.get(f"/{service}/v1/towns/{town}/head")
    name = f"head-{town}-{service}-{head['sequence']}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(text=head["statement"], content_type="text/plain", headers=headers)


PAGES: Final = (
    *(show_rules, new_pack, show_pack, push_pack, show_withdraw, withdraw_pack),
    *(show_events, verify_town, download_head),
)
