"""Keys in a backup: in a file of their own, encrypted to a recipient whose private key lies elsewhere (JWE, RFC 7516).

Keys of ballot boxes are never among them: with those in a backup, slips could be opened for as long as it is kept.
"""

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.host.backup.errors import BackupFailed
from services.host.files import write_whole
from shared.errors import why_refused

ALGORITHM: Final = "ECDH-ES+A256KW"
_HEADER: Final = {"alg": ALGORITHM, "enc": "A256GCM", "typ": "lvzhi-keys+jwe"}
_NAME: Final = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[^/\0][^\0]*")
_BOXES: Final = "box-keys"
_KEYS: Final = "keys"
BACK: Final = "lvzhi restore 备份的文件夹 --data {data} --keys-only --identity 收件人的私钥"
"""What puts keys back that were lost, and leaves the records as they are."""


def make_pair(private: Path, public: Path) -> None:
    """A key pair of a recipient (X25519). Errors: BackupFailed where there is one already."""
    for path in (private, public):
        if path.exists():
            raise BackupFailed(f"{path} 已经有了，不覆盖；换了钥匙，以前的备份就打不开")
    key = OKPKey.generate_key("X25519", {"alg": ALGORITHM, "use": "enc"}, auto_kid=True)
    write_whole(private, _text(key.as_dict(private=True)), mode=0o600)
    write_whole(public, _text(key.as_dict(private=False)))


def recipient(path: Path) -> OKPKey:
    """The public key in a file. Errors: BackupFailed."""
    key = _key(path)
    if key.is_private:
        raise BackupFailed(f"{path} 是私钥：备份只要公钥，私钥另外保管，不要放在这台机器上")
    return key


def encrypted(paths: Sequence[Path], to: OKPKey) -> bytes:
    """The files at `paths`, and in folders among them. Errors: BackupFailed where one of `paths` has none, or a file or
    folder cannot be read."""
    content: dict[str, str] = {}
    for given in paths:
        try:
            found = {name: base64.b64encode(path.read_bytes()).decode() for name, path in _found(given)}
        except OSError as error:
            raise BackupFailed(f"密钥 {error.filename} 读不出来（{why_refused(error)}）") from error
        if not found:
            raise BackupFailed(f"{given} 中没有密钥")
        content |= found
    return jwe.encrypt_compact({**_HEADER, "kid": to.kid}, json.dumps(content), to).encode()


def decrypted(content: bytes, identity: Path) -> Mapping[str, bytes]:
    """The files by name. Errors: BackupFailed where the key is another one."""
    key = _key(identity)
    if not key.is_private:
        raise BackupFailed(f"{identity} 是公钥，恢复密钥要用私钥")
    try:
        files = json.loads(jwe.decrypt_compact(content, key).plaintext or b"")
    except (JoseError, ValueError):
        raise BackupFailed(f"{identity} 打不开这份备份的密钥：不是收件人的私钥") from None
    if not all(_NAME.fullmatch(name) for name in files):
        raise BackupFailed("备份的密钥文件里有不该有的文件名")
    return {name: base64.b64decode(text) for name, text in files.items()}


def place(files: Mapping[str, bytes], folder: Path) -> None:
    """Write keys where they are missing. Errors: BackupFailed where another key is in the place of one."""
    if others := others_of(files, folder):
        raise BackupFailed(
            f"{folder / others[0]} 已有另一把密钥，不覆盖；请恢复到一个新的文件夹，只放回缺少的用 --keys-only"
        )
    place_missing(files, folder)


def others_of(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """The names of keys in whose place the folder has another."""
    return [
        name
        for name, content in files.items()
        if (path := folder / name).exists() and path.read_bytes() != content and not _public(path)
    ]


def place_missing(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Write the keys that the folder lacks and no other; returns their names."""
    missing = [name for name in files if not (folder / name).exists()]
    for name in missing:
        (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / name, files[name], mode=0o600)
    return missing


def _public(path: Path) -> bool:
    """A set of public keys is written anew at each start, and with each list of what is revoked."""
    return path.name == "jwks.json"


def _found(given: Path) -> Iterator[tuple[str, Path]]:
    """Names from the folder's own on, so that folders of several services stay apart. Errors: OSError."""
    for path in _within(given):
        name = path.relative_to(given.parent).as_posix()
        if _BOXES not in Path(name).parts and path.suffix != ".key":
            yield name, path


def _within(given: Path) -> Iterator[Path]:
    """The file itself, or those in the folder; of a data folder, as a service's volume is, those in its `keys`.

    Errors: OSError; `Path.rglob` would pass over what it may not read.
    """
    if not given.is_dir():
        yield given
        return
    keys = given / _KEYS
    for folder, below, names in os.walk(keys if keys.is_dir() else given, onerror=_refuse):
        below.sort()
        yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file())


def _refuse(error: OSError) -> None:
    raise error


def _key(path: Path) -> OKPKey:
    try:
        return OKPKey.import_key(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError, JoseError) as error:
        raise BackupFailed(f"{path} 不是收件人的密钥（由 lvzhi backup-key 生成）") from error


def _text(key: Mapping[str, Any]) -> bytes:
    return (json.dumps(key, indent=1) + "\n").encode()
