"""Routes of the town."""

from services.roster.handlers import towns
from services.roster.repository import TOWNS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.towns import TownIn, TownOut, TownPatch
from shared.http import EVERYONE, Call, Reply, route


@route("PUT", "/towns/{town}", roles=OFFICE, creates=True)
async def put_town(call: Call[None, TownIn]) -> Reply[TownOut]:
    """登记镇的基本情况和规则包，或者整份修改。"""
    before = await call.work.get(TOWNS, call.town)
    call.condition.check(before.version if before is not None else None)
    town = await towns.put_town(call.work, call.body)
    out = TownOut.model_validate(town.model_dump())
    return Reply(out, status=201 if before is None else 200, version=town.version)


@route("GET", "/towns/{town}", roles=EVERYONE, revalidated=True)
async def get_town(call: Call) -> Reply[TownOut]:
    """镇的基本情况。"""
    town = await call.work.require(TOWNS, call.town)
    return Reply(TownOut.model_validate(town.model_dump()), version=town.version)


@route("PATCH", "/towns/{town}", roles=OFFICE, body=TownPatch)
async def patch_town(call: Call[None, TownPatch]) -> Reply[TownOut]:
    """修改镇的基本情况中的几项；镇、县、市更名的用 on 写明自哪天起，以前的文件仍用旧名。"""
    before = await call.work.require(TOWNS, call.town)
    call.condition.check(before.version)
    town = await towns.correct_town(call.work, before, call.body)
    return Reply(TownOut.model_validate(town.model_dump()), version=town.version)
