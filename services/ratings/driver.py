"""What the service does by itself: throw away the ballots of boxes that are counted, and then their keys."""

import asyncio
from typing import Final

import structlog

from services.ratings import repository
from services.ratings.ballots import BoxKeys
from services.ratings.handlers.boxes import throw_away
from services.ratings.settings import Settings
from shared.process.service import Running

ORPHANED_SECONDS: Final = 3600.0
"""A key that no meeting speaks of after this long was made by an opening that never came to be."""

log = structlog.get_logger(__name__)


async def destroy_keys(alive: Running) -> None:
    """Until the service stops. A key outlives its box by a moment, and never a restart."""
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
    for public, age_seconds in keys.kept():
        tally = await repository.tally_by_key(alive.store, public)
        spent = age_seconds > ORPHANED_SECONDS if tally is None else tally.box is not None
        if spent:
            if tally is not None:
                await throw_away(alive.store, tally)
            keys.destroy(public)
            log.info("box key destroyed", town=tally.town if tally else None)
