"""Periodic task of the service: delete the ballots of counted boxes, then destroy their keys."""

import asyncio
from typing import Final

import structlog

from services.ratings import repository
from services.ratings.ballots import BoxKeys
from services.ratings.handlers.boxes import delete_ballots
from services.ratings.settings import Settings
from shared.process.service import Running

ORPHANED_SECONDS: Final = 3600.0
"""Age from which a key without a meeting is an orphan: its opening was not committed."""

log = structlog.get_logger(__name__)


async def destroy_keys(alive: Running) -> None:
    """Destroy keys of counted boxes, every `box_keys_seconds`; also after a restart."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    keys = BoxKeys(settings.box_keys_dir)
    while True:
        try:
            await destroy_spent(alive, keys)
        except Exception as error:
            log.warning("box keys wait", reason=repr(error)[:200])
        await asyncio.sleep(settings.box_keys_seconds)


async def destroy_spent(alive: Running, keys: BoxKeys) -> None:
    for public, age_seconds in keys.stored():
        tally = await repository.tally_by_key(alive.store, public)
        spent = age_seconds > ORPHANED_SECONDS if tally is None else tally.box is not None
        if spent:
            if tally is not None:
                await delete_ballots(alive.store, tally)
            keys.destroy(public)
            log.info("box key destroyed", town=tally.town if tally else None)
