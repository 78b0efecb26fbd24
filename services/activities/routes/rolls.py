"""Routes of sign-in sheets: printing blank ones, resolving signed ones."""

from aiohttp import web

from services.activities import schemas
from services.activities.handlers import rolls
from services.activities.pages import view
from services.activities.routes.roles import OFFICE
from shared.http import Call, route


@route("POST", "/towns/{town}/attendance:resolve", roles=OFFICE, commits=False, status=200)
async def resolve_attendance(call: Call[None, schemas.SheetIn]) -> schemas.Resolved:
    """把签到册上写的姓名或序号变成出席情况：其余都到、逐人写明均可；认不出的、同名的逐个指出，什么也不登记。"""
    return await rolls.resolve(call.work, call.body)


@route(
    "GET",
    "/towns/{town}/sign_in_sheet",
    roles=OFFICE | {"leader"},
    produces=("text/html",),
)
async def print_sign_in_sheet(call: Call[schemas.RollQuery]) -> web.Response:
    """打印签到册：应到人员按姓氏笔画编号，序号可直接用来登记出席情况。"""
    town, roll = await rolls.sheet(call.work, call.query)
    page = view.sign_in_sheet(town, call.query.title, call.query.held_on, roll)
    return web.Response(
        text=page, content_type="text/html", charset="utf-8", headers={"Content-Security-Policy": view.POLICY}
    )
