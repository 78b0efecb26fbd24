"""Saying, once, that a date comes near or has passed. Any replica may; the record's version lets one of them."""

from services.activities import repository
from services.activities.domain.reminders import to_tell
from services.activities.repository import PLANS, PRESIDIUM_MEETINGS, SUGGESTIONS
from shared.storage.work import Work


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
    days = (await repository.rules(work, work.clock.today())).plan_warning_days
    for item in plan.items:
        now = to_tell(plan.told, item.awaited_on, work.clock.today(), days, item.id)
        if now is not None:
            plan = work.change(PLANS, plan.model_copy(update={"told": (*plan.told, now)}), now.stage)


async def remind_of_decisions(work: Work, id: str) -> None:
    """One event for each decision, whose text is the part that the last of `told` names."""
    meeting = await work.require(PRESIDIUM_MEETINGS, id)
    days = (await repository.rules(work, work.clock.today())).decision_warning_days
    for decision in meeting.decisions:
        due_on = decision.due_on if decision.done_on is None else None
        now = to_tell(meeting.told, due_on, work.clock.today(), days, decision.text)
        if now is not None:
            reminded = meeting.model_copy(update={"told": (*meeting.told, now)})
            meeting = work.change(PRESIDIUM_MEETINGS, reminded, now.stage)
