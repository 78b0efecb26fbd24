"""Saying, once, that a date comes near or has passed. Any replica may; the record's version lets one of them."""

from services.activities import repository
from services.activities.domain.reminders import to_tell
from services.activities.repository import SUGGESTIONS
from shared.work import Work


async def remind_of_suggestion(work: Work, id: str) -> None:
    suggestion = await work.require(SUGGESTIONS, id)
    days = (await repository.rules(work, work.clock.today())).reply_warning_days
    now = to_tell(suggestion.told, suggestion.awaited_on, work.clock.today(), days)
    if now is not None:
        reminded = suggestion.model_copy(update={"told": (*suggestion.told, now)})
        work.change(SUGGESTIONS, reminded, now.stage)
