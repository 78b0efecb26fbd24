"""The route of how long things are kept."""

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.retention import RULES, TownRetention
from services.activities.routes.roles import READERS
from shared.http import Call, route


class RetentionOut(BaseModel):
    items: list[TownRetention]


@route("GET", "/towns/{town}/retention", roles=READERS)
async def read_retention(call: Call) -> RetentionOut:
    """选民意见、联系方式、材料保存多久、依据什么；天数按本镇现行的规则，到期由系统删除，删除了多少记在日志里。"""
    rules = await repository.rules(call.work, call.work.clock.today())
    return RetentionOut(items=[rule.on(rules) for rule in RULES])
