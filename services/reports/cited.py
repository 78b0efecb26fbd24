"""Which uploaded photographs activities cite as evidence, by the copies kept here of what activities say.

Nothing is remembered about a photograph but its bytes: events that are applied together, late or again cannot leave it
in a state that the copies contradict.
"""

from collections.abc import Iterable, Sequence

from services.reports import kept_log
from services.reports.repository import PHOTOGRAPHS, SIGHTS, PhotographRecord
from shared.storage.work import Work


async def photographs_of(work: Work, digests: Iterable[str]) -> list[PhotographRecord]:
    """Uploaded photographs among the digests that an activity cites. While a rebuild makes the copies anew, which then
    say of none that it is not cited, all of them."""
    ids = [f"{work.town}:{digest}" for digest in digests]
    photographs = await work.find(PHOTOGRAPHS, {"_id": {"$in": ids}}) if ids else []
    cited = await _cited(work, [photograph.digest for photograph in photographs])
    found = [photograph for photograph in photographs if photograph.digest in cited]
    if len(found) < len(photographs) and (await kept_log.mark(work, "activities")).received_anew:
        return photographs
    return found


async def is_given_up(work: Work, digest: str) -> bool:
    """Whether certainly no activity cites it: all events that are known of are applied."""
    if await _cited(work, [digest]):
        return False
    mark = await kept_log.mark(work, "activities")
    return mark.upto == mark.seen and not mark.received_anew


async def files_there(work: Work, files: Iterable[str]) -> set[str]:
    """Those of the files of photographs whose bytes are there; a disk may have lost some."""
    documents = await work.reader.find("files.files", {"_id": {"$in": list(files)}}, fields=("length",))
    return {document["_id"] for document in documents}


async def _cited(work: Work, digests: Sequence[str]) -> set[str]:
    sights = await work.find(SIGHTS, {"digests": {"$in": list(digests)}}) if digests else []
    return {digest for sight in sights for digest in sight.digests}
