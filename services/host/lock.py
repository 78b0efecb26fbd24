"""A lock on a folder: one process at a time uses it. The lock ends with the process, however that ends."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from shared.errors import CannotStart

NAME: Final = "lock"
WAIT_SECONDS: Final = 2.0
"""A process that was just killed, and what it started, may take a moment to be gone."""


class FolderInUse(CannotStart):
    """Another process has the folder."""


class FolderLock:
    """Held by flock(2) on `lock` in the folder, whose text is the id of the process that took it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._handle: int | None = None

    def acquire(self) -> int:
        """The file descriptor that holds the lock; nothing happens where it is held already. Errors: FolderInUse."""
        if self._handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                self._wait_for(handle)
            except BaseException:
                os.close(handle)
                raise
            self._handle = handle
            with suppress(OSError):  # a full disk: the id is only told to who comes second
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
        return self._handle

    def is_held(self) -> bool:
        """Whether a process has the folder now. Nothing is taken and nothing is written."""
        try:
            handle = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _wait_for(self, handle: int) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    owner = os.pread(handle, 20, 0).decode("ascii", "replace")
                    raise FolderInUse(
                        f"{self._path.parent} 正在由另一个进程（{owner}）使用，不能同时启动两个"
                    ) from None
                time.sleep(0.05)
            else:
                return
