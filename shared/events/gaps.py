"""The watch over gaps: sequences that stay missing from a stream are requested again."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

import structlog

from shared.clock import Backoff
from shared.envelope import town_of
from shared.errors import Unavailable
from shared.events.inbox import Inbox
from shared.storage.units import Superseded

GAP_SECONDS: Final = 2.0
"""A sequence missing for longer than this is requested again."""
LONGEST_WAIT: Final = 600.0

log = structlog.get_logger(__name__)


@dataclass
class Gap:
    """What is missing behind `upto`. Each request is an event in a log that is kept for good, so the longer the source
    leaves it unanswered, the rarer it is."""

    upto: int
    backoff: Backoff = field(default_factory=lambda: Backoff(GAP_SECONDS, LONGEST_WAIT))


async def watch_gaps(inbox: Inbox, held: Container[str]) -> None:
    """Request what stays missing until cancelled, but of the streams that are `held`."""
    gaps: dict[str, Gap] = {}
    while True:
        await asyncio.sleep(GAP_SECONDS)
        try:
            missing = {s: mark for s, mark in (await inbox.marks()).items() if mark.missing()}
            for source in gaps.keys() - missing.keys():
                del gaps[source]
            for source, mark in missing.items():
                gap = gaps.get(source)
                if gap is None or gap.upto != mark.upto:
                    gaps[source] = Gap(mark.upto)
                    gaps[source].backoff.postpone()
                elif gap.backoff.is_due and source not in held:
                    first, last = mark.missing()[0]
                    await inbox.ask(town_of(source), source, first, last)
                    gap.backoff.postpone()
        except (Unavailable, Superseded) as error:
            log.warning("gap watch waits", reason=error)
