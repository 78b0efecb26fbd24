"""`lvzhi doctor`: whether machine, data folder, keys, database and broker are as they should be."""

import importlib.metadata
import logging
import os
import platform
import re
import shutil
import stat
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from services.cli import support
from services.cli.client import Away, Client, Lost, NoAddress, Refused, Strange, calling
from services.cli.support import Finding, bad, good, poor
from services.cli.terminal import Data, fail, run
from services.host.backup import places
from services.host.backup.keys import BACK
from services.host.embedded import PROGRAM, RESERVE_BYTES
from services.host.lock import FolderLock
from shared.documents.faces import face
from shared.errors import CannotStart, FontMissing
from shared.settings import Settings, wrong_setting
from shared.storage import mongo
from shared.storage.encryption import Vault
from shared.transport.rabbit import broker_version
from shared.transport.rabbit.connection import DISCONNECTED

GIBIBYTE: Final = 1 << 30
SYNCS: Final = 20
SLOW_SECONDS: Final = 0.05
SKEW_SECONDS: Final = 2.0
OLDEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock was right before this program was there."""
AHEAD_SECONDS: Final = 120.0
MONGODB: Final = (7, 0)
RABBITMQ: Final = (3, 10)


@dataclass(frozen=True)
class Place:
    """What is looked at: the settings, and the address of the system if it runs."""

    settings: Settings
    url: str

    @property
    def data(self) -> Path:
        return self.settings.data_dir


def doctor(
    data: Data = Path("data"),
    url: Annotated[str, typer.Option(help="系统地址", envvar="LVZHI_URL")] = "http://127.0.0.1:8080",
    bundle: Annotated[
        Path | None, typer.Option(help="另把结果写成诊断包（.zip），不含个人信息、密钥和口令，可以发出去")
    ] = None,
) -> None:
    """检查端口、磁盘、时钟、版本、密钥、数据库和消息通道。有一处不行（✗），退出状态即为 1；只有提醒（!）的是 0。"""
    try:
        place = Place(Settings(data_dir=data), url)
    except (ValidationError, SettingsError) as error:
        fail(f"✗ {wrong_setting(error)}")

    async def examine() -> list[Finding]:
        return [finding async for finding in findings(place)]

    found = run(examine())
    for finding in found:
        typer.echo(str(finding))
    if bundle is not None:
        run(support.write(bundle, found, place.settings, url))
        typer.echo(f"已写入 {bundle}")
    if subjects := [finding.subject for finding in found if finding.state == "✗"]:
        fail(f"有 {len(subjects)} 处不行：{'、'.join(subjects)}")


async def findings(place: Place) -> AsyncIterator[Finding]:
    """What was found, subject by subject."""
    for finding in (*versions(), *clock(place.data), *disk(place.data), *keys(place)):
        yield finding
    async for finding in database(place):
        yield finding
    async for finding in broker(place):
        yield finding
    async for finding in system(place):
        yield finding


def versions() -> Iterator[Finding]:
    own, python = importlib.metadata.version("lvzhi"), platform.python_version()
    yield good("版本", f"履职 {own}，Python {python}，{platform.system()} {platform.machine()}")
    if shutil.which("soffice") is None and shutil.which("libreoffice") is None:
        yield poor(
            "PDF", "没有 LibreOffice，总结不能转成 PDF，Word 文件照常", "要 PDF 的，安装 libreoffice-writer"
        )
    try:
        face(None)
    except FontMissing:
        yield poor(
            "字体", "没有中文字体，票、签到册不能排成 PDF", "安装 fonts-noto-cjk，或者设置 LVZHI_SLIPS_FONT"
        )


def clock(data: Path) -> Iterator[Finding]:
    now = datetime.now(UTC)
    newest = max((file.stat().st_mtime for file in data.glob("store/**/*") if file.is_file()), default=0.0)
    if now < OLDEST or newest > now.timestamp() + AHEAD_SECONDS:
        yield bad(
            "时钟", f"现在是 {now:%Y-%m-%d %H:%M} UTC，比数据还早", "打开时间同步：timedatectl set-ntp true"
        )
    elif _synchronised() is False:
        yield poor("时钟", "没有与网上的时间同步", "打开时间同步：timedatectl set-ntp true")
    else:
        yield good("时钟", f"{now:%Y-%m-%d %H:%M} UTC")


def _synchronised() -> bool | None:
    """None where the machine does not say."""
    if (program := shutil.which("timedatectl")) is None:
        return None
    asked = [program, "show", "--property", "NTPSynchronized", "--value"]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def disk(data: Path) -> Iterator[Finding]:
    there = next(folder for folder in (data.absolute(), *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < RESERVE_BYTES:
        yield bad("磁盘", f"只剩 {free >> 20} MB，登记已经停下", "腾出空间，登记自动恢复")
    elif free < GIBIBYTE:
        yield poor("磁盘", f"只剩 {free >> 20} MB", "腾出空间；不到 32 MB 就不能登记了")
    else:
        yield good("磁盘", f"还有 {free / GIBIBYTE:.0f} GB")
    if not os.access(there, os.W_OK):
        yield bad("数据文件夹", "不能写入", "改成启动系统的用户所有：chown -R 用户 文件夹")
    elif (seconds := _sync_seconds(there)) > SLOW_SECONDS:
        text = f"写一次盘要 {seconds * 1000:.0f} 毫秒，登记会慢"
        yield poor("写盘", text, "换固态硬盘，或者把数据文件夹放到本机的盘上")
    else:
        yield good("写盘", f"一次 {seconds * 1000:.1f} 毫秒")


def _sync_seconds(folder: Path) -> float:
    """Median time of a write that is on disk."""
    path = folder / f".doctor-{os.getpid()}"
    taken = []
    try:
        with path.open("wb") as file:
            for _ in range(SYNCS):
                began = time.perf_counter()
                file.write(b"x" * 4096)
                file.flush()
                os.fsync(file.fileno())
                taken.append(time.perf_counter() - began)
    finally:
        path.unlink(missing_ok=True)
    return statistics.median(taken)


def keys(place: Place) -> Iterator[Finding]:
    folder, set_ = place.data / "keys", place.settings.personal_data_keys
    file, back = folder / "personal-data-keys", BACK.format(data=place.data)
    try:
        if set_ is not None:
            Vault.from_text(set_.get_secret_value())
        elif file.exists():
            Vault.from_text(file.read_text("ascii"))
    except (ValueError, CannotStart, OSError):
        mend = "改正 LVZHI_PERSONAL_DATA_KEYS" if set_ is not None else f"移开 {file}，从备份放回：{back}"
        yield bad("密钥", "加密个人信息的密钥读不懂", mend)
        return
    if place.settings.database is None and (lost := places.lost(place.data)):
        yield bad("密钥", *lost.split("；", 1))
        return
    private = [file for file in folder.rglob("*") if file.is_file() and "jwks" not in file.name]
    if open_ := [file.name for file in private if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]:
        yield bad("密钥", f"别的用户也能读：{'、'.join(sorted(open_))}", "chmod 600")
    elif private or set_ is not None:
        yield good("密钥", "都在，只有本人可读")
    else:
        yield poor("密钥", "还没有，第一次启动时生成")


async def database(place: Place) -> AsyncIterator[Finding]:
    try:
        if (url := place.settings.database) is None:
            yield _embedded(place.data)
            return
        async with mongo.connected(url, app_name="doctor") as client:
            hello: dict[str, Any] = await client.admin.command("hello")
            version = str((await client.admin.command("buildInfo"))["version"])
    except (mongo.Failed, ValueError) as error:
        yield bad(
            "数据库",
            f"连不上（{type(error).__name__}）",
            "看 MONGODB_URL 和 MongoDB 是否启动、用户和口令对不对",
        )
        return
    skew = _skew(hello["localTime"]) if "localTime" in hello else 0.0
    if _numbers(version) < MONGODB:
        yield bad("数据库", f"MongoDB {version} 太旧", "要 7.0 以上")
    elif not hello.get("setName") and hello.get("msg") != "isdbgrid":
        yield bad("数据库", "不是副本集，不能提交事务", "以 --replSet 启动并 rs.initiate()，一个成员也可以")
    elif skew > SKEW_SECONDS:
        yield poor("数据库", f"它的时钟与本机相差 {skew:.0f} 秒", "两台机器都打开时间同步")
    else:
        yield good("数据库", f"MongoDB {version}")


def _skew(theirs: datetime) -> float:
    """Seconds between a server's clock, in UTC without saying so, and this machine's."""
    return abs((datetime.now(UTC) - theirs.replace(tzinfo=UTC)).total_seconds())


def _embedded(data: Path) -> Finding:
    if not Path(sys.executable).with_name(PROGRAM).exists() and shutil.which(PROGRAM) is None:
        return bad("数据库", "没有安装随附的数据库，也没有设置 MONGODB_URL", "pip install 'lvzhi[embedded]'")
    version = importlib.metadata.version("secantusdb")
    if not (store := data / "store").exists():
        return good("数据库", f"随附的 SecantusDB {version}，还没有数据")
    size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
    return good(
        "数据库",
        f"随附的 SecantusDB {version}，{size >> 20} MB，{'正在使用' if _used(store) else '没有启动'}",
    )


def _used(store: Path) -> bool:
    return FolderLock(store).is_held()


async def broker(place: Place) -> AsyncIterator[Finding]:
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)  # what it would say is said below
    try:
        if (url := place.settings.broker) is None:
            yield good("消息通道", "在进程内传递")
            return
        version = await broker_version(url)
    except (*DISCONNECTED, ValueError) as error:
        yield bad(
            "消息通道",
            f"连不上（{type(error).__name__}）",
            "看 AMQP_URL 和 RabbitMQ 是否启动、用户和口令对不对",
        )
        return
    if _numbers(version) < RABBITMQ:
        yield bad("消息通道", f"RabbitMQ {version} 太旧", "要 3.10 以上")
    else:
        yield good("消息通道", f"RabbitMQ {version}")


def _numbers(version: str) -> tuple[int, ...]:
    """(major, minor)"""
    return tuple(map(int, re.findall(r"[0-9]+", version)[:2]))


async def system(place: Place) -> AsyncIterator[Finding]:
    """Whether the system runs at its address, and all of it is ready."""
    try:
        async with calling() as session:
            answer = await Client(session, place.url, "").json("GET", "/health/ready")
    except NoAddress as error:
        yield bad("系统", str(error), "改正 --url 或者 LVZHI_URL")
        return
    except (Lost, Strange):
        answer = {}
    except Away:
        yield poor("系统", f"没有启动，端口 {_port(place.url)} 空着", "lvzhi serve")
        return
    except Refused as refused:
        answer = refused.problem
    services = answer.get("services") if isinstance(answer, dict) else None
    if not isinstance(services, dict):
        yield bad("端口", f"{_port(place.url)} 被别的程序占用", "换 --port，或者停掉那个程序")
        return
    missing = [
        f"{name} 缺 {need}" for name, needs in services.items() for need, there in needs.items() if not there
    ]
    if missing:
        yield bad("系统", f"在运行，但是{'、'.join(missing)}", "见 docs/runbook.md")
    else:
        yield good("系统", f"在运行，{len(services)} 个服务都正常")


def _port(url: str) -> int:
    """Of an address that was called."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
