"""The town's own name and facts: the first thing an office enters."""

from typing import Final

from aiohttp import web

from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.visit import Done, Visit, action, page

TOWN: Final = (
    Field("name", "名称", required=True, hint="写全称，如 石桥镇、红石畲族乡", width=4),
    Field("county_name", "县（市、区）", hint="如 清江县", width=4),
    Field("city_name", "市（州）", width=4),
    Field("congress_number", "现在是第几届", "number", hint="如 十八届填 18", width=4),
    Field("quota", "代表名额", "number", width=4),
    Field("population", "人口", "number", width=4),
)


@page("/town", roles=OFFICE)
async def show_town(visit: Visit) -> web.Response:
    town = await visit.api.maybe(f"/roster/v1/towns/{visit.town}")
    return await _town_page(visit, Form.of(TOWN, town or {}))


@action("/town", roles=OFFICE)
async def name_town(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        await visit.api.put(f"/roster/v1/towns/{visit.town}", body)
        visit.console.town_names.forget(visit.town)
        ways = [("/excel", "导入名册"), ("/deputies/new", "逐个登记代表")]
        return Done("/", f"已登记：{body['name']}。下一步登记代表名册", ways)

    return await visit.submit(TOWN, send, lambda form, status: _town_page(visit, form, status))


async def _town_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    return await visit.form_page("town.html", form, draft="town", status=status)


PAGES: Final = (show_town, name_town)
