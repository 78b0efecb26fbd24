"""`lvzhi serve` and its database: killed, stopped, without room, in a folder it cannot have."""

import asyncio
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from services.host.embedded import PROGRAM, free_port
from shared.process.serve import END_SECONDS
from tests.fixtures.pictures import PNG
from tests.fixtures.systems import System, alone, environment_of
from tests.probes import PATIENCE, eventually

TOWN = "340281199"
PEOPLE = f"/roster/v1/towns/{TOWN}/people"

pytestmark = [pytest.mark.own_servers]


def database_of(serving: subprocess.Popen[bytes]) -> int:
    """Process id of the database that a process started."""
    (pid,) = (
        int(process.parent.name)
        for process in Path("/proc").glob("[0-9]*/cmdline")
        if PROGRAM.encode() in _read(process)
        and f"\nPPid:\t{serving.pid}\n" in _read(process.with_name("status")).decode()
    )
    return pid


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # ended meanwhile
        return b""


async def office_of(system: System) -> str:
    """The office's token, in a town that is registered."""
    token = await system.token(TOWN, "office")
    await system.must("PUT", f"/roster/v1/towns/{TOWN}", token, {"name": "示例镇"})
    return token


async def register(system: System, office: str, name: str) -> int:
    try:
        return (await system.request("POST", PEOPLE, office, {"name": name}))[0]
    except OSError:
        return 0


async def until_written(system: System, office: str, name: str) -> None:
    async def written() -> bool:
        return await register(system, office, name) == 201

    await eventually(written, every=0.5)


async def test_a_killed_database_is_started_again(tmp_path: Path) -> None:
    async with alone(tmp_path) as system:
        office, serving = await office_of(system), system.processes["lvzhi"]
        assert await register(system, office, "张示例") == 201
        os.kill(killed := database_of(serving), signal.SIGKILL)
        await until_written(system, office, "李示例")
        assert database_of(serving) != killed
        names = {one["name"] for one in (await system.must("GET", PEOPLE, office))["items"]}
        assert names == {"张示例", "李示例"}
        await system.ready()


@pytest.mark.nightly
async def test_a_database_that_hangs_is_not_there_for_files_either(tmp_path: Path) -> None:
    async with alone(tmp_path) as system:
        office = await office_of(system)
        os.kill(database_of(system.processes["lvzhi"]), signal.SIGSTOP)
        evidence = f"/activities/v1/towns/{TOWN}/evidence"
        status, said = await system.request("POST", evidence, office, PNG)
        assert (status, said["code"]) == (503, "unavailable")


async def test_a_database_that_cannot_be_started_again_ends_the_system(tmp_path: Path) -> None:
    async with alone(tmp_path) as system:
        serving = system.processes["lvzhi"]
        pid = database_of(serving)
        (tmp_path / "store" / "mongo" / "WiredTiger.turtle").write_bytes(b"broken")
        os.kill(pid, signal.SIGKILL)
        assert await asyncio.to_thread(serving.wait, PATIENCE) == 1
        assert "内嵌数据库重新启动 5 次都不成" in system.logs().splitlines()[-1]
        assert "Traceback" not in (tmp_path / "lvzhi.log").read_text()


@pytest.mark.parametrize("stopped", [False, True], ids=["well", "database stopped"])
async def test_it_ends_in_time(tmp_path: Path, stopped: bool) -> None:
    async with alone(tmp_path) as system:
        office, serving = await office_of(system), system.processes["lvzhi"]
        if stopped:
            os.kill(database_of(serving), signal.SIGSTOP)
        asking = asyncio.create_task(register(system, office, "张示例"))
        await asyncio.sleep(0)
        serving.terminate()
        await asyncio.to_thread(serving.wait, 4 * END_SECONDS)
        await asking


@pytest.mark.nightly
async def test_files_of_the_store_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir(mode=0o755)
    (store / "old").write_text("")
    (store / "old").chmod(0o644)
    async with alone(tmp_path):
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (store, *store.rglob("*"))}
    assert store / "mongo" / "WiredTiger.wt" in modes
    wrong = {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)}
    assert wrong == {}


def refusal(data: Path, port: int) -> str:
    """What `lvzhi serve` says when it does not start."""
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "serve", "--port", str(port), "--data", str(data)],
        env=environment_of(data),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    (said,) = (line for line in done.stderr.splitlines() if not line.startswith(("{", "20")))
    return said


async def test_a_data_folder_is_for_one_system_at_a_time(tmp_path: Path) -> None:
    async with alone(tmp_path) as system:
        said = await asyncio.to_thread(refusal, tmp_path, free_port())
        assert (
            said
            == f"{tmp_path}/store 正在由另一个进程（{system.processes['lvzhi'].pid}）使用，不能同时启动两个"
        )
        await system.ready()


