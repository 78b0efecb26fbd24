"""Saying, once, that a date comes near or has passed. Any replica may; the record's version lets one of them."""

from services.activities import repository
from services.activities.domain.reminders import to_tell
from services.activities.repository import PLANS, SUGGESTIONS
from shared.work import Work


async def remind_of_suggestion(work: Work, id: str) -> None:
    suggestion = await work.require(SUGGESTIONS, id)
    days = (await repository.rules(work, work.clock.today())).reply_warning_days
    now = to_tell(suggestion.told, suggestion.awaited_on, work.clock.today(), days)
    if now is not None:
        reminded = suggestion.model_copy(update={"told": (*suggestion.told, now)})
        work.change(SUGGESTIONS, reminded, now.stage)


async def remind_of_plan(work: Work, id: str) -> None:
    """One event for each item, whose id is the part that the last of `told` names."""
    plan = await work.require(PLANS, id)
    days = (await repository.rules(work)).plan_warning_days
    for item in plan.items:
        now = to_tell(plan.told, item.awaited_on, work.clock.today(), days, item.id)
        if now is not None:
            plan = work.change(PLANS, plan.model_copy(update={"told": (*plan.told, now)}), now.stage)
