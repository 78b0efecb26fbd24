"""Embedded MongoDB for one machine: SecantusDB as a child process, with its data in one folder.

SecantusDB is GPL-2.0-only and therefore a separate program, used over MongoDB's wire protocol and never imported.
"""

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

from shared.storage.mongo import ping

PROGRAM: Final = "secantusd-py"
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 5.0

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


_PORTS: Final = (10_000, 32_768)
_given_out: Final[set[int]] = set()


class EmbeddedFailed(RuntimeError):
    """The embedded database is not installed or did not start; the message says what to do."""


class EmbeddedMongo:
    """Start, stop and kill one server; the port stays the same from one start to the next, so clients reconnect."""

    def __init__(self, folder: Path, *, port: int | None = None, cache: str = "256M") -> None:
        self.folder = folder
        self.port = port or free_port()
        self.cache = cache
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return _url(self.port)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start the server and return its URL when it answers. Blocks for one to two seconds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "secantusdb.log"
        config = self.folder / "secantusd.toml"  # without it the server reads a file in $HOME or /etc
        config.touch()
        arguments = [
            *(_program(), "--config", str(config)),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--storage-path", str(self.folder / "mongo"), "--cache-size", self.cache),
            *("--log-level", "WARNING", "--sync-on-commit"),
        ]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                dying_with_parent(arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only this process, which stops the server last
            )
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            if self._process.poll() is not None:
                raise EmbeddedFailed(f"SecantusDB ended while starting; {log} ends with:\n{_tail(log)}")
            if time.monotonic() > deadline:
                self.kill()
                raise EmbeddedFailed(
                    f"SecantusDB did not answer within {START_SECONDS:.0f} s; {log} ends with:\n{_tail(log)}"
                )
            time.sleep(0.05)
        return self.url

    def stop(self) -> None:
        """Terminate the server, kill it after a timeout: commits are on disk, so nothing is lost either way."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill the server, as a power failure would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
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


def _program() -> str:
    beside = Path(sys.executable).with_name(PROGRAM)
    program = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if program is None:
        raise EmbeddedFailed(
            "SecantusDB is not installed: pip install 'lvzhi[embedded]', or give a MongoDB by MONGODB_URL."
        )
    return program


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
