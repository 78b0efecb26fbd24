"""A record entered by mistake is voided with a reason: suggestions, opinions, sessions, presidium meetings,
rating meetings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from services.console import commands
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.pages import presidium, sessions
from services.console.visit import Done, Visit, action, page

REASON: Final = (
    Field("reason", "作废的原因", required=True, hint="会写进总结的核对单，不写选民姓名", width=12),
)


@dataclass(frozen=True)
class Kind:
    """`listed`: what its list is called, `path` its collection in `service`, `follows` what follows else."""

    listed: str
    path: str
    title: Callable[[Mapping[str, Any]], str]
    follows: str
    service: str = "activities"


KINDS: Final[Mapping[str, Kind]] = {
    "suggestions": Kind(
        "代表建议",
        "suggestions",
        lambda record: f"{record['number']}号建议《{record['title']}》",
        "编号空出来，可以再用；由选民意见转来的，那些意见回到转为建议之前。",
    ),
    "opinions": Kind(
        "接待和意见",
        "opinions",
        lambda record: f"{record['received_on']}收到的意见（{record['category'] or '没有类别'}）",
        "联系方式随即删除；转成的建议照旧，不再写明由这条意见转来。",
    ),
    "sessions": Kind(
        "代表大会",
        "sessions",
        sessions.title,
        "届次空出来，可以再用；缺席次数重新计算，由它完成的计划项目重新待办。还有建议写明在这次会议上提出的，要先改那些建议。",
    ),
    "presidium": Kind(
        "主席团会议",
        "presidium_meetings",
        presidium.title,
        "次数空出来，可以再用；议定事项不再催办，由它完成的计划项目重新待办。",
    ),
    "ratings": Kind(
        "述职测评",
        "meetings",
        lambda record: f"{record['constituency']}述职测评会",
        "印过扫码票、录入过计票的，是开过的会，不能作废。",
        "ratings",
    ),
}
PATH: Final = "/{kind:" + "|".join(KINDS) + "}/{id}/void"


@page(PATH, roles=OFFICE)
async def ask_void(visit: Visit) -> web.Response:
    record, version = await visit.api.current(_address(visit))
    if record.get("void_reason"):
        raise NoPage("这一条已经作废")
    return await _page(visit, Form(REASON), 200, record, version)


@action(PATH, roles=OFFICE)
async def void(visit: Visit) -> web.Response:
    address, here = _address(visit), f"/{visit.id('kind')}/{visit.id()}"

    async def send(form: Form) -> Done:
        await commands.act(visit, address, f"{address}:void", form.body(visit.today, visit.year))
        return Done(here, "已作废；记录保留原样，不再计数")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, status, await visit.api.get(address), visit.version)

    return await visit.submit(REASON, send, again)


def _address(visit: Visit) -> str:
    kind = KINDS[visit.id("kind")]
    return visit.at(kind.service, f"{kind.path}/{visit.id()}")


async def _page(
    visit: Visit, form: Form, status: int, record: Mapping[str, Any], version: str
) -> web.Response:
    kind, name = KINDS[visit.id("kind")], visit.id("kind")
    return await visit.form_page(
        "void.html",
        form,
        draft="",
        status=status,
        kind=kind,
        back="/receptions" if name == "opinions" else f"/{name}",
        record_page=f"/{name}/{record['id']}",
        called=kind.title(record),
        version=version,
    )


PAGES: Final = (ask_void, void)
