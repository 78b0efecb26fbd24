"""Public routes of the page that a poster's code opens. Not logged or traced; no token, script or cookie."""

from typing import Final

from aiohttp import web
from pydantic import ValidationError

from services.activities.domain.codes import LENGTH
from services.activities.errors import OpinionCodeRevoked, OpinionCodeUnknown
from services.activities.handlers import codes
from services.activities.pages import view
from services.activities.pages.view import PAGES
from services.activities.repository import STATIONS, TOWNS, code_of
from services.activities.schemas import OpinionForm
from shared.errors import FieldError, Malformed, Problem
from shared.http import PUBLIC, Call, read_form, route
from shared.http.html import HTML
from shared.security.codes import read
from shared.storage.work import Work

FORM_BYTES: Final = 32 * 1024
FAULTS: Final = {
    "category": "请从所列的类别中选一项，或者不选",
    "text": "请填写意见内容，不超过 2000 字",
    "name": "称呼不超过 50 字",
    "phone": "电话只填数字，如 13900000000",
}


@route("GET", "/o/{code}", roles=PUBLIC, root=True, quiet=True, commits=False, produces=(HTML,))
async def show_form(call: Call) -> web.Response:
    """留言页：扫站点的二维码打开，不需要登录。"""
    try:
        work, code = await _work_and_code(call)
    except Problem as problem:
        return _refusal(problem)
    return PAGES.answer(view.form(*await _names(work, code), {}, {}))


@route("POST", "/o/{code}", roles=PUBLIC, root=True, quiet=True, commits=False, produces=(HTML,))
async def leave_opinion(call: Call) -> web.Response:
    """留下意见：类别、内容和联系方式，除内容外都可以不填。"""
    try:
        work, code = await _work_and_code(call)
        values = await _filled_in(call.request)
        try:
            form = OpinionForm.model_validate(values)
        except ValidationError as error:
            wrong = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
            faults = {name: text for name, text in FAULTS.items() if name in wrong}
            return PAGES.answer(view.form(*await _names(work, code), values, faults), 422)
        opinion = await call.store.execute(
            town=work.town, actor="", run=lambda fresh: codes.leave_opinion(fresh, code, form)
        )
    except Problem as problem:
        return _refusal(problem)
    lines = (
        f"回执号：{opinion.reference}",
        f"{work.clock.today():%Y年%m月%d日}",
        "镇人大办公室会尽快转交办理。可以截屏保存回执号，凭它到站点查问。",
    )
    return PAGES.answer(view.message("您的意见已收到", *lines))


async def _work_and_code(call: Call) -> tuple[Work, str]:
    """(unit of work on the code's town, the code). Errors: OpinionCodeUnknown, OpinionCodeRevoked."""
    code = read(call.path["code"], LENGTH)
    opinion_code = await code_of(call.work.reader, code) if code else None
    if opinion_code is None:
        raise OpinionCodeUnknown
    if opinion_code.revoked_on is not None:
        raise OpinionCodeRevoked
    return call.store.reading(opinion_code.town, ""), opinion_code.id


async def _names(work: Work, code: str) -> tuple[str, str]:
    """Names of the town and of the station."""
    town = await work.get(TOWNS, work.town)
    station = await work.get(STATIONS, (await codes.valid_code(work, code)).station_id)
    return (town.name if town else None) or "", station.name if station else ""


async def _filled_in(request: web.Request) -> dict[str, str]:
    sent = await read_form(request, limit=FORM_BYTES)
    if unknown := sent.keys() - set(view.FIELDS):
        raise Malformed(
            "表单中有不认识的项", errors=[FieldError(f"body.{min(unknown)[:100]}", "不认识的字段")]
        )
    return {name: sent.get(name, "") for name in view.FIELDS}


def _refusal(problem: Problem) -> web.Response:
    return PAGES.refusal(problem, view.message(problem.title, problem.detail))
