"""The keys of boxes: each lies in a file beside the database, never in it, and is destroyed once its box is counted.

A database keeps what was deleted from it for as long as its log, its copies and its dumps are kept; a small file is
gone when it is gone. What a stolen copy of this folder is worth stands in `docs/secrecy.md`.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from services.ratings.errors import BoxKeyMissing
from shared.security.keystore import place_file

SUFFIX = ".key"


@dataclass(frozen=True)
class BoxKeys:
    """One file a key, named after its public half. All processes of the service share the folder."""

    folder: Path

    def make(self) -> str:
        """A new key, on disk before anybody seals with it; its public half in hexadecimal."""
        private = X25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw().hex()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place_file(self._file(public), private.private_bytes_raw().hex(), mode=0o600, replace=False)
        self._settle()
        return public

    def private(self, public: str) -> X25519PrivateKey:
        """Errors: BoxKeyMissing."""
        try:
            return X25519PrivateKey.from_private_bytes(bytes.fromhex(self._file(public).read_text("ascii")))
        except FileNotFoundError:
            raise BoxKeyMissing(f"找不到票箱钥匙，应在 {self.folder}") from None

    def destroy(self, public: str) -> None:
        """Written over, then gone: what a file system may still hold of it is not the key."""
        path = self._file(public)
        try:
            with path.open("r+b") as file:
                file.write(b"0" * path.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        self._settle()

    def kept(self) -> Iterator[tuple[str, float]]:
        """(public half, age in seconds) of every key that is here."""
        for path in self.folder.glob(f"*{SUFFIX}") if self.folder.is_dir() else ():
            try:
                yield path.stem, time.time() - path.stat().st_mtime
            except FileNotFoundError:
                continue

    def _file(self, public: str) -> Path:
        return self.folder / f"{public}{SUFFIX}"

    def _settle(self) -> None:
        """A file is there, or gone, for good only when its folder is written too."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
