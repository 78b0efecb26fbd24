"""A store that is lost: it is not begun anew beside its keys, and no backup of an empty one replaces others."""

import asyncio
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.host.backup.folder import Folder, Manifest
from shared.errors import CannotStart
from tests.fixtures.systems import environment_of
from tests.integration.host.test_backups import PEOPLE, TOWN, done, lvzhi, opened

pytestmark = [pytest.mark.own_servers]
PROGRAM = f"{sys.executable} -m services.cli"


@dataclass(frozen=True)
class Place:
    """A data folder, and two backups: `first`, and `last` with a town and a person more."""

    data: Path
    folder: Folder
    identity: Path
    first: Manifest
    last: Manifest


async def backed_up(data: Path, folder: Folder, *options: str) -> Manifest:
    await done("backup", folder.path, "--data", data, "--without-keys", *options)
    return folder.newest()


def files_of(folder: Folder) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("stores")
    data, folder, identity = root / "data", Folder(root / "kept"), root / "key"
    await done("backup-key", identity)
    async with opened(data) as office:
        await office.client.json("PUT", f"/roster/v1/towns/{TOWN}", {"name": "示例镇"})
        await done("backup", folder.path, "--data", data, "--recipient", f"{identity}.public")
        first = folder.newest()
        await office.client.json("POST", PEOPLE, {"name": "赵示例901"})
        await office.check()
        await done("backup", folder.path, "--data", data, "--recipient", f"{identity}.public")
    return Place(data, folder, identity, first, folder.newest())


@pytest.fixture
def own(place: Place, tmp_path: Path) -> Place:
    """A copy, to be spoilt."""
    shutil.copytree(place.data, tmp_path / "data")
    shutil.copytree(place.folder.path, tmp_path / "kept")
    folder = Folder(tmp_path / "kept")
    return Place(tmp_path / "data", folder, place.identity, place.first, place.last)


@pytest.mark.parametrize("left", ["keys/signing-key.json", "installation"])
async def test_a_store_is_not_begun_anew_beside_what_is_left_of_another(own: Place, left: str) -> None:
    shutil.rmtree(own.data / "store")
    (own.data / "store").mkdir()  # as where a disk is not mounted
    if left == "installation":
        shutil.rmtree(own.data / "keys")
    assert (own.data / left).exists()
    with pytest.raises(CannotStart, match=r"数据库应在 .*/store 却没有.*lvzhi restore"):
        async with opened(own.data):
            raise AssertionError("an empty system was started")
    assert list((own.data / "store").iterdir()) == []
    await done("restore", own.folder.path, "--data", own.data, "--identity", own.identity)
    async with opened(own.data) as office:
        assert await office.names() == {"赵示例901"}


async def test_an_empty_system_does_not_take_the_place_of_backups(own: Place, tmp_path: Path) -> None:
    async with opened(tmp_path / "empty"):
        pass
    before = files_of(own.folder)
    backup = ("backup", own.folder.path, "--data", tmp_path / "empty", "--without-keys", "--keep", "1")
    status, said = await lvzhi(*backup)
    assert (status, "比上一份备份少" in said, "--accept-less" in said) == (1, True, True)
    assert files_of(own.folder) == before
    assert "删除了更早的 2 份" in await done(*backup, "--accept-less")
    assert own.folder.newest().heads.keys() < own.last.heads.keys()
    await done(*backup)


async def test_after_a_restore_of_less_a_backup_needs_no_option(own: Place, tmp_path: Path) -> None:
    restored = tmp_path / "restored"
    await done("restore", own.folder.path, "--data", restored, "--id", own.first.id)
    made = await backed_up(restored, own.folder)
    assert made.heads[f"/{TOWN}/roster"].sequence <= own.last.heads[f"/{TOWN}/roster"].sequence
    (own.folder.path / f"{made.id}.json").unlink()
    status, said = await lvzhi("backup", own.folder.path, "--data", own.data, "--without-keys")
    assert status == 0, said


