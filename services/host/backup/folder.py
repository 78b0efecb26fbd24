"""The folder of backups: pieces of databases by digest, which backups share, and one manifest a backup, written last.

    objects/ab/ab….gz   documents of one collection in order of `_id`, as BSON, compressed; named by SHA-256 of the BSON
    keys/….jwe          keys, encrypted to a recipient
    {id}.json           the manifest: a backup is there when this file is

A piece that is there is not written again, so the second backup writes only what is new.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from services.host.backup.errors import BackupFailed, Torn
from services.host.files import write_whole
from services.host.lock import FolderLock
from shared.envelope import GENESIS
from shared.errors import CannotStart, why_refused
from shared.process import backups

FORMAT: Final = "lvzhi-backup/1"
_LEVEL: Final = 3
_HALF: Final = ("objects/*/.*.gz.*", "keys/.*.jwe.*", ".*Z.json.*")
"""Names of files that were being written: others may keep theirs in the folder."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Piece(BaseModel):
    """What is kept of one collection: how many documents, in which objects."""

    documents: int
    objects: list[Digest]


class Cut(BaseModel):
    """The head of a stream where the backup ends."""

    sequence: int
    hash: str = GENESIS
    epoch: str | None = None


class Manifest(BaseModel):
    """One backup. `databases`: by service and collection; `heads`: by source; `keys`: digest of the file with the keys,
    where they are kept too."""

    model_config = ConfigDict(frozen=True)

    format: Literal["lvzhi-backup/1"] = FORMAT
    id: Annotated[str, StringConstraints(pattern=backups.ID.pattern)]
    made_at: datetime
    version: str
    databases: Mapping[str, Mapping[str, Piece]]
    heads: Mapping[str, Cut]
    keys: Digest | None = None

    @property
    def objects(self) -> list[str]:
        """The digests of all pieces, each once."""
        pieces = (piece for kept in self.databases.values() for piece in kept.values())
        return list(dict.fromkeys(digest for piece in pieces for digest in piece.objects))

    @property
    def services(self) -> list[str]:
        """Those of which something is kept."""
        return [service for service, kept in self.databases.items() if kept]

    def heads_of(self, service: str) -> dict[str, Cut]:
        return {source: cut for source, cut in self.heads.items() if source.endswith(f"/{service}")}


class _File(BaseModel):
    """A manifest as written. `digest`: SHA-256 of its canonical form (RFC 8785)."""

    manifest: Manifest
    digest: Digest


@dataclass(frozen=True)
class Thinned:
    """How many backups were removed, and what is wrong with kept ones because of which their contents stayed."""

    removed: int
    torn: list[Torn]


