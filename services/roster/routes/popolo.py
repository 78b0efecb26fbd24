"""Route of the roster as Popolo JSON."""

from services.roster.handlers import popolo
from services.roster.schemas.popolo import Popolo
from shared.http import EVERYONE, Call, route


@route("GET", "/towns/{town}/popolo", roles=EVERYONE)
async def get_popolo(call: Call) -> Popolo:
    """名册的 Popolo JSON（人员、机构、职位、任职），供议会数据的软件读取；没有联系方式，出生日期只到年。"""
    return await popolo.popolo(call.work)
