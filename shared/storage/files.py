"""Files that no record names: their bytes are stored before the record is committed, which may fail."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from shared.storage.mongo import Database
from shared.storage.paging import pages
from shared.storage.reader import Reader

ORPHAN_AGE: Final = timedelta(days=1)
"""Age of a file that no record names: until then its record may still be on the way."""


class Orphan(NamedTuple):
    """A file that no record names, or chunks of an upload that did not end."""

    id: str


async def orphans(reader: Reader, collection: str, field: str, before: datetime) -> list[Orphan]:
    """Files stored before an instant that no record of the collection names in this field."""
    found: list[Orphan] = []
    async for files in pages(reader, "files.files"):
        ids = [file["_id"] for file in files if file["uploadDate"] < before]
        records = await reader.find(collection, {field: {"$in": ids}}, fields=(field,))
        named = {record[field] for record in records}
        found += (Orphan(id) for id in ids if id not in named)
    return found


async def chunks_alone(database: Database, before: datetime) -> list[Orphan]:
    """Uploads begun before an instant that were killed: chunks without a file.

    Chunks are gone through only where there are more than the files need: without an index for it the embedded database
    reads every byte. MongoDB answers from the index of `files_id`.
    """
    files, chunks = database["files.files"], database["files.chunks"]
    sizes: dict[Any, int] = {}
    async for file in files.find({}, {"length": 1, "chunkSize": 1}):
        sizes[file["_id"]] = -(-file["length"] // file["chunkSize"])
    if await chunks.estimated_document_count() <= sum(sizes.values()):
        return []
    every = chunks.find({"files_id": {"$gt": ""}}, {"_id": 0, "files_id": 1})
    found: list[Orphan] = []
    for id in sorted({chunk["files_id"] async for chunk in every} - sizes.keys()):
        first = await chunks.find_one({"files_id": id}, {"_id": 1})
        if first is not None and first["_id"].generation_time < before:
            found.append(Orphan(id))
    return found
