"""Use cases of annual plans: adopt, change; items done, postponed, cancelled, also by rating meetings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.domain.rating_meetings import RatingMeeting, ReceivedMeeting
from services.activities.errors import ReferenceUnknown
from services.activities.handlers.references import check_group
from services.activities.repository import (
    ACTIVITIES,
    PLANS,
    PRESIDIUM_MEETINGS,
    RATING_MEETINGS,
    RECEIVED_MEETINGS,
    SESSIONS,
)
from services.activities.schemas import ItemDoneIn, ItemPostponedIn, PlanIn, PlanItemIn, ReasonIn
from shared.envelope import Event
from shared.errors import FieldError
from shared.ids import new_id
from shared.storage.work import Collection, Work


async def adopt_plan(work: Work, body: PlanIn) -> Plan:
    await check_group(work, body.group_id)
    plan = Plan(id=new_id(), town=work.town, year=body.year, group_id=body.group_id)
    return work.create(PLANS, plan.revised(_items(plan, body.items)), "adopted")


async def change_plan(work: Work, before: Plan, patch: BaseModel) -> Plan:
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "items" in sent:
        sent["items"] = before.revised(_items(before, sent["items"])).items
    after = before.model_copy(update=sent)
    if after == before:
        return before
    await check_group(work, after.group_id)
    return work.change(PLANS, after, "changed")


async def keep_plan(work: Work, before: Plan | None, after: Plan) -> Plan:
    """Adopt or change a complete plan, e.g. from a workbook."""
    await check_group(work, after.group_id)
    if before is None:
        return work.create(PLANS, after, "adopted")
    return before if after == before else work.change(PLANS, after, "changed")


async def complete_item(work: Work, plan: Plan, item_id: str, body: ItemDoneIn) -> Plan:
    plan.item(item_id)
    after = plan.item_done(item_id, body.activity_id, await lock_done_by(work, body.activity_id))
    return plan if after == plan else work.change(PLANS, after, "changed")


async def cancel_item(work: Work, plan: Plan, item_id: str, body: ReasonIn) -> Plan:
    return work.change(PLANS, plan.item_cancelled(item_id, body.reason), "changed")


async def postpone_item(work: Work, plan: Plan, item_id: str, body: ItemPostponedIn) -> Plan:
    on = body.on or work.clock.today()
    return work.change(PLANS, plan.item_postponed(item_id, body.to, body.reason, on), "changed")


def _items(plan: Plan, sent: Sequence[PlanItemIn]) -> list[PlanItem]:
    """Items of a request. Errors: ReferenceUnknown for an id that is not in the plan or occurs twice."""
    here = {item.id for item in plan.items}
    items = []
    for n, item in enumerate(sent):
        if item.id is not None and item.id not in here:
            message = f"计划中没有编号为 {item.id} 的项目，或者重复"
            raise ReferenceUnknown(message, errors=[FieldError(f"body.items.{n}.id", message)])
        here.discard(item.id or "")
        items.append(PlanItem(**{**dict(item), "id": item.id or new_id()}))
    return items


async def fulfil_item(work: Work, item_id: str, record_id: str, held_on: date) -> Plan | None:
    """Mark an item as done by a record, if it is open; what was cancelled or done otherwise stays. None: unknown."""
    plan = await repository.plan_with_item(work, item_id)
    if plan is None:
        return None
    item = plan.item(item_id)
    if item.state is ItemState.PLANNED or item.activity_id == record_id:
        fulfilled = plan.item_done(item_id, record_id, held_on)
        if fulfilled != plan:
            return work.change(PLANS, fulfilled, "changed")
    return plan


async def reopen_item(work: Work, item_id: str, record_id: str) -> None:
    """Reopen an item whose record was voided or names another one."""
    plan = await repository.plan_with_item(work, item_id)
    if plan is not None and plan.item(item_id).activity_id == record_id:
        work.change(PLANS, plan.item_reopened(record_id), "changed")


async def reopen_items_of(work: Work, record_id: str) -> None:
    """Reopen the items done by a meeting that was voided."""
    for plan in await work.find(PLANS):
        reopened = plan.item_reopened(record_id)
        if reopened != plan:
            work.change(PLANS, reopened, "changed")


async def follow_rating_meeting(work: Work, meeting: RatingMeeting, event: Event) -> None:
    """The item that a rating meeting names is done by it; a later version is not followed by an earlier one."""
    received, epoch = await work.get(RECEIVED_MEETINGS, meeting.id), event.epoch or ""
    if received is not None and received.follows(epoch, meeting.version):
        return
    item_id = None if meeting.is_voided else meeting.item_done
    if meeting.is_voided:
        await reopen_items_of(work, meeting.id)
    elif received is not None and received.item_id is not None and received.item_id != item_id:
        await reopen_item(work, received.item_id, meeting.id)
    if item_id is not None:
        await fulfil_item(work, item_id, meeting.id, meeting.held_on)
    state = {"epoch": epoch, "received": meeting.version, "item_id": item_id}
    if received is None:
        record = ReceivedMeeting(id=meeting.id, town=work.town, **state)
        work.create(RECEIVED_MEETINGS, record, "received")
    else:
        work.change(RECEIVED_MEETINGS, received.model_copy(update=state), "received")


async def lock_done_by(work: Work, activity_id: str) -> date:
    """Lock the record that does an item, so that it is not voided at the same moment; returns its day.

    Errors: ReferenceUnknown, also when voided.
    """
    held: tuple[Collection[Any], ...] = (ACTIVITIES, SESSIONS, PRESIDIUM_MEETINGS, RATING_MEETINGS)
    for collection in held:
        record = await work.get(collection, activity_id)
        if record is not None and not record.is_voided:
            work.lock(collection, record)
            day: date = record.held_on
            return day
    message = f"活动不存在或已作废：{activity_id}"
    raise ReferenceUnknown(message, errors=[FieldError("body.activity_id", message)])
