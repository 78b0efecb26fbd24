"""What a backup has less than the one before it, and what a restore explains."""

from datetime import UTC, datetime
from pathlib import Path

import bson
import pytest

from services.host.backup.comparing import less
from services.host.backup.errors import BackupFailed
from services.host.backup.folder import Cut, Folder, Manifest, Piece
from services.host.backup.verifying import LOG
from shared.envelope import GENESIS, Event, service_of, town_of
from shared.process.backups import id_of
from shared.storage.outbox import position

AT = datetime(2021, 1, 8, tzinfo=UTC)
A, B, OTHER = "/340281199/roster", "/340281198/roster", "/340281199/ratings"


def cut(sequence: int, epoch: str | None = None, hash: str = "a" * 64) -> Cut:
    return Cut(sequence=sequence, hash=hash, epoch=epoch)


def log(folder: Folder, heads: dict[str, Cut], service: str) -> dict[str, Piece]:
    """Logs that end with their heads; events before them have the hash of `cut`."""
    content = b""
    for source, head in sorted(heads.items()):
        for n in range(1, head.sequence + 1) if service_of(source) == service else ():
            event = Event(
                id=f"{source}-{n}", source=source, type="roster.town.registered.v1", subject="town/1", actor="test",
                time="2020-01-01T00:00:00.000Z", town=town_of(source), sequence=n, previoushash=GENESIS, data={},
                hash=head.hash if n == head.sequence else cut(n).hash,
            )  # fmt: skip
            content += bson.encode({"_id": position(source, n), "body": event.encode().decode()})
    return {LOG: Piece(documents=1, objects=[folder.put(content)])} if content else {}


def made(folder: Folder, heads: dict[str, Cut], *objects: str) -> Manifest:
    kept = {"installation": Piece(documents=1, objects=list(objects))} if objects else {}
    databases = {"roster": log(folder, heads, "roster"), "ratings": kept | log(folder, heads, "ratings")}
    return Manifest(id=id_of(AT), made_at=AT, version="1", databases=databases, heads=heads)


@pytest.mark.parametrize(
    ("before", "now", "lacking"),
    [
        ({A: cut(3)}, {A: cut(3)}, 0),
        ({A: cut(3)}, {A: cut(4, hash="b" * 64), B: cut(1)}, 0),
        ({A: cut(3), B: cut(1)}, {A: cut(3)}, 1),
        ({A: cut(3), B: cut(1)}, {A: cut(2), B: cut(0)}, 2),
        ({A: cut(3)}, {A: cut(3, hash="b" * 64)}, 1),
        ({A: cut(3), B: cut(1)}, {A: cut(2, "2021-01-09T00:00:00Z/2")}, 0),
        ({A: cut(3, "2021-01-09T00:00:00Z/2")}, {A: cut(2, "2021-01-08T00:00:00Z/2")}, 1),
        ({A: cut(3), OTHER: cut(1)}, {A: cut(2, "2021-01-09T00:00:00Z/2")}, 1),
        ({A: cut(3, hash="b" * 64)}, {A: cut(4)}, 1),
        ({A: cut(3, "2021-01-09T00:00:00Z/2")}, {A: cut(9)}, 1),
        ({A: cut(0)}, {A: cut(4)}, 0),
        ({}, {}, 0),
    ],
    ids=[
        "same",
        "grown",
        "missing",
        "shorter",
        "rewritten",
        "restored",
        "earlier",
        "another service",
        "another branch, longer",
        "from before the restore, longer",
        "begun",
        "none",
    ],
)
def test_logs_only_grow_unless_their_service_was_restored(
    tmp_path: Path, before: dict[str, Cut], now: dict[str, Cut], lacking: int
) -> None:
    folder = Folder(tmp_path)
    assert len(less(folder, made(folder, before), made(folder, now))) == lacking


def test_another_installation_is_another_whatever_it_has(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    one, two = (folder.put(bson.encode({"_id": "installation", "id": name})) for name in ("one", "two"))
    assert "另一个安装" in less(folder, made(folder, {}, one), made(folder, {A: cut(9)}, two))[0]
    assert less(folder, made(folder, {}, one), made(folder, {}, one)) == []
    next(tmp_path.glob(f"objects/*/{one}.gz")).unlink()
    assert less(folder, made(folder, {A: cut(1)}, one), made(folder, {A: cut(1)}, two)) == [], (
        "unknown: the logs are compared"
    )


def test_a_folder_that_cannot_be_read_is_not_one_without_backups(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Folder(tmp_path / "away").ids() == []
    with pytest.raises(BackupFailed, match="读不出来（不是文件夹）"):
        Folder(tmp_path / "file").ids()


def test_what_was_added_is_taken_back_and_what_was_mended_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    torn = folder.put(b"torn")
    path = next(tmp_path.glob("objects/*/*.gz"))
    path.write_bytes(b"")

    def full(folder: Folder) -> None:
        with folder.all_or_nothing():
            folder.put(b"torn")
            folder.put(b"new")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        full(Folder(tmp_path))
    assert list(tmp_path.glob("objects/*/*.gz")) == [path]
    assert folder.get(torn) == b"torn"