@dataclass
class Folder:
    """One folder of backups. `written`: bytes of the files written since it was opened."""

    path: Path
    written: int = 0
    _new: list[Path] = field(default_factory=list)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time writes. What a killed one left half written is removed. Errors: FolderInUse."""
        lock = FolderLock(self.path)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except OSError as error:
            raise CannotStart(f"备份的文件夹 {self.path} 不能写入（{why_refused(error)}）") from error
        try:
            for half in (half for pattern in _HALF for half in self.path.glob(pattern)):
                half.unlink()
            yield
        finally:
            lock.release()

    def put(self, content: bytes) -> str:
        """Keep a piece; returns its digest. One that is there whole is not written."""
        digest = hashlib.sha256(content).hexdigest()
        try:
            self.get(digest)
        except Torn:
            self._write(self._object(digest), gzip.compress(content, _LEVEL, mtime=0))
        return digest

    def get(self, digest: str) -> bytes:
        """A piece. Errors: Torn."""
        path = self._object(digest)
        try:
            content = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise Torn(f"备份缺少文件 {path}") from None
        except (OSError, EOFError, zlib.error):
            raise Torn(f"备份的文件 {path} 已损坏") from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise Torn(f"备份的文件 {path} 被改动过：内容与它的散列不符")
        return content

    def put_keys(self, content: bytes) -> str:
        """Keep the encrypted keys; returns their digest."""
        digest = hashlib.sha256(content).hexdigest()
        self._write(self._keys(digest), content)
        return digest

    def keys(self, digest: str) -> bytes:
        """The encrypted keys. Errors: Torn."""
        path = self._keys(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise Torn(f"备份缺少密钥文件 {path}") from None
        except OSError as error:
            raise Torn(f"备份的密钥文件 {path} 读不出来（{why_refused(error)}）") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Torn(f"备份的密钥文件 {path} 被改动过：内容与它的散列不符")
        return content

    def place(self, manifest: Manifest) -> None:
        """From here on the backup is there."""
        content = _File(manifest=manifest, digest=_digest(manifest)).model_dump_json()
        self._write(self._manifest(manifest.id), content.encode())

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """An error in the block removes the files that it added; what replaced a torn one stays."""
        self._new.clear()
        try:
            yield
        except BaseException:
            for path in self._new:
                with suppress(OSError):  # the disk is away: they go with the next backups that are removed
                    path.unlink(missing_ok=True)
            raise

    def ids(self) -> list[str]:
        """The ids of all backups, oldest first. Errors: BackupFailed where the folder cannot be read."""
        try:
            return backups.ids(self.path)
        except OSError as error:
            raise BackupFailed(f"备份的文件夹 {self.path} 读不出来（{why_refused(error)}）") from error

    def manifest(self, id: str) -> Manifest:
        """Errors: BackupFailed where there is no such backup; Torn."""
        path = self._manifest(id)
        try:
            file = _File.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise BackupFailed(f"{self.path} 中没有备份 {id}") from None
        except OSError as error:
            raise Torn(f"备份的清单 {path} 读不出来（{why_refused(error)}）") from error
        except ValidationError:
            raise Torn(f"备份的清单 {path} 已损坏") from None
        if _digest(file.manifest) != file.digest or file.manifest.id != id:
            raise Torn(f"备份的清单 {path} 被改动过：内容与它的散列不符")
        return file.manifest

    def newest(self) -> Manifest:
        """Errors: BackupFailed where there is none; Torn."""
        if not (ids := self.ids()):
            raise BackupFailed(f"{self.path} 中还没有备份")
        return self.manifest(ids[-1])

    def thin_out(self, keep: int) -> Thinned:
        """Remove all backups but the newest, and what only they used. While the manifest of one that is kept is torn,
        nobody knows what it uses, and manifests alone are removed."""
        ids = self.ids()
        for id in ids[:-keep]:
            self._manifest(id).unlink()
        kept, torn = self.readable(ids[-keep:])
        if not torn:
            used = {digest for manifest in kept for digest in (*manifest.objects, manifest.keys)}
            for path in (*self.path.glob("objects/*/*.gz"), *self.path.glob("keys/*.jwe")):
                if path.stem not in used:
                    path.unlink()
        return Thinned(len(ids[:-keep]), torn)

    def readable(self, ids: Iterable[str]) -> tuple[list[Manifest], list[Torn]]:
        """The manifests of backups that can be read, and what is wrong with each of the others."""
        found: list[Manifest] = []
        torn: list[Torn] = []
        for id in ids:
            try:
                found.append(self.manifest(id))
            except Torn as error:
                torn.append(error)
        return found, torn

    def _write(self, path: Path, content: bytes) -> None:
        if not path.exists():
            self._new.append(path)
        write_whole(path, content, mode=0o600)
        self.written += len(content)

    def _object(self, digest: str) -> Path:
        return self.path / "objects" / digest[:2] / f"{digest}.gz"

    def _keys(self, digest: str) -> Path:
        return self.path / "keys" / f"{digest}.jwe"

    def _manifest(self, id: str) -> Path:
        return self.path / f"{id}.json"


def _digest(manifest: Manifest) -> str:
    return hashlib.sha256(rfc8785.dumps(manifest.model_dump(mode="json"))).hexdigest()
