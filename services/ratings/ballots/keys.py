"""Private keys of ballot boxes: files outside the database, destroyed once the box is counted.

Deleted data survives in a database's log, copies and dumps; a deleted small file does not. What a stolen copy of this
folder allows is described in `docs/guide/secrecy.md`.
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
    """One file per key, named after its public key. All processes of the service share the folder."""

    folder: Path

    def make(self) -> str:
        """Create a key and return the public key in hexadecimal; it is on disk before anyone encrypts to it."""
        private = X25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw().hex()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place_file(self._file(public), private.private_bytes_raw().hex(), mode=0o600, replace=False)
        self._sync()
        return public

    def private(self, public: str) -> X25519PrivateKey:
        """Errors: BoxKeyMissing."""
        try:
            return X25519PrivateKey.from_private_bytes(bytes.fromhex(self._file(public).read_text("ascii")))
        except FileNotFoundError:
            raise BoxKeyMissing(f"找不到票箱钥匙，应在 {self.folder}") from None

    def destroy(self, public: str) -> None:
        """Overwrite the file, then delete it."""
        path = self._file(public)
        try:
            with path.open("r+b") as file:
                file.write(b"0" * path.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        self._sync()

    def stored(self) -> Iterator[tuple[str, float]]:
        """(public key, age in seconds) of every key."""
        for path in self.folder.glob(f"*{SUFFIX}") if self.folder.is_dir() else ():
            try:
                yield path.stem, time.time() - path.stat().st_mtime
            except FileNotFoundError:
                continue

    def _file(self, public: str) -> Path:
        return self.folder / f"{public}{SUFFIX}"

    def _sync(self) -> None:
        """Sync the folder: only then is the creation or deletion of a file durable."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
