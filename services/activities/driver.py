"""What the service does by itself, from time to time: robust against restarts, harmless in replicas."""

import asyncio
from functools import partial

import structlog

from services.activities import repository
from services.activities.handlers import reminders
from services.activities.settings import Settings
from shared.runtime import Running

REMINDERS = ((repository.suggestions_due, reminders.remind_of_suggestion),)
"""Which records may wait for a date, across all towns, and who says so of one of them."""

log = structlog.get_logger(__name__)


async def remind(alive: Running) -> None:
    """Say of every date that comes near or has passed, once."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    while True:
        try:
            await remind_now(alive)
        except Exception as error:
            log.warning("reminders wait", reason=repr(error)[:200])
        await asyncio.sleep(settings.reminder_seconds)


async def remind_now(alive: Running) -> None:
    today = alive.store.clock.today()
    for find, say in REMINDERS:
        for record in await find(alive.store, today):
            await alive.store.execute(
                town=record.town, actor="service:activities", run=partial(say, id=record.id)
            )
