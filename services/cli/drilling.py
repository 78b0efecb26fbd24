"""`lvzhi drill`: restores the newest backup into a scratch store, checks it there, counts the last report again.

It needs no key: what is encrypted stays closed, and is left out of the check of single records.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, Final

from services.accounts import integrity as accounts
from services.activities import integrity as activities
from services.cli import recounting
from services.cli.verifying import Unverifiable
from services.host.backup import places, restoring
from services.host.backup.errors import BackupFailed
from services.host.backup.folder import Folder
from services.host.backup.taking import Databases
from services.host.embedded import NotInstalled
from services.host.files import write_whole
from services.host.installation import SOURCES
from services.host.standalone import services
from services.ratings import integrity as ratings
from services.reports import integrity as reports
from services.reports.document import render_docx
from services.reports.document.manifest import SIGNATURE_TYPE
from services.reports.errors import NoPhotograph, NoReport
from services.reports.handlers.editions import current
from services.reports.handlers.photographs import photographs_of_report
from services.reports.repository import REPORTS
from services.roster import integrity as roster
from shared.clock import SystemClock
from shared.endpoints.integrity import audit
from shared.envelope import source_of
from shared.errors import CannotStart, why_refused
from shared.process.backups import DRILL, DRILL_SECONDS, TOO_LONG, Drill
from shared.process.runtime import prepared
from shared.process.service import Service
from shared.security.keystore import KeyStore
from shared.settings import Settings
from shared.storage import dumps, mongo, outbox
from shared.storage.encryption import Vault
from shared.storage.store import Store

CHECKS: Final = {
    "roster": roster.CHECKS,
    "activities": activities.CHECKS,
    "ratings": ratings.CHECKS,
    "reports": reports.CHECKS,
    "accounts": accounts.CHECKS,
}
RULES: Final = frozenset({"log", "head", "record", "state", "reference", "identity"})
"""What must hold in a backup. Events on their way and dead letters are as they were."""
ACTOR: Final = "lvzhi-drill"
PAGE: Final = 1_000


class MadeByLater(CannotStart):
    """The backup is of a later minor version, whose records this one need not know."""


@dataclass
class Counted:
    """What a drill has looked at, and what is wrong."""

    events: int = 0
    records: int = 0
    reports: int = 0
    numbers: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        recounted = f"，重算 {self.reports} 份总结的 {self.numbers} 个数字" if self.reports else ""
        return f"恢复 {self.records} 条记录、{self.events} 件事件，散列相连，逐条相符{recounted}"


async def drill(folder: Folder) -> Drill:
    """Try the newest backup and keep the result.

    Errors: BackupFailed where there is none; NotInstalled and MadeByLater where it cannot be tried here, which is no
    result.
    """
    began, id = time.monotonic(), (folder.ids() or [""])[-1]
    counted = Counted()

    def keep(message: str, *, passed: bool = False) -> Drill:
        seconds = round(time.monotonic() - began, 1)
        result = Drill(at=datetime.now(UTC), backup=id, passed=passed, message=message, seconds=seconds)
        write_whole(folder.path / DRILL, result.model_dump_json(indent=1).encode(), mode=0o644)
        return result

    try:
        async with asyncio.timeout(DRILL_SECONDS) as limit:
            await _try(folder, counted)
    except (CannotStart, Unverifiable) as error:
        if not id or isinstance(error, NotInstalled | MadeByLater):
            raise
        return keep(str(error)[:500])
    except mongo.Failed as error:
        return keep(f"试恢复没有做完：{mongo.why_failed(error)}")
    except OSError as error:  # one of a disk that does not answer is a TimeoutError as well
        return keep(TOO_LONG if limit.expired() else f"试恢复没有做完：{why_refused(error)}")
    except Exception as error:
        keep(f"试恢复没有做完：程序出错（{type(error).__name__}）")
        raise
    return keep("；".join(counted.faults[:5]) or str(counted), passed=not counted.faults)


async def _try(folder: Folder, counted: Counted) -> None:
    """Restore and check the newest. Errors: BackupFailed, CannotStart, Unverifiable, OSError, mongo.Failed."""
    manifest = folder.newest()
    names = manifest.services
    restoring.check(folder, manifest)
    _check_version(manifest.version, version("lvzhi"))
    with places.scratch() as scratch:
        settings = Settings(data_dir=scratch, mongodb_url=None, amqp_url=None)
        async with places.stopped(settings) as databases:
            await restoring.restore(databases, folder, manifest, names, replace=False)
            await dumps.end_restore([databases(name) for name in names])
            stores = {
                one.name: await _store(databases, one) for one in services(settings) if one.name in names
            }
            for source in manifest.heads:
                await _check(stores, source, counted)
            await _recount(stores, KeyStore(scratch / "keys"), counted)


def _check_version(made: str, own: str) -> None:
    """Errors: MadeByLater. Patch releases read each other's data."""
    if _minor(made) > _minor(own):
        raise MadeByLater(
            f"最近的备份是 {made} 做的，这里是 {own}，演练不了，不算没有通过：请先升级这里的离线安装包"
        )


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")[:2])


