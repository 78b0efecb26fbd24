"""Periodic tasks of the service; they may be repeated after a restart and run in several replicas."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from typing import Final, TypeVar

import structlog

from services.activities import repository
from services.activities.domain import retention
from services.activities.domain.retention import TownRetention
from services.activities.handlers import contacts, evidence, opinions, reminders
from services.activities.settings import Settings
from shared.errors import Unavailable
from shared.process.service import Running
from shared.process.supervision import by_itself
from shared.storage.mongo import erase_file
from shared.storage.work import Reader, Record, Work

Find = Callable[[Reader, date], Awaitable[Sequence[Record]]]
Remind = Callable[..., Awaitable[None]]

REMINDERS: Final[tuple[tuple[Find, Remind], ...]] = (
    (repository.suggestions_due, reminders.remind_of_suggestion),
    (repository.plans_due, reminders.remind_of_plan),
    (repository.presidium_meetings_due, reminders.remind_of_decisions),
)
"""Queries for records with a due date, over all towns, each with the handler that reminds of one record."""

Forget = Callable[..., Awaitable[bool]]
FORGOTTEN: Final[tuple[tuple[Find, Forget, TownRetention], ...]] = (
    (repository.opinions_with_contacts_to_go, contacts.forget_contact_in_time, retention.CONTACTS),
    (repository.opinions_to_erase, opinions.erase_opinion_in_time, retention.TEXTS),
)
"""What may be over, over all towns, the handler that erases one where it is, and the rule."""
T = TypeVar("T")

log = structlog.get_logger(__name__)


async def chores(alive: Running) -> None:
    """Publish reminders and erase voided files and expired contacts, every `chores_seconds`."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    while True:
        for chore in (remind_now, erase_now, forget_now):
            await by_itself(chore.__name__, chore(alive))
        await asyncio.sleep(settings.chores_seconds)


async def remind_now(alive: Running) -> None:
    today = alive.store.clock.today()
    for find, remind in REMINDERS:
        for record in await find(alive.store, today):
            await _do(alive, record.town, partial(remind, id=record.id))


async def erase_now(alive: Running) -> None:
    for file in await repository.evidence_to_erase(alive.store):
        await erase_file(alive.store.database, file.id)
        await _do(alive, file.town, partial(evidence.project_erased, id=file.id))


async def forget_now(alive: Running) -> None:
    """Erase what is over by the rules of retention, and say how much of what."""
    today = alive.store.clock.today()
    for find, forget, rule in FORGOTTEN:
        over = await find(alive.store, today)
        erased = [bool(await _do(alive, one.town, partial(forget, id=one.id))) for one in over]
        if any(erased):
            log.info("erased in time", rule=rule.id, records=sum(erased))


async def _do(alive: Running, town: str, run: Callable[[Work], Awaitable[T]]) -> T | None:
    """None where it failed, which stops no other record; a database that is away stops all."""
    try:
        return await alive.store.execute(town=town, actor="service:activities", run=run)
    except Unavailable:
        raise
    except Exception as error:
        log.warning("record left for the next time", town=town, reason=error)
        return None
