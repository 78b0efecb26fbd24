"""Restoring a backup into empty databases, all of it or one service, so that it is whole or known not to be.

Each database says that a restore is at work until all of them are done; no service starts on one that does. The streams
begin a new epoch, by which whoever copied them learns what is undone, and events that are lacking are asked for.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from services.host.backup import verifying
from services.host.backup.errors import BackupFailed, NotEmpty
from services.host.backup.folder import Folder, Manifest
from services.host.backup.taking import NOT_KEPT, Databases, in_pieces
from shared.clock import SystemClock
from shared.endpoints.restored import begin_epochs
from shared.envelope import town_of
from shared.errors import Unavailable
from shared.process.service import Service
from shared.storage import dumps, mongo, transactions
from shared.storage.presence import GONE_SECONDS
from shared.storage.store import Store
from shared.storage.units import Superseded, Unit

ACTOR: Final = "lvzhi-restore"


def check(folder: Folder, manifest: Manifest, services: Sequence[str] | None = None) -> None:
    """`services`: those that are restored; None: all, and the keys. Errors: BackupFailed where a file is torn, or a
    service is not in the backup."""
    if missing := [name for name in services or () if not manifest.databases.get(name)]:
        raise BackupFailed(f"这份备份里没有 {'、'.join(missing)}")
    if faults := verifying.faults(folder, manifest, services):
        raise BackupFailed("这份备份不完整，不能恢复：" + "；".join(faults[:5]))


async def restore(
    databases: Databases, folder: Folder, manifest: Manifest, services: Sequence[str], *, replace: bool
) -> None:
    """Write the databases of `services` as they are in a backup that was checked, and compare what was written.

    `replace`: delete what is there. The databases are unfinished until `finish`. Errors: BackupFailed, NotEmpty.
    """
    try:
        beats = await asyncio.gather(*(_stopped(service, databases(service)) for service in services))
        for service in services if not replace else ():
            await _check_empty(service, databases(service))
        await _begin_restore(databases, manifest.id, dict(zip(services, beats, strict=True)))
        await asyncio.gather(*(_write(databases(service), folder, manifest, service) for service in services))
    except mongo.Failed as error:
        raise _unfinished(mongo.why_failed(error)) from error


async def finish(databases: Databases, services: Sequence[Service]) -> None:
    """Begin the new epochs and ask for what is lacking, then let the services start. Errors: BackupFailed."""
    try:
        await _begin(databases, services)
        await dumps.end_restore([databases(service.name) for service in services])
    except mongo.Failed as error:
        raise _unfinished(mongo.why_failed(error)) from error
    except (Unavailable, Superseded, transactions.OutcomeUnknown) as error:
        raise _unfinished("数据库没有答复") from error


def _unfinished(why: str) -> BackupFailed:
    """What is not finished is not started, and may be restored again."""
    return BackupFailed(f"恢复没有做完：{why}，请再执行一次")


async def _begin(databases: Databases, services: Sequence[Service]) -> None:
    for service in services:
        store = Store(
            databases(service.name),
            service=service.name,
            collections=service.collections,
            clock=SystemClock(),
        )
        try:
            await begin_epochs(store, "", ACTOR)
            await _ask_for_the_rest(store)
        finally:
            await store.close()


async def _stopped(service: str, database: mongo.Database) -> dict[str, Any]:
    """The last heartbeats. Errors: BackupFailed where a process of the service is running. One that is slow is gone
    after GONE_SECONDS without a heartbeat."""
    before = await _beats(database)
    if before:
        await asyncio.sleep(2 * GONE_SECONDS)
    await _check_same(service, database, before)
    return before


async def _begin_restore(databases: Databases, backup: str, beats: Mapping[str, Mapping[str, Any]]) -> None:
    """From here on no process of these services starts. Errors: BackupFailed where one did meanwhile."""
    fresh = [name for name in beats if await dumps.unfinished(databases(name)) is None]
    for name in beats:
        await dumps.begin_restore(databases(name), backup)
    try:
        for name, before in beats.items():
            await _check_same(name, databases(name), before)
    except BackupFailed:
        if fresh:  # nothing was changed yet
            await dumps.end_restore([databases(name) for name in fresh])
        raise


async def _check_same(service: str, database: mongo.Database, before: Mapping[str, Any]) -> None:
    if any(before.get(owner) != beat for owner, beat in (await _beats(database)).items()):
        raise BackupFailed(f"{service} 还在运行，请先停止它再恢复")


async def _beats(database: mongo.Database) -> dict[str, Any]:
    return {entry["_id"]: entry["beat"] async for entry in database["processes"].find({})}


async def _check_empty(service: str, database: mongo.Database) -> None:
    """Errors: NotEmpty, except where a restore was interrupted."""
    if await dumps.unfinished(database) is not None:
        return
    for name in await dumps.collections(database):
        if name not in NOT_KEPT | {"migrations"} and await database[name].find_one({}) is not None:
            raise NotEmpty(
                f"{service} 的数据库里已有记录，不覆盖：请恢复到空的地方；只要放回密钥的，改用 --keys-only；"
                "确定不要现有的记录，加上 --replace"
            )


async def _write(database: mongo.Database, folder: Folder, manifest: Manifest, service: str) -> None:
    for name in await dumps.collections(database):
        if name != dumps.UNFINISHED:
            await dumps.drop(database, name)
    kept = manifest.databases[service]
    await mongo.prepare(database, list(kept), ())
    for name, piece in kept.items():
        for digest in piece.objects:
            await dumps.insert(database, name, list(dumps.parted(folder.get(digest))))
        written = await in_pieces(dumps.documents(database, name), _digest)
        if written != piece:
            raise BackupFailed(f"恢复没有做成：{service}/{name} 写入以后与备份不同")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _ask_for_the_rest(store: Store) -> None:
    """Ask again for the events of other services behind those that are in the backup: others may have gone on."""
    works = []
    marks = await store.find("sources", {}, sort=(("_id", 1),))
    for town, of_town in groupby(marks, lambda mark: town_of(str(mark["_id"]))):
        work = store.reading(town, ACTOR)
        for mark in of_town:
            asked: Mapping[str, Any] = {"source": mark["_id"], "from": mark["upto"] + 1, "to": 0}
            work.announce("replay.requested.v1", f"stream{mark['_id']}", asked)
        works.append(work)
    if works:
        await store.commit(Unit(works))
