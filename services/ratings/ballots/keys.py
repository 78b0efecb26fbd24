"""Private keys of ballot boxes: files outside the database, destroyed once the box is counted.

Deleted data survives in a database's log, copies and dumps; a deleted small file does not. What a stolen copy of this
folder allows is described in `docs/guide/secrecy.md`. Keys are kept apart by installation: another one that uses the
same folder neither reads nor destroys them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from services.ratings.errors import BoxKeyMissing
from shared.ids import new_id
from shared.security.keystore import place_file

SUFFIX: Final = ".key"
INSTALLATION: Final = "installation"


@dataclass(frozen=True)
class BoxKeys:
    """One file per meeting, `<installation>/<meeting>.key`. All processes of the service share the folder.

    Keys that release 0.1 made are named by the public key and lie in the folder itself. The id of the installation is
    in a file beside the folder.
    """

    folder: Path

    @property
    def installation(self) -> str | None:
        """The id of the installation this folder belongs to; None where it has none yet."""
        try:
            return self._about.read_text("ascii").strip()
        except FileNotFoundError:
            return None

    def bind(self, installation: str) -> str:
        """Write the id unless there is one; return the one that is there."""
        self._about.parent.mkdir(parents=True, exist_ok=True)
        place_file(self._about, f"{installation}\n", mode=0o600, replace=False)
        return self._about.read_text("ascii").strip()

    def make(self, meeting_id: str) -> str:
        """Create a meeting's key and return the public key in hexadecimal; it is on disk before anyone encrypts to it.

        A key that is there is taken: its opening was not committed, so nobody has encrypted to it.
        """
        folder = self.folder / self.bind(new_id())
        for directory in (self.folder, folder):
            directory.mkdir(mode=0o700, exist_ok=True)
        path, content = (
            folder / f"{meeting_id}{SUFFIX}",
            X25519PrivateKey.generate().private_bytes_raw().hex(),
        )
        place_file(path, content, mode=0o600, replace=False)
        _sync(folder)
        _sync(self.folder)
        return _public(_read(path))

    def private(self, meeting_id: str, public: str) -> X25519PrivateKey:
        """Errors: BoxKeyMissing."""
        for path in self._paths(meeting_id, public):
            try:
                key = _read(path)
            except FileNotFoundError:
                continue
            if _public(key) == public:
                return key
        raise BoxKeyMissing(f"找不到票箱钥匙，应在 {self._folders[0]}")

    def destroy(self, meeting_id: str, public: str) -> None:
        """Overwrite the file, then delete it."""
        for path in self._paths(meeting_id, public):
            try:
                with path.open("r+b") as file:
                    file.write(b"0" * path.stat().st_size)
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
            except FileNotFoundError:
                continue
            _sync(path.parent)

    def stored(self) -> Iterator[str]:
        """The names of the keys this installation may have made: a meeting, or the public key."""
        for folder in self._folders:
            yield from (path.stem for path in folder.glob(f"*{SUFFIX}"))

    @property
    def _about(self) -> Path:
        return self.folder.with_name(INSTALLATION)

    @property
    def _folders(self) -> tuple[Path, ...]:
        installation = self.installation
        return (self.folder,) if installation is None else (self.folder / installation, self.folder)

    def _paths(self, *names: str) -> Iterator[Path]:
        return (folder / f"{name}{SUFFIX}" for folder in self._folders for name in names)


def _read(path: Path) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii")))


def _public(key: X25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _sync(folder: Path) -> None:
    """Sync the folder: only then is the creation or deletion of a file durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
