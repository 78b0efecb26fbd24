"""Use cases of reminders, each published once: optimistic locking lets one replica publish it."""

from services.activities import repository
from services.activities.domain.reminders import next_reminder
from services.activities.repository import PLANS, PRESIDIUM_MEETINGS, SUGGESTIONS
from shared.storage.work import Work


async def remind_of_suggestion(work: Work, id: str) -> None:
    suggestion = await work.require(SUGGESTIONS, id)
    days = (await repository.rules(work, work.clock.today())).reply_warning_days
    reminder = next_reminder(suggestion.told, suggestion.awaited_on, work.clock.today(), days)
    if reminder is not None:
        reminded = suggestion.model_copy(update={"told": (*suggestion.told, reminder)})
        work.change(SUGGESTIONS, reminded, reminder.stage)


async def remind_of_plan(work: Work, id: str) -> None:
    """One event per item; the last of `told` has the item's id as `part`."""
    plan = await work.require(PLANS, id)
    days = (await repository.rules(work, work.clock.today())).plan_warning_days
    for item in plan.items:
        reminder = next_reminder(plan.told, item.awaited_on, work.clock.today(), days, item.id)
        if reminder is not None:
            plan = work.change(
                PLANS, plan.model_copy(update={"told": (*plan.told, reminder)}), reminder.stage
            )


async def remind_of_decisions(work: Work, id: str) -> None:
    """One event per decision; the last of `told` has the decision's text as `part`."""
    meeting = await work.require(PRESIDIUM_MEETINGS, id)
    days = (await repository.rules(work, work.clock.today())).decision_warning_days
    for decision in meeting.decisions:
        due_on = decision.due_on if decision.done_on is None and not meeting.is_voided else None
        reminder = next_reminder(meeting.told, due_on, work.clock.today(), days, decision.text)
        if reminder is not None:
            reminded = meeting.model_copy(update={"told": (*meeting.told, reminder)})
            meeting = work.change(PRESIDIUM_MEETINGS, reminded, reminder.stage)
