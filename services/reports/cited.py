"""Which uploaded photographs activities cite as evidence, by the copies kept here of what activities say.

Nothing is remembered about a photograph but its bytes: events that are applied together, late or again cannot leave it
in a state that the copies contradict.
"""

from collections.abc import Iterable
from functools import partial

from services.reports.repository import PHOTOGRAPHS, SIGHTS, PhotographRecord
from shared.envelope import source_of
from shared.events.sorting import ABANDONED
from shared.events.vouched import vouched
from shared.storage.work import Work


async def photographs_of(work: Work, digests: Iterable[str]) -> list[PhotographRecord]:
    """Uploaded photographs among the digests that an activity cites. While a rebuild makes the copies anew, which then
    say of none that it is not cited, all of them."""
    ids = [f"{work.town}:{digest}" for digest in digests]
    photographs = await work.find(PHOTOGRAPHS, {"_id": {"$in": ids}}) if ids else []
    every = {photograph.digest for photograph in photographs}
    if await _cited(work, every) >= every:
        return photographs
    read = partial(_cited, work, every)
    cited, mark = await vouched(work.reader, source_of(work.town, "activities"), read)
    if mark is None or mark.received_anew:
        return photographs
    return [photograph for photograph in photographs if photograph.digest in cited]


async def is_given_up(work: Work, digest: str) -> bool:
    """Whether certainly no activity cites it: all events that are known of are applied, and none is parked."""

    async def read() -> bool:
        # In this order: what is replayed in between is in the copies.
        return not await _parked(work) and not await _cited(work, {digest})

    given_up, mark = await vouched(work.reader, source_of(work.town, "activities"), read)
    return given_up and mark is not None and mark.complete


async def files_there(work: Work, files: Iterable[str]) -> set[str]:
    """Those of the files of photographs whose bytes are there; a disk may have lost some."""
    documents = await work.reader.find("files.files", {"_id": {"$in": list(files)}}, fields=("length",))
    return {document["_id"] for document in documents}


async def _parked(work: Work) -> bool:
    """Whether an event could not be applied, which may cite any photograph."""
    letters = {"source": source_of(work.town, "activities"), "reason": {"$ne": ABANDONED}}
    return bool(await work.reader.find("letters", letters, limit=1))


async def _cited(work: Work, digests: set[str]) -> set[str]:
    """Those of the digests that an activity cites."""
    sights = await work.find(SIGHTS, {"digests": {"$in": sorted(digests)}}) if digests else []
    return {digest for sight in sights for digest in sight.digests} & digests
