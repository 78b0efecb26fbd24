"""Closing of a ballot box: shut it, void unused slips, count, delete the ballots.

Slips are changed in batches of some hundred per transaction: a meeting may have thousands, and other meetings vote at
the same time. Each step may be interrupted and repeated: a box is counted when all its slips are used or void, and its
ballots are deleted when the count is stored.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from services.ratings import domain, repository
from services.ratings.ballots import BoxKeys, Slip, Tally, check_complete, count_ballots, decrypt
from services.ratings.domain import Meeting, Method
from services.ratings.repository import SLIPS, TALLIES
from shared.storage.work import Work

AT_ONCE: Final = 200
"""Slips written in one transaction: 0.1 s on the embedded database."""


class Commits(Protocol):
    """The part of shared.storage.store.Store that is used here."""

    def reading(self, town: str, actor: str) -> Work: ...

    async def execute(self, *, town: str, actor: str, run: Callable[[Work], Awaitable[None]]) -> object: ...


async def shut_box(work: Work, before: Meeting) -> None:
    """Check that the meeting may close, and stop voting. Committed before the count, so that it has all ballots."""
    domain.closed(before)
    tally = await work.require(TALLIES, before.id)
    if before.method is not Method.ONLINE:
        check_complete(tally, before.scheme)
    if tally.open:
        work.change(TALLIES, tally.model_copy(update={"open": False}), "shut")


async def void_unused(store: Commits, meeting: Meeting) -> None:
    """Void the unused slips of a box that is shut; a ballot cast concurrently conflicts and is refused."""
    await _change_slips(store, meeting.town, meeting.id, _unused, {"void": True})


async def delete_ballots(store: Commits, tally: Tally) -> None:
    """Delete the encrypted ballots of a counted box."""
    await _change_slips(store, tally.town, tally.id, _has_ballot, {"sealed": ""})


async def count_box(work: Work, meeting: Meeting, keys: BoxKeys) -> None:
    """Count a box; slips still unused become void. Errors: BoxKeyMissing, BallotBroken."""
    tally = await work.require(TALLIES, meeting.id)
    if not tally.box_key or tally.box is not None:
        return
    slips = await repository.slips_of(work, meeting.id)
    for slip in filter(_unused, slips):
        work.change(SLIPS, slip.model_copy(update={"void": True}), "void")
    ballots = await asyncio.to_thread(_decrypted, keys, tally, slips, meeting)
    box = count_ballots(ballots, tally.slips - sum(slip.on_paper for slip in slips), meeting)
    work.change(TALLIES, tally.model_copy(update={"box": box}), "counted")


async def _change_slips(
    store: Commits, town: str, meeting_id: str, which: Callable[[Slip], bool], changes: dict[str, Any]
) -> None:
    slips = await repository.slips_of(store.reading(town, ""), meeting_id)
    ids = [slip.id for slip in slips if which(slip)]
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]

        async def write(work: Work, part: Sequence[str] = part) -> None:
            for slip in await repository.slips_named(work, meeting_id, part):
                if which(slip):
                    work.change(SLIPS, slip.model_copy(update=changes), "changed")

        await store.execute(town=town, actor="", run=write)


def _unused(slip: Slip) -> bool:
    return not (slip.used or slip.void)


def _has_ballot(slip: Slip) -> bool:
    return bool(slip.sealed)


def _decrypted(keys: BoxKeys, tally: Tally, slips: Sequence[Slip], meeting: Meeting) -> list[dict[str, str]]:
    key = keys.private(tally.id, tally.box_key)
    return [decrypt(key, slip, meeting) for slip in slips if slip.sealed]
