"""Partitions of a service's queue: their number as recorded in its database, and the share of this process.

Collection: `partitions` {_id: "inbox", number, former: other numbers whose queues may still hold events}; without a
document the number is 1.
"""

import asyncio
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import structlog

from shared.storage import mongo
from shared.storage.presence import BEAT_SECONDS, Presence
from shared.transport import Partitions, Queue

COLLECTIONS: Final = ("partitions",)
_ID: Final = "inbox"

log = structlog.get_logger(__name__)


@lru_cache(maxsize=65_536)
def partition_of(town: str, number: int) -> int:
    """The share of a town's relay and background work. The broker has a hash of its own for its queues.

    A checksum would give all towns of a county, whose codes differ in two digits, to a few partitions.
    """
    return int.from_bytes(blake2b(town.encode(), digest_size=4).digest()) % number


async def recorded(database: mongo.Database, number: int) -> Partitions:
    """The partitions of a service with this number from now on; the numbers it had before are recorded as former."""
    document = await database["partitions"].find_one({"_id": _ID}) or {"number": 1, "former": []}
    if document["number"] == number:
        return Partitions(number, tuple(document["former"]))
    former = [before for before in (*document["former"], document["number"]) if before != number]
    change = {"$set": {"number": number, "former": former}}
    await database["partitions"].update_one({"_id": _ID}, change, upsert=True)
    log.warning("number of partitions changes", number=number, former=former)
    return Partitions(number, tuple(former))


async def serve(queue: Queue, presence: Presence, database: mongo.Database, partitions: Partitions) -> None:
    """Consume the partitions that are this process's share, until cancelled."""
    former = list(partitions.former)
    while True:
        if presence.is_present:
            share = frozenset({0}) if partitions.number == 1 else presence.share(partitions.number)
            if await queue.serve(share) and former:
                await database["partitions"].update_one({"_id": _ID}, {"$pullAll": {"former": former}})
                log.warning("former partitions are empty and removed", former=former)
                former.clear()
        await asyncio.sleep(BEAT_SECONDS)
