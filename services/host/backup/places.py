"""Where the databases of an installation are: on a MongoDB, or embedded in a data folder, in use or not; and where a
drill puts its own."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

from services.host.backup import keys as key_files
from services.host.backup.errors import BackupFailed
from services.host.backup.taking import Databases
from services.host.embedded import EmbeddedMongo, url_in_use
from services.host.lock import NAME, FolderInUse, FolderLock
from shared.settings import Settings
from shared.storage import mongo

_SCRATCH: Final = "lvzhi-drill-"
_OF_A_START: Final = ("keys/signing-key.json", "installation")
"""What a data folder has once a system was started in it, beside its database."""


def lost(data: Path) -> str:
    """What a data folder has lost of its database and its keys, and how it is put back; empty where both are there, or
    neither. A start would make the one anew that is missing."""
    store, keys = data / "store", data / "keys"
    if (store / "mongo").exists():
        if (keys / "signing-key.json").exists():
            return ""
        back = key_files.BACK.format(data=data)
        return f"数据库在 {store}，它的密钥应在 {keys} 却没有；请从备份放回，数据不动：{back}"
    if not (left := [data / name for name in _OF_A_START if (data / name).exists()]):
        return ""
    return (
        f"数据库应在 {store} 却没有，而 {left[0]} 还在：磁盘没有接上的，先接上；确实没有了的，从备份恢复："
        f"lvzhi restore 备份的文件夹 --data {data}；要从头开始的，换一个数据目录"
    )


@asynccontextmanager
async def running_or_not(settings: Settings) -> AsyncIterator[Databases]:
    """The databases, for a backup. Errors: BackupFailed, CannotStart."""
    store = settings.data_dir / "store"
    if settings.mongodb_url is None and not (store / "mongo").exists():
        raise BackupFailed(f"{settings.data_dir} 中没有数据；数据在 MongoDB 里的，请设置 MONGODB_URL")
    with _url(settings, in_use=True) as url:
        async with _opened(url, settings) as databases:
            yield databases


@asynccontextmanager
async def stopped(settings: Settings) -> AsyncIterator[Databases]:
    """The databases, for a restore. Errors: FolderInUse, CannotStart."""
    with _url(settings, in_use=False) as url:
        async with _opened(url, settings) as databases:
            yield databases


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty data folder that ends with the block."""
    remove_scratch()
    with tempfile.TemporaryDirectory(prefix=_SCRATCH) as name:
        lock = FolderLock(Path(name))
        lock.acquire()
        try:
            yield Path(name)
        finally:
            lock.release()


def remove_scratch() -> None:
    """Remove the data folders of drills that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        with suppress(OSError):  # of another user
            if (folder / NAME).exists() and not FolderLock(folder).is_held():
                for path in folder.iterdir():
                    if path.name != NAME:  # last, or what could not be removed would be nobody's
                        shutil.rmtree(path) if path.is_dir() else path.unlink()
                shutil.rmtree(folder)


@contextmanager
def _url(settings: Settings, *, in_use: bool) -> Iterator[str]:
    if (url := settings.database) is not None:
        yield url
        return
    store = settings.data_dir / "store"
    embedded = EmbeddedMongo(store)
    try:
        url = embedded.start()
    except FolderInUse:
        if not in_use:
            raise
        yield url_in_use(store)
        return
    try:
        yield url
    finally:
        embedded.stop()


@asynccontextmanager
async def _opened(url: str, settings: Settings) -> AsyncIterator[Databases]:
    async with mongo.connected(url, app_name="lvzhi-backup") as client:
        yield lambda service: client[f"{settings.database_prefix}{service}"]
