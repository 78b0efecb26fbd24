"""The heads of an area's streams, read once a second for all who wait for them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from shared.endpoints.cursors import encode_cursor
from shared.envelope import town_of
from shared.http.call import Store
from shared.storage import outbox

LOOK_SECONDS: Final = 1.0
"""How often those who wait for an area look. A look reads the heads of 3,000 streams; those of one town are one."""


@dataclass(frozen=True)
class Heads:
    """The last sequence of each stream, by source in order. `longest`: characters of a cursor behind all of them."""

    sequences: dict[str, int]
    longest: int


@dataclass
class _Second:
    """What was read in a second of the loop's clock, by area."""

    number: int = -1
    read: dict[str, asyncio.Task[Heads]] = field(default_factory=dict)


_SECONDS: WeakKeyDictionary[Store, _Second] = WeakKeyDictionary()


async def latest(store: Store, area: str) -> Heads:
    """As they are now, for who does not wait."""
    sequences = await outbox.sequences(store, f"/{area}")
    cursor = encode_cursor({town_of(source): sequence for source, sequence in sequences.items()})
    return Heads(sequences, len(cursor))


async def of_this_second(store: Store, area: str) -> Heads:
    """As they were at the first look of this second: whoever then waits looks again when it is over."""
    number = int(asyncio.get_running_loop().time() / LOOK_SECONDS)
    second = _SECONDS.setdefault(store, _Second())
    if second.number != number:
        second.number, second.read = number, {}
    if area not in second.read:
        second.read[area] = asyncio.create_task(latest(store, area))
    return await asyncio.shield(second.read[area])


async def arrival(condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
    """As that of a store, but looks when a second begins: so all who wait look together, however much is written."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + within
    while not await condition():
        if (left := deadline - clock()) <= 0:
            return False
        await asyncio.sleep(min(left, LOOK_SECONDS - clock() % LOOK_SECONDS))
    return True
