"""How documents are parted for a backup, when a drill is due, and what is said of a folder of backups."""

import hashlib
import math
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from typing import Any

import bson
import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.host.backup import places, restoring
from services.host.backup.errors import BackupFailed, Torn
from services.host.backup.folder import Folder, Piece
from services.host.backup.schedule import due, measure
from services.host.backup.taking import in_pieces
from services.roster.app import build as roster_service
from services.roster.settings import Settings as RosterSettings
from shared.observability.metrics import REGISTRY
from shared.process import backups
from shared.process.backups import DRILL, Drill, Kept, Watched, id_of, ids, kept, next_id
from shared.storage.dumps import Raw, parted
from tests.probes import eventually

NOW = datetime(2021, 1, 8, tzinfo=UTC)
GAUGES = ("backup_made_timestamp_seconds", "drill_timestamp_seconds", "drill_passed")


async def pieces(numbers: Iterable[int]) -> tuple[Piece, dict[str, bytes]]:
    kept: dict[str, bytes] = {}

    def put(content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        kept[digest] = content
        return digest

    async def found() -> AsyncIterator[Raw]:
        for number in numbers:
            yield Raw(bson.encode({"_id": f"{number:06}", "text": "x" * 50}))

    return await in_pieces(found(), put), kept


async def test_what_is_inserted_or_added_changes_the_run_around_it_only() -> None:
    before, _ = await pieces(range(0, 40_000, 2))
    after, _ = await pieces(sorted([*range(0, 40_000, 2), 20_001, 40_001]))
    assert len(before.objects) > 30
    assert len(set(after.objects) - set(before.objects)) <= 4


async def test_the_runs_together_are_the_documents() -> None:
    piece, kept = await pieces(range(2_000))
    assert piece.documents == 2_000
    texts = [document["_id"] for digest in piece.objects for document in parted(kept[digest])]
    assert texts == [f"{number:06}" for number in range(2_000)]


def drilled(days: float) -> Kept:
    last = Drill(at=NOW - timedelta(days=days), backup="b", passed=True, message="")
    return Kept(made_at=NOW, drill=last)


def test_a_drill_is_due_when_the_last_was_long_ago_and_there_is_a_backup() -> None:
    assert due(Kept(made_at=NOW), 7, NOW)
    assert due(drilled(7), 7, NOW)
    assert not due(drilled(6.9), 7, NOW)
    assert not due(Kept(), 7, NOW)
    assert not due(drilled(30), 0, NOW)


@pytest.mark.parametrize("content", [b"", b"{", b"{}"])
def test_a_result_that_cannot_be_read_is_not_taken_for_no_drill(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DRILL).write_bytes(content)
    found = kept(tmp_path).drill
    assert found is not None
    assert not found.passed
    assert "读不出来" in found.message


def measured(name: str) -> float | None:
    return REGISTRY.get_sample_value(name)


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(0), timedelta(days=3_000)])
def test_the_last_made_is_the_newest_whatever_the_clock_was(tmp_path: Path, ahead: timedelta) -> None:
    assert next_id(tmp_path, NOW) == id_of(NOW), "the first of all"
    before = tmp_path / f"{id_of(NOW + ahead)}.json"
    before.touch()
    made = tmp_path / f"{next_id(tmp_path, NOW)}.json"
    made.touch()
    os.utime(made, (NOW.timestamp(), NOW.timestamp()))
    assert ids(tmp_path) == [before.stem, made.stem]
    found = kept(tmp_path)
    assert (found.newest, found.made_at) == (made.stem, NOW)


@pytest.mark.parametrize("name", ["away", "x" * 300], ids=["not there", "an error of the disk"])
async def test_a_folder_that_is_away_counts_as_without_a_backup(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{id_of(NOW)}.json").touch()
    (tmp_path / DRILL).write_text(Drill(at=NOW, backup="b", passed=True, message="").model_dump_json())
    await measure(Watched(tmp_path), 7)
    made, drilled_at, passed = map(measured, GAUGES)
    assert (made, drilled_at, passed) == (NOW.timestamp(), NOW.timestamp(), 1)
    await measure(Watched(tmp_path / name), 7)
    made, drilled_at, passed = map(measured, GAUGES)
    assert (made, drilled_at) == (0, 0)
    assert passed is not None
    assert math.isnan(passed), "a drill that was there says nothing of what is there now"


def test_a_file_that_the_disk_does_not_give_is_named(tmp_path: Path) -> None:
    """As one that is damaged: a folder in its place is refused as a bad sector is."""
    folder = Folder(tmp_path)
    manifest = tmp_path / f"{id_of(NOW)}.json"
    keys = tmp_path / "keys" / f"{'0' * 64}.jwe"
    for path in (manifest, keys):
        path.mkdir(parents=True)
    with pytest.raises(Torn, match=manifest.name):
        folder.newest()
    with pytest.raises(Torn, match=keys.name):
        folder.keys("0" * 64)


async def test_a_disk_that_hangs_holds_one_thread_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Event()

    def hanging(_: Path) -> Kept:
        answers.wait()
        return Kept(made_at=NOW)

    monkeypatch.setattr(backups, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(backups, "kept", hanging)
    watched = Watched(Path("/mnt/away"))
    for _ in range(3):
        await measure(watched, days=7)
        holding = [thread for thread in enumerate_threads() if thread.name == "backups"]
        assert (measured("backup_made_timestamp_seconds"), len(holding)) == (0, 1)
    answers.set()

    async def told() -> bool:
        await measure(watched, days=7)
        return measured("backup_made_timestamp_seconds") == NOW.timestamp()

    await eventually(told)


def test_a_scratch_folder_that_could_not_be_removed_is_removed_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "lvzhi-drill-killed"
    (left / "store").mkdir(parents=True)
    (left / "lock").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    rmtree, busy = shutil.rmtree, [left / "store"]

    def once_busy(path: Path) -> None:
        if path in busy:
            busy.remove(path)
            raise OSError
        rmtree(path)

    monkeypatch.setattr(shutil, "rmtree", once_busy)
    places.remove_scratch()
    assert [path.name for path in left.iterdir() if path.is_file()] == ["lock"]
    places.remove_scratch()
    assert list(tmp_path.iterdir()) == []


async def test_a_database_lost_at_the_end_of_a_restore_is_told_with_what_to_do() -> None:
    away: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
        "mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50
    )
    with pytest.raises(BackupFailed, match="恢复没有做完：数据库没有答复，请再执行一次"):
        await restoring.finish(lambda name: away[name], [roster_service(RosterSettings())])
    away.close()
