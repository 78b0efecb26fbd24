"""Routes of annual plans."""

from services.activities import schemas
from services.activities.domain.plans import Plan
from services.activities.domain.progress import Progress, progress
from services.activities.handlers import plans
from services.activities.repository import PLANS
from services.activities.routes.roles import OFFICE, READERS
from shared.http import Call, Reply, resource, route

records = resource(
    "plans",
    PLANS,
    body=schemas.PlanIn,
    create=plans.adopt_plan,
    change=plans.change_plan,
    equals=("year", "group_id"),
    read=READERS,
    write=OFFICE,
    label="年度计划",
)


@route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:done",
    roles=OFFICE,
    guarded=True,
)
async def complete_plan_item(call: Call[None, schemas.ItemDoneIn]) -> Reply[Plan]:
    """计划项目由一次活动或会议完成。"""
    plan = await plans.complete_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)


@route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:cancelled",
    roles=OFFICE,
    guarded=True,
)
async def cancel_plan_item(call: Call[None, schemas.ReasonIn]) -> Reply[Plan]:
    """计划项目取消，须说明原因。"""
    plan = await plans.cancel_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)


@route(
    "POST",
    "/towns/{town}/plans/{id}/items/{item_id}:postponed",
    roles=OFFICE,
    guarded=True,
)
async def postpone_plan_item(call: Call[None, schemas.ItemPostponedIn]) -> Reply[Plan]:
    """计划项目推迟到以后的一天，须说明原因；历次推迟都保留。"""
    plan = await plans.postpone_item(call.work, await call.subject(PLANS), call.path["item_id"], call.body)
    return Reply(plan, version=plan.version)


@route("GET", "/towns/{town}/plans/{id}/progress", roles=READERS)
async def plan_progress(call: Call[schemas.AsOf]) -> Progress:
    """计划与完成对照：到一天为止，到期、按时完成、逾期完成、到期未完成、推迟、取消各多少项，逐月并逐项列明。"""
    return progress(await call.subject(PLANS), call.query.as_of or call.work.clock.today())
