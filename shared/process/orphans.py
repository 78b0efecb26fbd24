"""Periodic erasure of files whose record was never committed, and of what a killed upload left."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from shared.process.service import Running
from shared.process.turns import Turns
from shared.storage.files import ORPHAN_AGE, Orphan, chunks_alone
from shared.storage.mongo import erase_file
from shared.storage.store import Store

Find = Callable[[Store, datetime], Awaitable[Iterable[Orphan]]]
"""The files stored before an instant that no record names."""
TWICE_SECONDS: Final = 600.0
"""After which they are looked for again: longer than any request lasts between its file and its record."""


async def erase(alive: Running, find: Find) -> None:
    """Erase them once a day, for ever."""
    turns = Turns(alive.service.name, "erase_orphans")
    await turns.every(ORPHAN_AGE.total_seconds(), partial(erase_now, alive, turns, find))


async def erase_now(
    alive: Running, turns: Turns, find: Find, age: timedelta = ORPHAN_AGE, twice: float = TWICE_SECONDS
) -> None:
    database, before = alive.store.database, alive.store.clock.now() - age

    async def erase_one(orphan: Orphan) -> None:
        await erase_file(database, orphan.id)

    await turns.each("files", partial(_found_twice, partial(find, alive.store, before), twice), erase_one)
    await turns.each(
        "chunks", partial(_found_twice, partial(chunks_alone, database, before), twice), erase_one
    )


async def _found_twice(find: Callable[[], Awaitable[Iterable[Orphan]]], seconds: float) -> set[Orphan]:
    """What is found now and again so many seconds later. By a clock that is ahead, as of another machine, a file whose
    record is on its way is old; of what has passed between two looks no clock is asked."""
    found = set(await find())
    if found:
        await asyncio.sleep(seconds)
        found &= set(await find())
    return found
