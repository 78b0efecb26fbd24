"""Plans of the year."""

from services.activities import schemas
from services.activities.domain.plans import Plan
from services.activities.handlers import plans
from services.activities.repository import PLANS
from services.activities.routes.door import OFFICE, READERS, api
from shared.http import Call, Reply

api.resource(
    "plans",
    PLANS,
    body=schemas.PlanIn,
    create=plans.adopt_plan,
    change=plans.change_plan,
    filters=("year", "group_id"),
    read=READERS,
    write=OFFICE,
    label="年度计划",
)


@api.route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:done",
    roles=OFFICE,
    body=schemas.ItemDoneIn,
    guarded=True,
)
async def complete_plan_item(call: Call) -> Reply[Plan]:
    """计划项目由一次活动或会议完成。"""
    plan = await plans.complete_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)


@api.route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:cancelled",
    roles=OFFICE,
    body=schemas.ReasonIn,
    guarded=True,
)
async def cancel_plan_item(call: Call) -> Reply[Plan]:
    """计划项目取消，须说明原因。"""
    plan = await plans.cancel_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)
