"""Periodic tasks of the service; they may be repeated after a restart and run in several replicas."""

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
from shared.process import orphans
from shared.process.service import Running
from shared.process.turns import Turns
from shared.storage.mongo import erase_file
from shared.storage.paging import Place
from shared.storage.reader import Reader

Find = Callable[[Reader, date], Awaitable[Sequence[Place]]]
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
    turns = Turns(alive.service.name, "chores")

    async def all_chores() -> None:
        for chore in (remind_now, erase_now, forget_now):
            await chore(alive, turns)

    await turns.every(settings.chores_seconds, all_chores)


async def remind_now(alive: Running, turns: Turns) -> None:
    today = alive.store.clock.today()
    for find, remind in REMINDERS:
        await turns.each(find.__name__, partial(find, alive.store, today), partial(_do, alive, remind))


async def erase_now(alive: Running, turns: Turns) -> None:
    await turns.each("evidence", partial(repository.evidence_to_erase, alive.store), partial(_erase, alive))


async def _erase(alive: Running, file: Place) -> None:
    await erase_file(alive.store.database, file.id)
    await _do(alive, evidence.project_erased, file)


async def forget_now(alive: Running, turns: Turns) -> None:
    """Erase what is over by the rules of retention, and say how much of what."""
    for find, forget, rule in FORGOTTEN:
        await _forget(alive, turns, find, forget, rule)


async def _forget(alive: Running, turns: Turns, find: Find, forget: Forget, rule: TownRetention) -> None:
    erased = 0

    async def one(over: Place) -> None:
        nonlocal erased
        erased += await _do(alive, forget, over)

    await turns.each(rule.id, partial(find, alive.store, alive.store.clock.today()), one)
    if erased:
        log.info("erased in time", rule=rule.id, records=erased)


async def erase_orphans(alive: Running) -> None:
    await orphans.erase(alive, repository.orphaned_files)


async def _do(alive: Running, run: Callable[..., Awaitable[T]], place: Place) -> T:
    return await alive.store.execute(
        town=place.town, actor="service:activities", run=partial(run, id=place.id)
    )
