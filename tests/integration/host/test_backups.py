"""Backups of a running installation, restored elsewhere: whole, of one service, torn, of yesterday, after a kill."""

import asyncio
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli.__main__ import app
from services.cli.client import Client, calling
from services.host.backup import schedule, verifying
from services.host.backup.folder import Folder, Manifest, Thinned
from services.host.embedded import PORT, answers, url_in_use
from services.host.standalone import System, running_system
from shared.errors import CannotStart
from shared.process import backups
from shared.process.backups import Watched
from shared.process.serve import key_store
from shared.settings import Settings
from shared.storage.dumps import unfinished
from shared.storage.mongo import connected
from tests.fixtures.pictures import PNG
from tests.fixtures.systems import environment_of
from tests.probes import eventually

pytestmark = [pytest.mark.own_servers]

TOWN = "340281199"
PEOPLE = f"/roster/v1/towns/{TOWN}/people"
PHONE = "13800000000"


async def lvzhi(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    """Exit status and output of the command."""
    given = [str(argument) for argument in arguments]
    result = await asyncio.to_thread(CliRunner().invoke, app, given, env=environment)
    return result.exit_code, result.output


async def done(*arguments: str | Path, **environment: str) -> str:
    status, output = await lvzhi(*arguments, **environment)
    assert status == 0, output
    return output


@dataclass(frozen=True)
class Office:
    """The office of a running installation."""

    system: System
    client: Client
    token: str

    async def names(self) -> set[str]:
        items = (await self.client.json("GET", PEOPLE, limit=200))["items"]
        return {item["name"] for item in items}

    async def check(self) -> None:
        """The audit finds nothing, once everything has arrived."""
        said = await done("check", TOWN, "--url", self.system.url, "--token", self.token)
        assert f"✓ {TOWN}" in said


@asynccontextmanager
async def opened(data: Path, **settings: Any) -> AsyncIterator[Office]:
    """An installation at work within the block."""
    given: dict[str, Any] = {"port": 0, "data_dir": data, "mongodb_url": None, "amqp_url": None}
    own = Settings(**(given | settings))
    async with running_system(own) as system, calling() as session:
        token = key_store(own).mint("office", TOWN, ["office"])
        yield Office(system, Client(session, system.url, token), token)


@dataclass(frozen=True)
class Kept:
    """A data folder and its backups: `first`, `second` without a change, and `last` while people came in."""

    data: Path
    folder: Folder
    identity: Path
    first: Manifest
    second: Manifest
    last: Manifest
    phone_id: str
    picture: str


@pytest.fixture(scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    place = tmp_path_factory.mktemp("backups")
    data, folder, identity = place / "data", Folder(place / "kept"), place / "key"
    await done("backup-key", identity)

    async def backed_up() -> Manifest:
        await done("backup", folder.path, "--data", data, "--recipient", f"{identity}.public")
        return folder.newest()

    async with opened(data) as office:
        await office.client.json("PUT", f"/roster/v1/towns/{TOWN}", {"name": "示例镇"})
        person = await office.client.json("POST", PEOPLE, {"name": "赵示例901", "phone": PHONE})
        for n in range(30):
            await office.client.json("POST", PEOPLE, {"name": f"钱示例{n}"})
        base = f"/activities/v1/towns/{TOWN}/evidence"
        picture = await office.client.upload(base, PNG, {"Content-Type": "application/octet-stream"})
        await office.check()
        first, second = await backed_up(), await backed_up()
        await office.client.json("POST", PEOPLE, {"name": "孙示例902"})
        last = await meanwhile(office, backed_up())
    (data / "box-keys" / "x").mkdir(parents=True)
    (data / "box-keys" / "x" / "ab.key").write_text("b0" * 32)
    return Kept(data, folder, identity, first, second, last, person["id"], picture["id"])


async def meanwhile(office: Office, work: Coroutine[Any, Any, Manifest]) -> Manifest:
    """What `work` gives, while people are entered and other services read of them."""
    task = asyncio.create_task(work)
    while not task.done():
        await office.client.json("POST", PEOPLE, {"name": "吴示例905"})
    return await task


async def test_it_is_restored_on_another_machine_with_its_keys(kept: Kept, tmp_path: Path) -> None:
    said = await done("restore", kept.folder.path, "--data", tmp_path, "--identity", kept.identity)
    assert kept.last.id in said
    async with opened(tmp_path) as office:
        person = await office.client.json("GET", f"{PEOPLE}/{kept.phone_id}")
        assert person["phone"] == PHONE
        assert {"孙示例902", "赵示例901"} <= await office.names()
        assert await office.client.download(f"/activities/v1/towns/{TOWN}/evidence/{kept.picture}") == PNG
        await office.check()
        head = await office.client.json("GET", f"/roster/v1/towns/{TOWN}/head")
        assert head["sequence"] > kept.last.heads[f"/{TOWN}/roster"].sequence
        events = await office.client.json("GET", f"/roster/v1/towns/{TOWN}/events", limit=1000)
        (begun,) = [event for event in events if event["type"] == "roster.stream.restored.v1"]
        assert begun["epoch"].endswith(f"/{kept.last.heads[begun['source']].sequence + 1}")


@pytest.mark.nightly
async def test_a_data_folder_becomes_a_mongodb_and_back(
    kept: Kept, tmp_path: Path, mongo_url: str, database_prefix: str
) -> None:
    server = {"MONGODB_URL": mongo_url, "LVZHI_DATABASE_PREFIX": database_prefix}
    keys = tmp_path / "there"
    await done("restore", kept.folder.path, "--data", keys, "--identity", kept.identity, **server)
    async with opened(keys, mongodb_url=mongo_url, database_prefix=database_prefix) as office:
        await office.client.json("POST", PEOPLE, {"name": "李示例903"})
        names = await office.names()
    there, back = tmp_path / "backup", tmp_path / "back"
    await done(
        *("backup", there, "--data", keys, "--recipient", f"{kept.identity}.public"),
        **server,
    )
    await done("restore", there, "--data", back, "--identity", kept.identity)
    async with opened(back) as office:
        assert await office.names() == names
        assert "李示例903" in names
        await office.check()


async def test_it_is_not_restored_over_records(kept: Kept) -> None:
    status, said = await lvzhi("restore", kept.folder.path, "--data", kept.data)
    assert (status, "已有记录，不覆盖" in said) == (1, True)


def test_a_backup_without_a_change_writes_no_documents(kept: Kept) -> None:
    assert set(kept.second.objects) <= set(kept.first.objects)
    assert set(kept.last.objects) - set(kept.second.objects)


def test_no_key_and_nothing_encrypted_is_readable_in_the_folder(kept: Kept) -> None:
    secrets = [PHONE.encode(), b"b0" * 32]
    secrets.append((kept.data / "keys" / "personal-data-keys").read_bytes().strip().partition(b":")[2])
    signing = (kept.data / "keys").rglob("signing-key.json")
    secrets.extend(json.loads(path.read_bytes())["d"].encode() for path in signing)
    assert len(secrets) > 3
    files = [path for path in kept.folder.path.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes()
        texts = [content, gzip.decompress(content)] if path.suffix == ".gz" else [content]
        assert not [secret for secret in secrets for text in texts if secret in text], path
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _change(path: Path) -> None:
    content = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content[:-2] + b"x" + content[-1:]))


@pytest.mark.parametrize("tear", [_cut, _change, Path.unlink])
async def test_a_torn_file_is_named_and_nothing_is_restored(kept: Kept, tmp_path: Path, tear: Any) -> None:
    torn = Folder(tmp_path / "torn")
    shutil.copytree(kept.folder.path, torn.path)
    path = next(torn.path.glob(f"objects/*/{kept.last.databases['roster']['outbox'].objects[-1]}.gz"))
    tear(path)
    status, said = await lvzhi("restore", torn.path, "--data", tmp_path / "data")
    assert (status, path.name in said) == (1, True)
    status, said = await lvzhi("drill", torn.path)
    assert (status, path.name in said) == (1, True)
    drill = backups.kept(torn.path).drill
    assert drill is not None
    assert not drill.passed
    assert path.name in drill.message
    assert not (tmp_path / "data").exists()


async def test_a_changed_manifest_is_refused(kept: Kept, tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    shutil.copytree(kept.folder.path, torn)
    manifest = torn / f"{kept.last.id}.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"documents":', '"documents":1', 1), "utf-8")
    status, said = await lvzhi("restore", torn, "--data", tmp_path / "data")
    assert (status, manifest.name in said) == (1, True)


async def test_another_key_does_not_open_the_keys(kept: Kept, tmp_path: Path) -> None:
    await done("backup-key", tmp_path / "other")
    restored = ("restore", kept.folder.path, "--data", tmp_path / "data")
    status, said = await lvzhi(*restored, "--identity", tmp_path / "other")
    assert (status, "不是收件人的私钥" in said) == (1, True)
    assert not (tmp_path / "data").exists()


@pytest.mark.nightly
async def test_the_newest_that_does_not_exceed_a_sequence_is_restored(kept: Kept, tmp_path: Path) -> None:
    limit = kept.last.heads[f"/{TOWN}/roster"].sequence - 1
    said = await done("restore", kept.folder.path, "--data", tmp_path, "--until", f"{TOWN}/roster={limit}")
    assert kept.second.id in said
    status, said = await lvzhi("restore", kept.folder.path, "--data", tmp_path / "x", "--until", "roster=1")
    assert (status, "没有哪一份备份" in said) == (1, True)


async def test_a_drill_restores_and_checks_the_newest(kept: Kept) -> None:
    said = await done("drill", kept.folder.path)
    assert "逐条相符" in said
    drill = backups.kept(kept.folder.path).drill
    assert drill is not None
    assert (drill.passed, drill.backup) == (True, kept.last.id)


def _is_of_a_drill(limit: asyncio.Timeout) -> bool:
    """The loop has other limits, of seconds."""
    when = limit.when()
    return when is not None and when - asyncio.get_running_loop().time() > backups.DRILL_SECONDS / 2


def _store_in(scratch: Path) -> Path | None:
    """The store that a drill has started, once it answers."""
    found = (path.parent for path in scratch.glob(f"*/store/**/{PORT}"))
    return next((store for store in found if answers(int(store.joinpath(PORT).read_text() or 1))), None)


async def test_a_drill_that_takes_too_long_is_ended_has_failed_and_leaves_nothing(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backup"
    shutil.copytree(kept.folder.path, folder)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "lvzhi-drill-killed").mkdir()
    (scratch / "lvzhi-drill-killed" / "lock").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("TMPDIR", str(scratch))
    limits: list[asyncio.Timeout] = []
    timeout = asyncio.timeout

    def noted(delay: float | None) -> asyncio.Timeout:
        limits.append(timeout(delay))
        return limits[-1]

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "timeout", noted)
        drilling = asyncio.create_task(schedule._drill(Watched(folder), kept.last.id))
        (limit,) = await eventually(lambda: [one for one in limits if _is_of_a_drill(one)], every=0.001)
    store = await eventually(lambda: _store_in(scratch))
    assert store is not None
    async with connected(url_in_use(store), app_name="tests") as client:
        roster = client["lvzhi_roster"]

        async def restoring() -> bool:
            return await roster["people"].find_one({}) is not None and await unfinished(roster) is not None

        await eventually(restoring, every=0.001)
    port = int((store / PORT).read_text())
    limit.reschedule(asyncio.get_running_loop().time())
    await drilling
    assert not answers(port)
    ended = backups.kept(folder)
    assert ended.drill is not None
    assert (ended.drill.passed, ended.drill.message) == (False, backups.TOO_LONG)
    assert list(scratch.iterdir()) == []
    after = ended.drill.at + timedelta(days=7)
    assert schedule.due(ended, 7, after)
    assert not schedule.due(ended, 7, after, tried=after - timedelta(days=1)), (
        "its result could not be stored"
    )
    assert schedule.due(ended, 7, ended.drill.at - timedelta(days=1)), "the clock was wrong"


def test_older_backups_are_removed_with_what_only_they_used(kept: Kept, tmp_path: Path) -> None:
    thin = Folder(tmp_path / "thin")
    shutil.copytree(kept.folder.path, thin.path)
    assert thin.thin_out(1) == Thinned(removed=2, torn=[])
    assert thin.ids() == [kept.last.id]
    assert {path.stem for path in thin.path.glob("objects/*/*.gz")} == set(kept.last.objects)
    assert verifying.faults(thin, kept.last) == []


@pytest.mark.nightly
async def test_one_service_of_yesterday_while_the_others_ran_on(kept: Kept, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(kept.data, data)
    await done(
        *("restore", kept.folder.path, "--data", data, "--id", kept.first.id),
        *("--service", "roster", "--replace"),
    )
    async with opened(data) as office:
        assert "孙示例902" not in await office.names()
        await office.client.json("POST", PEOPLE, {"name": "周示例904"})

        async def undone() -> Any:
            """what the restore undid among the dead letters of reports, which keeps all"""
            return (await office.client.json("GET", f"/reports/v1/towns/{TOWN}/dead"))["items"]

        letters = await eventually(undone)
        assert {letter["source"] for letter in letters} == {f"/{TOWN}/roster"}

        async def nothing_else() -> bool:
            """the audit finds the dead letters and nothing else, once everything has arrived"""
            _, said = await lvzhi("check", TOWN, "--url", office.system.url, "--token", office.token)
            faults = [line for line in said.splitlines() if line.startswith("    ")]
            return bool(faults) and all(
                "（工作总结）" in fault and ("事件未能处理" in fault or "来源已从备份恢复" in fault)
                for fault in faults
            )

        await eventually(nothing_else)
        assert "周示例904" in await office.names()


def _started(*arguments: str | Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "services.cli", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.nightly
async def test_a_backup_that_is_killed_is_none_and_the_next_is_whole(kept: Kept, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "kept")
    data = tmp_path / "data"
    shutil.copytree(kept.data, data)
    arguments = ("backup", folder.path, "--data", data, "--without-keys")
    process = _started(*arguments, environment=environment_of(data))
    await eventually(lambda: any(folder.path.glob("objects/*/*.gz")), every=0.001)
    process.kill()
    process.wait()
    assert folder.ids() == []
    half = next(folder.path.glob("objects/*")) / ".half.gz.tmp"
    half.touch()
    await done(*arguments)
    assert len(folder.ids()) == 1
    assert not half.exists()


@pytest.mark.nightly
async def test_a_restore_that_is_killed_is_not_opened_and_done_again(
    kept: Kept, tmp_path: Path, mongo_url: str, database_prefix: str
) -> None:
    server = {"MONGODB_URL": mongo_url, "LVZHI_DATABASE_PREFIX": database_prefix}
    data = tmp_path / "data"
    arguments = ("restore", kept.folder.path, "--data", data)
    process = _started(*arguments, environment=environment_of(data) | server)
    async with connected(mongo_url, app_name="tests") as client:
        roster = client[f"{database_prefix}roster"]

        async def begun() -> bool:
            return await roster["people"].find_one({}) is not None

        await eventually(begun, every=0.001)
        process.kill()
        process.wait()
    with pytest.raises(CannotStart, match="还没有恢复完"):
        async with opened(tmp_path / "early", mongodb_url=mongo_url, database_prefix=database_prefix):
            raise AssertionError("a half restored database was opened")
    await done(*arguments, "--identity", kept.identity, **server)
    async with opened(data, mongodb_url=mongo_url, database_prefix=database_prefix) as office:
        assert "孙示例902" in await office.names()
