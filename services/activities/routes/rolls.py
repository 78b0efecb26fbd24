"""Routes of sign-in sheets: resolving signed ones."""

from services.activities import schemas
from services.activities.handlers import rolls
from services.activities.routes.roles import OFFICE
from shared.http import Call, route


@route("POST", "/towns/{town}/attendance:resolve", roles=OFFICE | {"leader"}, commits=False, status=200)
async def resolve_attendance(call: Call[None, schemas.SheetIn]) -> schemas.Resolved:
    """把签到册上写的姓名或序号变成出席情况：其余都到、逐人写明均可；认不出的、同名的逐个指出，什么也不登记。"""
    return await rolls.resolve(call.work, call.body)
