"""Taking a backup of the databases of all services as of one point in time, while they run.

What changes is read in one transaction, with the heads of all logs: nothing is later in one service than in another.
Logs and files only grow, so they are read afterwards, up to those heads and with those files. What the console has is
not kept: sessions are secrets, drafts are days old.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final
from zlib import crc32

from services.host.backup import comparing, verifying
from services.host.backup.errors import BackupFailed
from services.host.backup.folder import Cut, Folder, Manifest, Piece
from services.host.installation import SERVICES
from shared.errors import why_refused
from shared.process.backups import next_id
from shared.storage import dumps, mongo, outbox

LOG, FILES, CHUNKS = "outbox", "files.files", "files.chunks"
NOT_KEPT: Final = frozenset({"processes", dumps.UNFINISHED})
"""Of the running processes, and of a restore."""
OBJECT_BYTES: Final = 4 << 20
ENDS: Final = 256
"""A run ends after one of so many documents, whatever their order."""
ATTEMPTS: Final = 3
TOO_LONG: Final = (
    "备份没有做成：MongoDB 限定的时间里没有读完（默认一分钟），"
    "请管理员把它的参数 transactionLifetimeLimitSeconds 调大再做"
)
NOT_THERE: Final = (
    "备份没有做成：这个 MongoDB 里没有 {} 的数据。它们在别的 MongoDB 里的，用 --service 逐个写明这里有哪些，"
    "那里另做一份，各用一个文件夹；本来就没有用过的，同样只写明有的"
)

NOT_WRITTEN: Final = (
    "备份没有做成，不能写入 {}（{}）；这次写入的已经删去。要腾出地方，见 lvzhi backups --keep"
)
LESS: Final = (
    "没有备份，也没有删去以前的：这里比上一份备份少：{}（共 {} 处）。数据库丢了、换了的，先恢复（lvzhi restore）；"
    "确实从头开始、或者确实不要了的，加 --accept-less 再执行一次"
)

Databases = Callable[[str], mongo.Database]
Documents = AsyncIterator[dumps.Raw]


class _Erased(Exception):
    """A file that was there at the point in time is gone before it was read."""


async def take(
    databases: Databases,
    folder: Folder,
    keys: bytes | None,
    services: Sequence[str] | None = None,
    *,
    accept_less: bool = False,
) -> Manifest:
    """Take a backup and verify it. `databases`: by name of the service; `keys`: encrypted. Errors: BackupFailed, after
    which nothing of it is left.

    `services`: those that are kept, and must be there; None: those that are there. `accept_less`: also where logs of
    the backup before are missing or shorter, or it is of another installation.
    """
    with folder.locked(), folder.all_or_nothing():
        try:
            manifest = await _taken(databases, folder, keys, services)
            _check(folder, manifest, accept_less=accept_less)
            folder.place(manifest)
        except dumps.TooLong as error:
            raise BackupFailed(TOO_LONG) from error
        except mongo.Failed as error:
            raise BackupFailed(f"备份没有做成：{mongo.why_failed(error)}，请再执行一次") from error
        except OSError as error:
            raise BackupFailed(NOT_WRITTEN.format(folder.path, why_refused(error))) from error
        return manifest


def _check(folder: Folder, manifest: Manifest, *, accept_less: bool) -> None:
    """Errors: BackupFailed where what was written is not what is read, or is less than the newest that can be read."""
    if faults := verifying.faults(folder, manifest):
        raise BackupFailed("备份没有做成，读回时不符：" + "；".join(faults[:5]))
    if accept_less:
        return
    before, _ = folder.readable(reversed(folder.ids()))
    if before and (lacking := comparing.less(folder, before[0], manifest)):
        raise BackupFailed(LESS.format("；".join(lacking[:5]), len(lacking)))


async def _taken(
    databases: Databases, folder: Folder, keys: bytes | None, services: Sequence[str] | None
) -> Manifest:
    for _ in range(ATTEMPTS):
        try:
            heads, kept = await _read(databases, folder, services)
        except _Erased:
            continue
        now = datetime.now(UTC)
        return Manifest(
            id=next_id(folder.path, now),
            made_at=now,
            version=version("lvzhi"),
            databases=kept,
            heads=heads,
            keys=folder.put_keys(keys) if keys is not None else None,
        )
    raise BackupFailed("备份时一直有照片在删除，请过一会儿再做")


async def _read(
    databases: Databases, folder: Folder, services: Sequence[str] | None
) -> tuple[dict[str, Cut], dict[str, dict[str, Piece]]]:
    """The heads and, by service and collection, what is kept. Errors: _Erased, BackupFailed."""
    names = {service: await _names(service, databases(service)) for service in services or SERVICES}
    if not any("streams" in of_service for of_service in names.values()):
        raise BackupFailed("数据库里没有本系统的数据：地址或者库名的前缀不对")
    if services is not None and (absent := [service for service in services if not names[service]]):
        raise BackupFailed(NOT_THERE.format("、".join(absent)))
    notes = _Notes()
    kept: dict[str, dict[str, Piece]] = {service: {} for service in names}
    async with dumps.one_point(databases(SERVICES[0])) as session:
        for service, of_service in names.items():
            for name in of_service:
                if name not in (LOG, CHUNKS):
                    found = notes.noted(service, name, dumps.documents(databases(service), name, session))
                    kept[service][name] = await in_pieces(found, folder.put)
    for service, of_service in names.items():
        if LOG in of_service:
            log = notes.of_log(dumps.documents(databases(service), LOG))
            kept[service][LOG] = await in_pieces(log, folder.put)
        if CHUNKS in of_service:
            chunks = notes.of_files(service, dumps.documents(databases(service), CHUNKS))
            kept[service][CHUNKS] = await in_pieces(chunks, folder.put)
            now = {file["_id"] async for file in dumps.documents(databases(service), FILES)}
            if notes.files[service] - now:
                raise _Erased
    return notes.heads, kept


async def _names(service: str, database: mongo.Database) -> list[str]:
    if await dumps.unfinished(database) is not None:
        raise BackupFailed(f"{service} 的数据库还没有恢复完，不能备份；请先把 lvzhi restore 做完")
    return [name for name in await dumps.collections(database) if name not in NOT_KEPT]


@dataclass
class _Notes:
    """What the point in time is: the heads of the logs by source, the files by service."""

    heads: dict[str, Cut] = field(default_factory=dict)
    files: dict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))

    async def noted(self, service: str, name: str, found: Documents) -> Documents:
        async for document in found:
            if name == "streams":
                cut = {key: document[key] for key in Cut.model_fields if key in document}
                self.heads[document["_id"]] = Cut.model_validate(cut)
            elif name == FILES:
                self.files[service].add(document["_id"])
            yield document

    async def of_log(self, found: Documents) -> Documents:
        """The events up to the heads."""
        async for document in found:
            cut = self.heads.get(document["_id"].rpartition("#")[0])
            if cut is not None and outbox.sequence_at(document["_id"]) <= cut.sequence:
                yield document

    async def of_files(self, service: str, found: Documents) -> Documents:
        async for document in found:
            if document["files_id"] in self.files[service]:
                yield document


async def in_pieces(found: Documents, put: Callable[[bytes], str]) -> Piece:
    """Documents in runs of about the same size; `put` keeps a run and returns its digest.

    Where a run ends depends on its last document: one that is inserted changes the run around it and no other.
    """
    part: list[bytes] = []
    size = documents = 0
    objects: list[str] = []
    async for document in found:
        part.append(bytes(document.raw))
        size, documents = size + len(document.raw), documents + 1
        if size >= OBJECT_BYTES or crc32(document.raw) % ENDS == 0:
            objects.append(put(b"".join(part)))
            part, size = [], 0
    if part:
        objects.append(put(b"".join(part)))
    return Piece(documents=documents, objects=objects)
