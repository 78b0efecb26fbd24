"""Use cases of drafts: a leader enters and corrects, the office confirms or declines."""

from typing import Any

from pydantic import BaseModel

from services.activities.domain.drafts import Draft, check_not_dissolved, check_own, led_by
from services.activities.handlers.activities import check_item, checked, hold_activity
from services.activities.repository import DEPUTYSHIPS, DRAFTS, GROUPS, deputyships_of
from services.activities.schemas import ActivityIn, Nothing, ReasonIn, entry_of
from services.activities.schemas.values import together
from shared.errors import NotFound
from shared.ids import new_id
from shared.storage.work import Work


async def enter_draft(work: Work, body: ActivityIn) -> Draft:
    """Errors: NotOwnGroup, and those of the activity."""
    body = await _checked(work, body)
    draft = Draft(
        id=new_id(),
        town=work.town,
        entry=_entry(body),
        entered_by=work.actor,
        entered_on=work.clock.today(),
    )
    return work.create(DRAFTS, draft, "entered")


async def correct_draft(work: Work, draft: Draft, patch: BaseModel) -> Draft:
    """Errors: NotFound for another's draft, WrongState once it is confirmed."""
    if draft.entered_by != work.actor:
        raise NotFound(f"找不到编号为 {draft.id} 的记录")
    sent = patch.model_dump(mode="json", exclude_unset=True)
    body = await _checked(work, ActivityIn.model_validate({**draft.entry, **sent}))
    return work.change(DRAFTS, draft.entered_again(_entry(body), work.clock.today()), "corrected")


async def confirm_draft(work: Work, draft: Draft, _: Nothing) -> Draft:
    """Make the activity as if it were posted, by the office. Errors: WrongState, GroupDissolved, those of the
    activity."""
    id, today = new_id(), work.clock.today()
    after = draft.confirmed(id, today)
    body = entry_of(draft)
    groups = await work.find(GROUPS, {"_id": {"$in": list(together(body.group_id, body.group_ids))}})
    check_not_dissolved(groups, today)
    await hold_activity(work, body, given_id=id)
    return work.change(DRAFTS, after, "confirmed")


async def decline_draft(work: Work, draft: Draft, body: ReasonIn) -> Draft:
    return work.change(DRAFTS, draft.declined(body.reason, work.clock.today()), "declined")


async def _checked(work: Work, body: ActivityIn) -> ActivityIn:
    """The request, with the leader's group where he leads one and names none."""
    today = work.clock.today()
    mandate = await work.get(DEPUTYSHIPS, work.actor)
    mandates = [mandate] if mandate is not None else await deputyships_of(work, work.actor)
    led = led_by(await work.find(GROUPS), mandates, today)
    if len(led) == 1 and body.group_id is None and not body.group_ids:
        body = body.model_copy(update={"group_id": led[0]})
        body.model_fields_set.add("group_id")
    check_own(led, together(body.group_id, body.group_ids))
    await checked(work, body)
    await check_item(work, body.plan_item_id)
    return body


def _entry(body: ActivityIn) -> dict[str, Any]:
    return body.model_dump(mode="json", exclude_unset=True)
