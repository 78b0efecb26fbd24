"""Activities and suggestions that may have been entered twice: told apart, or one merged into the other or voided."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.forms import Form
from services.console.menu import OFFICE
from services.console.visit import Done, Visit, action, page

REASONS: Final = {
    "same_title": "名称相同",
    "like_title": "题目相近",
    "same_place": "地点相同",
    "same_people": "到场的人相同",
    "same_lead": "领衔代表相同",
}
MEASURES: Final = {"activities": "场", "suggestions": "件"}
FIELDS: Final = {
    "title": "名称",
    "place": "地点",
    "ended_on": "结束日期",
    "group_id": "小组",
    "station_id": "阵地",
    "organiser": "组织单位",
    "topics": "议题、内容",
    "opinions_count": "意见条数",
    "voters_count": "接待选民人次",
    "sites_count": "点位",
    "laws": "检查的法律",
    "reports_count": "报告篇数",
    "units": "评议的单位",
    "questions": "询问的问题",
    "households_count": "走访户数",
    "beneficiaries_count": "受益人数",
    "amount_yuan": "金额（元）",
    "follow_up": "转交和反馈",
    "case": "案例",
    "notice_on": "通知选民日期",
    "plan_item_id": "对应计划项",
    "group_ids": "联合的小组",
}
SAID_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


@page("/activities/duplicates", roles=OFFICE)
async def list_duplicates(visit: Visit) -> web.Response:
    return await _list(visit, Form(()), 200)


async def _list(visit: Visit, form: Form, status: int) -> web.Response:
    found = await visit.api.get(visit.at("activities", "duplicates"), year=visit.year)
    return await visit.form_page(
        "duplicates.html",
        form,
        draft="",
        status=status,
        items=found["items"],
        suggestions=found["suggestions"],
        reasons=REASONS,
    )


@action("/{kind:activities|suggestions}/duplicates/differ", roles=OFFICE)
async def differ(visit: Visit) -> web.Response:
    """These are different activities held on one day, or different suggestions."""
    first, *others = [str(id) for id in visit.sent.getall("id", [])]
    kind = visit.id("kind")

    async def send(_: Form) -> Done:
        path = visit.at("activities", f"{kind}/{first}:differ")
        await visit.api.post(path, {"others": others}, key=visit.key)
        return Done("/activities/duplicates", f"已注明不是同一{MEASURES[kind]}，以后不再提示")

    return await visit.submit((), send, lambda form, status: _list(visit, form, status))


@page("/activities/{id}/merge/{into}", roles=OFFICE)
async def show_merge(visit: Visit) -> web.Response:
    return await _page(visit, Form(()), 200)


async def _page(visit: Visit, form: Form, status: int) -> web.Response:
    one, version = await visit.api.current(visit.at("activities", f"activities/{visit.id()}"))
    other, _ = await visit.api.current(visit.at("activities", f"activities/{visit.id('into')}"))
    rows = [
        (name, label, one[name], other[name]) for name, label in FIELDS.items() if _tells(one, other, name)
    ]
    return await visit.form_page(
        "merge.html", form, draft="", status=status, one=one, other=other, rows=rows, version=version
    )


def _tells(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    return bool(
        one[name] not in SAID_NOTHING and other[name] not in SAID_NOTHING and one[name] != other[name]
    )


@action("/activities/{id}/merge/{into}", roles=OFFICE)
async def merge(visit: Visit) -> web.Response:
    into = visit.id("into")

    async def send(_: Form) -> Done:
        choices = {name: str(visit.sent[name]) for name in FIELDS if name in visit.sent}
        path, body = (
            visit.at("activities", f"activities/{visit.id()}:merge"),
            {"into": into, "choices": choices},
        )
        await visit.api.post(path, body, key=visit.key, version=visit.version)
        return Done(f"/activities/{into}", "已合并；另一条作废，注明并入了这一条")

    return await visit.submit((), send, lambda form, status: _page(visit, form, status))


PAGES: Final = (list_duplicates, differ, show_merge, merge)
