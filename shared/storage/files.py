"""Files that no record names: their bytes are stored before the record is committed, which may fail."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from shared.storage.paging import pages
from shared.storage.work import Reader

ORPHAN_AGE: Final = timedelta(days=1)
"""Age of a file that no record names: until then its record may still be on the way."""


class Orphan(NamedTuple):
    """A file that no record names, or chunks of an upload that did not end."""

    id: str


async def orphans(reader: Reader, collection: str, field: str, before: datetime) -> list[Orphan]:
    """Those stored before an instant that no record of the collection names in this field."""
    found: list[str] = []
    beyond: Mapping[str, Any] = {"$gt": ""}
    async for files in pages(reader, "files.files"):
        ids = [file["_id"] for file in files]
        old = [file["_id"] for file in files if file["uploadDate"] < before]
        records = await reader.find(collection, {field: {"$in": old}}, fields=(field,))
        named = {record[field] for record in records}
        found += (id for id in old if id not in named)
        found += await _chunks_alone(reader, {**beyond, "$lte": ids[-1], "$nin": ids}, before)
        beyond = {"$gt": ids[-1]}
    found += await _chunks_alone(reader, beyond, before)
    return [Orphan(id) for id in found]


async def _chunks_alone(reader: Reader, between: Mapping[str, Any], before: datetime) -> list[str]:
    """Between the ids of files: the index leads past all chunks that have one, and none of those is read."""
    chunks = await reader.find("files.chunks", {"files_id": between}, fields=("files_id",))
    return sorted({chunk["files_id"] for chunk in chunks if chunk["_id"].generation_time < before})
