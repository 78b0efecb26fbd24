"""Queries over many towns: those of an area, or all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError

from services.reports.repository import (
    NOTICES,
    PHOTOGRAPHS,
    PROGRESS,
    REPORTS,
    TOWNS,
    KnownTown,
    Notice,
    PhotographRecord,
    Progress,
    ReportRecord,
)
from shared.envelope import faults
from shared.storage.paging import pages
from shared.storage.store import Store
from shared.storage.work import Collection, R, Reader

log = structlog.get_logger(__name__)


async def open_closings(store: Store) -> list[Progress]:
    """Waiting closings of all towns."""
    return _readable(PROGRESS, await store.find("progress", {"state": "waiting"}, sort=(("_id", 1),)))


def _readable(collection: Collection[R], documents: Iterable[Mapping[str, Any]]) -> list[R]:
    """Of many towns' records those that can be read; the integrity check names the others."""
    records = []
    for document in documents:
        try:
            records.append(collection.load(document))
        except ValidationError as error:
            log.warning(
                "record unreadable", collection=collection.name, id=document["_id"], faults=faults(error)
            )
    return records


async def photographs_to_erase(store: Store) -> list[PhotographRecord]:
    return _readable(PHOTOGRAPHS, await store.find("photographs", {"withdrawn": True}))


async def scheduled_towns(store: Store) -> list[KnownTown]:
    """Towns whose rule pack names a day for the closing."""
    return _readable(TOWNS, await store.find("towns", {"closing_on": {"$gt": ""}}))


async def reports_below(reader: Reader, prefix: str, period: str) -> list[ReportRecord]:
    """The latest report of every town whose code begins with `prefix`."""
    area = {"$gte": prefix, "$lt": prefix + ":"}
    return [REPORTS.load(d) for d in await reader.find("reports", {"town": area, "period": period})]


async def progress_below(reader: Reader, prefix: str) -> list[Progress]:
    """Closings of every period, of every town whose code begins with `prefix`."""
    area = {"$gte": prefix, "$lt": prefix + ":"}
    return [PROGRESS.load(d) for d in await reader.find("progress", {"town": area})]


async def notices_below(
    reader: Reader, prefix: str, criteria: Mapping[str, Any], *, after: str | None = None, limit: int = 0
) -> list[Notice]:
    """Notices of an area after the id `after`, by town and period. Their ids begin with the town, a code of digits."""
    behind = {"$gt": after} if after else {}
    query = {"_id": {"$gte": prefix, "$lt": prefix + ";", **behind}, **criteria}
    documents = await reader.find("notices", query, sort=(("_id", 1),), limit=limit)
    return [NOTICES.load(document) for document in documents]


async def towns_below(reader: Reader, prefix: str) -> list[KnownTown]:
    area = {"$gte": prefix, "$lt": prefix + ":"}
    return [TOWNS.load(document) for document in await reader.find("towns", {"town": area})]


async def orphaned_files(store: Store, before: datetime) -> list[Any]:
    """Ids of files uploaded before an instant that no photograph names."""
    orphaned: list[Any] = []
    async for files in pages(store, "files.files"):
        ids = [file["_id"] for file in files if file["uploadDate"] < before]
        named = {document["file"] for document in await store.find("photographs", {"file": {"$in": ids}})}
        orphaned += (id for id in ids if id not in named)
    return orphaned
