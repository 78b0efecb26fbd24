"""How documents are parted for a backup, when a drill is due, and what is said of a folder of backups."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bson
import pytest

from services.host.backup.errors import Torn
from services.host.backup.folder import Folder, Piece
from services.host.backup.schedule import due, measure
from services.host.backup.taking import in_pieces
from shared.observability.metrics import REGISTRY
from shared.process.backups import DRILL, Drill, Kept, id_of, kept
from shared.storage.dumps import Raw, parted

NOW = datetime(2021, 1, 8, tzinfo=UTC)


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


async def test_a_folder_that_is_away_counts_as_without_a_backup(tmp_path: Path) -> None:
    def measured(name: str) -> float | None:
        return REGISTRY.get_sample_value(name)

    (tmp_path / f"{id_of(NOW)}.json").touch()
    await measure(tmp_path, 7)
    assert (measured("backup_made_timestamp_seconds"), measured("drill_timestamp_seconds")) == (
        NOW.timestamp(),
        0,
    )
    await measure(tmp_path / "away", 7)
    assert measured("backup_made_timestamp_seconds") == 0


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
