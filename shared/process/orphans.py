"""Periodic erasure of files whose record was never committed, and of what a killed upload left."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from shared.process.service import Running
from shared.process.turns import Turns
from shared.storage.files import ORPHAN_AGE, Orphan, chunks_alone
from shared.storage.mongo import erase_file
from shared.storage.store import Store

Find = Callable[[Store, datetime], Awaitable[Iterable[Orphan]]]
"""The files stored before an instant that no record names."""


async def erase(alive: Running, find: Find) -> None:
    """Erase them once a day, for ever."""
    turns = Turns(alive.service.name, "erase_orphans")
    await turns.every(ORPHAN_AGE.total_seconds(), partial(erase_now, alive, turns, find))


async def erase_now(alive: Running, turns: Turns, find: Find, age: timedelta = ORPHAN_AGE) -> None:
    database, before = alive.store.database, alive.store.clock.now() - age

    async def erase_one(orphan: Orphan) -> None:
        await erase_file(database, orphan.id)

    await turns.each("files", partial(find, alive.store, before), erase_one)
    await turns.each("chunks", partial(chunks_alone, database, before), erase_one)
