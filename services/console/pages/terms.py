"""换届: a term of the congress ends, and with it the mandates of its deputies."""

from typing import Any, Final

from aiohttp import web

from services.console.forms import Field, Form
from services.console.menu import OFFICE
from services.console.visit import Done, Visit, action, page

END: Final = "/terms/{id}/end"
FIELDS: Final = (Field("on", "下一届第一次会议第一天", "date", required=True, hint="如 20220105", width=4),)


@page(END, roles=OFFICE)
async def check_end(visit: Visit) -> web.Response:
    record, version = await visit.api.current(_path(visit))
    form = Form.of(FIELDS, {"on": record["ended_on"]})
    return await _page(visit, form, record=record, version=version)


@action(END, roles=OFFICE)
async def end_term(visit: Visit) -> web.Response:
    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        ended = await visit.api.post(f"{_path(visit)}:end", body, key=visit.key, version=visit.version)
        told = (
            f"第{ended['congress_number']}届已届满，本届镇代表的代表资格都已终止。请登记新一届和新当选的代表"
        )
        return Done("/terms", told, [("/terms/new", "登记下一届"), ("/excel", "用 Excel 登记新代表")])

    async def again(form: Form, status: int) -> web.Response:
        record, version = await visit.api.current(_path(visit))
        return await _page(visit, form, status, record=record, version=visit.version or version)

    return await visit.submit(FIELDS, send, again)


def _path(visit: Visit) -> str:
    return visit.at("roster", f"terms/{visit.id()}")


async def _page(visit: Visit, form: Form, status: int = 200, *, record: Any, version: str) -> web.Response:
    at_work = [
        one
        for state in ("serving", "suspended")
        for one in await visit.api.all(
            visit.at("roster", "deputyships"), level="town", status=state, limit=200
        )
    ]
    number = record["congress_number"]
    return await visit.form_page(
        "term_end.html",
        form,
        draft="",
        status=status,
        record=record,
        version=version,
        ending=sum(one["congress_number"] == number for one in at_work),
        unknown=sum(one["congress_number"] is None for one in at_work),
    )


PAGES: Final = (check_end, end_term)