async def _store(databases: Databases, service: Service) -> Store:
    """The store of a service as it starts, in which nothing is relayed and what is encrypted is left out."""
    unbound = replace(service, prepare=None)  # the folder of box keys is no part of a backup
    store = await prepared(databases(service.name), unbound, SystemClock(), Vault(forgetful=True), None)
    relayed: list[mongo.WriteModel] = [
        mongo.UpdateOne({"_id": source}, {"$set": {"published": head.sequence}}, upsert=True)
        for source, head in (await outbox.heads(store, "/")).items()
    ]
    await mongo.bulk_write(store.database["cursors"], relayed)
    return store


async def _check(stores: Mapping[str, Store], source: str, counted: Counted) -> None:
    _, town, service = source.split("/")
    found = await audit(stores[service], town, CHECKS[service])
    counted.events += found.sequence
    counted.records += sum(found.records.values())
    counted.faults += [
        f"{service} {fault.subject}：{fault.message}" for fault in found.faults if fault.rule in RULES
    ]


async def _recount(stores: Mapping[str, Store], keys: KeyStore, counted: Counted) -> None:
    """The last report of each town, from the restored logs. A backup without the sources has nothing to count from."""
    if not {"reports", *SOURCES} <= set(stores):
        return
    store = stores["reports"]
    found = await store.find(REPORTS.name, {}, sort=(("as_of", 1), ("_id", 1)))
    last = {document["town"]: document for document in found}
    for town, document in last.items():
        docx = await _rendered(store, keys, town, document["period"])
        events = [event for name in SOURCES async for event in _events(stores[name], source_of(town, name))]
        result = recounting.recounted(
            docx,
            events,
            *recounting.about(docx, town, (None, None)),
            sealed=True,
            keys=recounting.keys_in(keys.jwks_path),
        )
        counted.reports += 1
        counted.numbers += result.total
        counted.faults += [f"{town} {document['period']}的总结：{fault}" for fault in result.faults]


async def _rendered(store: Store, keys: KeyStore, town: str, period: str) -> bytes:
    """The last edition as a Word file. Errors: CannotStart where it is not there."""
    work = store.reading(town, ACTOR)
    try:
        _, report = await current(work, period)
    except NoReport as error:
        raise BackupFailed(f"{town} {period}的总结不在备份里") from error
    try:
        photographs = await photographs_of_report(work, store.database, report)
    except NoPhotograph as error:
        raise BackupFailed(f"{town} {period}的总结里有照片不在备份里") from error
    return render_docx(report, photographs, partial(keys.sign, kind=SIGNATURE_TYPE))


async def _events(store: Store, source: str) -> AsyncIterator[Any]:
    """The events of a stream, as a feed has them."""
    after = 0
    while page := await outbox.bodies(store, source, after=after, limit=PAGE):
        for body in page:
            yield json.loads(body)
        after += len(page)