@pytest.mark.parametrize("lost", [pytest.param(True, id="lost"), pytest.param(False, id="swapped")])
@pytest.mark.nightly
async def test_a_data_folder_without_its_keys_is_refused(tmp_path: Path, lost: bool) -> None:
    async with alone(tmp_path) as system:
        office = await office_of(system)
        await system.must("POST", PEOPLE, office, {"name": "张示例", "phone": "13800000000"})
    if lost:
        shutil.rmtree(tmp_path / "keys")
    else:
        (tmp_path / "keys" / "personal-data-keys").write_text(f"k1:{'B' * 43}=")
    said = await asyncio.to_thread(refusal, tmp_path, free_port())
    assert said.startswith(
        f"数据库在 {tmp_path}/store，它的密钥" if lost else "个人信息的加密密钥 k1 不是原来的那一把"
    )
    assert (tmp_path / "keys").exists() is not lost


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = await asyncio.to_thread(refusal, tmp_path, port)
    assert said == f"127.0.0.1 的端口 {port} 已被占用，请换一个端口"
    assert not (tmp_path / "store").exists(), "a database was started for it"


async def test_a_folder_that_cannot_be_written_is_named() -> None:
    data = Path("/proc/self/fdinfo")
    said = await asyncio.to_thread(refusal, data, free_port())
    assert said.startswith(f"数据文件夹 {data}/store 不能写入（")


@asynccontextmanager
async def on_a_small_disk(data: Path, megabytes: int) -> AsyncIterator[System]:
    """A system with its data on a disk of its own, in a mount namespace; `data` is that disk as seen from here."""
    port, disk = free_port(), data / "disk"
    disk.mkdir()
    system = System(f"http://127.0.0.1:{port}", data, environment_of(disk))
    mount = f"mount -t tmpfs -o size={megabytes}m tmpfs {disk}"
    serve = f"{sys.executable} -m services.cli serve --port {port} --data {disk}"
    with (data / "lvzhi.log").open("ab") as log:
        process = subprocess.Popen(
            ["unshare", "--map-root-user", "--mount", "sh", "-c", f"{mount} && exec {serve}"],
            env=system.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    system.processes["lvzhi"] = process
    try:
        await system.ready()
        system.data = Path(f"/proc/{process.pid}/root{disk}")
        yield system
    finally:
        system.data = data
        system.stop()


def fill(disk: Path, *, leaving: int) -> Path:
    filling = disk / "filling"
    with filling.open("wb") as file:
        file.write(bytes(shutil.disk_usage(disk).free - leaving))
    return filling


def write_until_refused(port: int) -> None:
    """As another client of the database would: from then on it answers a ping and refuses everything else."""
    with MongoClient[dict[str, bytes]](f"mongodb://127.0.0.1:{port}/?directConnection=true") as client:
        with pytest.raises(OperationFailure):
            _write(client, 50_000_000)
        assert client.admin.command("ping")["ok"] == 1.0


def _write(client: MongoClient[dict[str, bytes]], size: int) -> None:
    for _ in range(size // 50_000):
        client["other"]["things"].insert_one({"content": os.urandom(50_000)})


@pytest.mark.parametrize(
    "over", [pytest.param(False, id="nearly full", marks=pytest.mark.nightly), pytest.param(True, id="full")]
)
async def test_a_full_disk_is_told_and_heals_by_itself(tmp_path: Path, over: bool) -> None:
    async with on_a_small_disk(tmp_path, 192) as system:
        office = await office_of(system)
        assert await register(system, office, "张示例") == 201
        filling = fill(system.data, leaving=1 << 20)
        if over:
            database = _read(Path(f"/proc/{database_of(system.processes['lvzhi'])}/cmdline")).split(b"\0")
            await asyncio.to_thread(write_until_refused, int(database[database.index(b"--port") + 1]))
        status, problem = await system.request("POST", PEOPLE, office, {"name": "李示例"})
        assert (status, problem["detail"].partition("，")[0]) == (503, "磁盘已满")
        status, health = await system.request("GET", "/health/ready", "")
        assert (status, health["services"]["roster"]["disk"]) == (503, False)
        filling.unlink()
        await until_written(system, office, "王示例")
        await system.ready()
        names = {one["name"] for one in (await system.must("GET", PEOPLE, office))["items"]}
        assert names == {"张示例", "王示例"}
    assert ("database restarted" in (tmp_path / "lvzhi.log").read_text()) is over