async def test_a_torn_file_of_one_service_does_not_stop_another(own: Place, tmp_path: Path) -> None:
    theirs, ours = (set(_objects(own.last, name)) for name in ("roster", "reports"))
    path = next(own.folder.path.glob(f"objects/*/{min(theirs - ours)}.gz"))
    path.unlink()
    restore = ("restore", own.folder.path, "--data", tmp_path / "there")
    status, said = await lvzhi(*restore, "--service", "roster")
    assert (status, path.name in said) == (1, True)
    assert "逐条相符" in await done(*restore, "--service", "reports")


def _objects(made: Manifest, service: str) -> list[str]:
    return [digest for piece in made.databases[service].values() for digest in piece.objects]


async def test_a_torn_manifest_hides_no_other_and_stops_no_backup(own: Place, tmp_path: Path) -> None:
    torn = own.folder.path / f"{own.last.id}.json"
    torn.write_text(torn.read_text("utf-8")[:100], "utf-8")
    said = await done("backups", own.folder.path)
    assert (own.first.id in said, f"备份的清单 {torn} 已损坏" in said) == (True, True)
    restore = ("restore", own.folder.path, "--data", tmp_path / "there", "--until", "roster=9")
    assert own.first.id in await done(*restore)

    objects = set(own.folder.path.glob("objects/*/*"))
    said = await done("backup", own.folder.path, "--data", own.data, "--without-keys", "--keep", "2")
    assert ("删除了更早的 1 份" in said, str(torn) in said, "移到别处" in said) == (True, True, True)
    assert own.folder.ids()[0] == own.last.id
    assert objects <= set(own.folder.path.glob("objects/*/*")), "what the torn one uses is not known"
    torn.unlink()
    await done("backups", own.folder.path, "--keep", "2")
    assert {path.stem for path in own.folder.path.glob("objects/*/*")} == set(own.folder.newest().objects)


async def test_a_file_of_the_store_that_is_lost_is_told_with_what_to_do(own: Place) -> None:
    """The database opens without it, and fails at what is in it: again and again."""
    for path in (own.data / "store" / "mongo").glob("secantus_documents_sh*.wt"):
        path.unlink()
    with pytest.raises(
        CannotStart, match=r"文件丢失或者损坏，原因见 .*/store/secantusdb\.log.*lvzhi restore"
    ):
        async with opened(own.data):
            raise AssertionError("it was opened")


def on_a_small_disk(disk: Path, kilobytes: int, data: Path, script: str) -> str:
    """What a script writes that runs with a disk of its own, in a mount namespace."""
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={kilobytes}k tmpfs {disk}"
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", f"{mount} && {script}"],
        env=environment_of(data),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


async def test_a_backup_that_a_full_disk_ends_leaves_nothing(own: Place, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    backup = f"{PROGRAM} backup {disk} --data {own.data} --without-keys"
    script = f"{backup}; echo status $?; find {disk} -type f"
    said = await asyncio.to_thread(on_a_small_disk, disk, 100, own.data, script)
    assert f"不能写入 {disk}（磁盘已满）；这次写入的已经删去" in said
    assert f"status 1\n{disk}/lock\n" in said
    assert ".gz" not in said


async def test_older_backups_are_removed_from_a_disk_that_is_full(own: Place, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    fill = f"head -c 4096k /dev/zero >{disk}/filling 2>/dev/null"
    script = f"cp -r {own.folder.path}/. {disk}; {fill}; {PROGRAM} backups {disk} --keep 1; echo status $?; ls {disk}"
    said = await asyncio.to_thread(on_a_small_disk, disk, 4096, own.data, script)
    assert ("删除了更早的 1 份" in said, "status 0" in said) == (True, True), said
    assert f"{own.first.id}.json" not in said
    assert f"{own.last.id}.json" in said
