"""A box from its last vote on: shut, unused slips made void, counted, ballots thrown away.

What is done slip by slip is done in commits of some hundred: a meeting may have thousands, and others vote meanwhile.
Each step can be broken off and begun again: a box is counted once all its slips are used or void, and its ballots are
thrown away once the count is kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from services.ratings import domain, repository
from services.ratings.ballots import BoxKeys, Slip, Tally, check_complete, counted, unseal
from services.ratings.domain import Meeting, Method
from services.ratings.repository import SLIPS, TALLIES
from shared.storage.work import Work

AT_ONCE: Final = 200
"""Slips written in one commit: a tenth of a second on the embedded database."""


class Commits(Protocol):
    """The part of shared.storage.store.Store that is needed here, as requests and the driver have it."""

    def reading(self, town: str, actor: str) -> Work: ...

    async def execute(self, *, town: str, actor: str, run: Callable[[Work], Awaitable[None]]) -> object: ...


async def shut_box(work: Work, before: Meeting) -> None:
    """The meeting may close; from here on no slip may vote. Committed before the count so that the count is of all."""
    domain.closed(before)
    tally = await work.require(TALLIES, before.id)
    if before.method is not Method.ONLINE:
        check_complete(tally, before.scheme)
    if tally.open:
        work.change(TALLIES, tally.model_copy(update={"open": False}), "shut")


async def void_unused(store: Commits, meeting: Meeting) -> None:
    """Once the box is shut. Writing them refuses a ballot that was still on its way when it was."""
    await _in_parts(store, meeting.town, meeting.id, _unused, {"void": True})


async def throw_away(store: Commits, tally: Tally) -> None:
    """The sealed ballots of a box that is counted."""
    await _in_parts(store, tally.town, tally.id, _sealed, {"sealed": ""})


async def count_box(work: Work, meeting: Meeting, keys: BoxKeys) -> None:
    """Errors: BoxKeyMissing, BallotBroken. Slips still unused, as when a workbook closes it, become void here."""
    tally = await work.require(TALLIES, meeting.id)
    if meeting.method is not Method.ONLINE:
        check_complete(tally, meeting.scheme)
    if not tally.box_key or tally.box is not None:
        return
    slips = await repository.slips_of(work, meeting.id)
    for slip in filter(_unused, slips):
        work.change(SLIPS, slip.model_copy(update={"void": True}), "void")
    ballots = await asyncio.to_thread(_unsealed, keys, tally.box_key, slips, meeting)
    box = counted(ballots, tally.slips - sum(slip.on_paper for slip in slips), meeting)
    work.change(TALLIES, tally.model_copy(update={"box": box}), "counted")


async def _in_parts(
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


def _sealed(slip: Slip) -> bool:
    return bool(slip.sealed)


def _unsealed(keys: BoxKeys, public: str, slips: Sequence[Slip], meeting: Meeting) -> list[dict[str, str]]:
    key = keys.private(public)
    return [unseal(key, slip, meeting) for slip in slips if slip.sealed]
