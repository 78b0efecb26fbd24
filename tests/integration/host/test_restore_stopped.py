"""A restore takes a service for stopped only when it is: not one that is slow, nor one that starts meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.host.backup import restoring
from services.host.backup.errors import BackupFailed
from services.host.backup.folder import Folder, Manifest, Piece
from services.host.backup.taking import Databases
from shared.process.backups import id_of
from shared.storage import dumps, mongo
from shared.storage.mongo import connected
from shared.storage.presence import GONE_SECONDS

AT = datetime(2021, 1, 8, tzinfo=UTC)
MADE = Manifest(
    id=id_of(AT),
    made_at=AT,
    version="1.0.0",
    databases={"roster": {"people": Piece(documents=0, objects=[])}},
    heads={},
)


@pytest.fixture
async def databases(mongo_url: str, database_prefix: str) -> AsyncIterator[Databases]:
    """With the last heartbeat of a process of roster."""
    async with connected(mongo_url, app_name="tests") as client:
        roster = client[f"{database_prefix}roster"]
        await mongo.prepare(roster, ["processes", "people"], ())
        await roster["processes"].insert_one({"_id": "one", "beat": 1})
        yield lambda name: client[f"{database_prefix}{name}"]


def after_the_wait(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], Awaitable[object]], waits: list[float]
) -> None:
    sleep = asyncio.sleep

    async def waited(seconds: float) -> None:
        if seconds < GONE_SECONDS:
            await sleep(seconds)
            return
        waits.append(seconds)
        await act()

    monkeypatch.setattr(asyncio, "sleep", waited)


@pytest.mark.parametrize("starts", [False, True], ids=["slow", "starts meanwhile"])
async def test_a_service_that_is_at_work_is_not_overwritten(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starts: bool
) -> None:
    roster, waits = databases("roster"), list[float]()
    people = roster["people"]
    await people.insert_one({"_id": "p"})

    async def beat() -> None:
        owner = "two" if starts else "one"
        await roster["processes"].update_one({"_id": owner}, {"$inc": {"beat": 1}}, upsert=True)

    async def nothing(*_: object) -> None:
        return

    async def start(*_: object) -> None:
        await beat()

    after_the_wait(monkeypatch, nothing if starts else beat, waits)
    if starts:
        monkeypatch.setattr(restoring, "_check_empty", start)
    with pytest.raises(BackupFailed, match="roster 还在运行"):
        await restoring.restore(databases, Folder(tmp_path), MADE, ["roster"], replace=False)
    assert len(waits) == 1
    assert await dumps.unfinished(roster) is None, "it would not start again"
    assert await people.count_documents({}) == 1
