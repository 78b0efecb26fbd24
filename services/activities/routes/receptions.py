"""Route of a reception with its opinions."""

from services.activities import schemas
from services.activities.handlers.receptions import hold_reception
from services.activities.routes.opinions import opinion_out
from services.activities.routes.roles import OFFICE
from shared.errors import Conflict
from shared.http import Call, Reply, route


@route("POST", "/towns/{town}/receptions", roles=OFFICE, status=201, problems=[Conflict])
async def record_reception(call: Call[None, schemas.ReceptionIn]) -> Reply[schemas.ReceptionOut]:
    """登记一次接待、走访或其他联系，连同当场收到的意见；要么全部登记，要么一件也不登记。"""
    activity, opinions = await hold_reception(call.work, call.body)
    received = [opinion_out(opinion, call.actor) for opinion in opinions]
    return Reply(schemas.ReceptionOut(activity=activity, opinions=received), version=activity.version)
