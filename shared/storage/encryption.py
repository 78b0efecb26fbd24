"""Encryption of stored values: AES-256-GCM with rotating keys; collection, id and field are associated data.

An encrypted value is the text `sealed:{key id}:{base64url of nonce, ciphertext and tag}`. Values stored in plain text,
from before keys were set, are read as they are. They and values under another key than the first are encrypted at the
next start.
"""

import base64
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import CannotStart, Unavailable
from shared.security.keystore import place_file
from shared.storage import mongo
from shared.storage.work import Collection

log = structlog.get_logger(__name__)

MARK: Final = "sealed:"
BATCH: Final = 500
"""Records a cursor reads at once: each is followed by a write, and the server closes a cursor that nobody reads on for
ten minutes (MongoDB manual, `cursorTimeoutMillis`)."""
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
SETTING: Final = "LVZHI_PERSONAL_DATA_KEYS"
_KEY: Final = re.compile(r"([a-z0-9-]{1,20}):([A-Za-z0-9+/_=-]{43,44})")


class NoDataKey(Unavailable):
    """A value must be encrypted, and no key is configured."""

    slug, title = "no-data-key", "尚未设置个人信息的加密密钥"


class Undecryptable(CannotStart):
    """The key of a value is missing, or the value was encrypted for another document or field."""


@dataclass(frozen=True)
class Vault:
    """Encrypts with the first of its keys and decrypts with any. `keys`: id → 32 bytes.

    `forgetful`: values that none of them decrypts are erased at the start, for a key that is lost for good.
    """

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    forgetful: bool = False

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        """The keys in a setting: `id:base64`, separated by commas or line ends. Errors: ValueError."""
        keys: dict[str, bytes] = {}
        for entry in re.split(r"[,\s]+", text.strip()):
            match = _KEY.fullmatch(entry)
            key = base64.urlsafe_b64decode(match[2].translate(_URLSAFE) + "==") if match else b""
            if match is None or len(key) != KEY_BYTES or match[1] in keys:
                raise ValueError(f"{SETTING}: each key is id:base64 of {KEY_BYTES} bytes, and ids differ")
            keys[match[1]] = key
        return cls(keys)

    @classmethod
    def from_directory(cls, folder: Path) -> "Vault":
        """The keys in the file `personal-data-keys` of a directory, which is created with a new key if missing."""
        path = folder / "personal-data-keys"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            place_file(
                path, f"k1:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}\n", mode=0o600, replace=False
            )
        return cls.from_text(path.read_text("ascii"))

    def __bool__(self) -> bool:
        return bool(self.keys)

    @property
    def prefix(self) -> str:
        """The prefix of all values encrypted with the first key."""
        return f"{MARK}{next(iter(self.keys))}:"

    def encrypt(self, value: bytes, place: str) -> str:
        if not self.keys:
            raise NoDataKey(f"须先由管理员设置 {SETTING}，才能登记要加密保存的内容")
        nonce = os.urandom(NONCE_BYTES)
        key = next(iter(self.keys.values()))
        content = nonce + AESGCM(key).encrypt(nonce, value, place.encode())
        return self.prefix + base64.urlsafe_b64encode(content).decode()

    def decrypt(self, text: str, place: str) -> bytes:
        """Errors: Undecryptable."""
        id, _, content = text.removeprefix(MARK).partition(":")
        if id not in self.keys:
            raise Undecryptable(
                f"缺少个人信息的加密密钥 {id}：{place} 是用它加密的；"
                f"请补回 {SETTING} 或者备份里的密钥（lvzhi restore --keys-only）"
            )
        encrypted = base64.urlsafe_b64decode(content)
        try:
            return AESGCM(self.keys[id]).decrypt(
                encrypted[:NONCE_BYTES], encrypted[NONCE_BYTES:], place.encode()
            )
        except InvalidTag:
            raise Undecryptable(
                f"个人信息的加密密钥 {id} 不是原来的那一把，打不开 {place}；"
                f"请恢复原来的 {SETTING} 或者备份里的密钥（lvzhi restore --keys-only）"
            ) from None

    def encrypt_document(self, collection: Collection[Any], document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with its encrypted fields encrypted."""
        encrypted = {
            name: self.encrypt(document[name].encode(), place_of(collection.name, document["_id"], name))
            for name in collection.encrypted
            if document.get(name) is not None
        }
        return {**document, **encrypted}

    def decrypt_document(self, collection: Collection[Any], document: dict[str, Any]) -> dict[str, Any]:
        """The document with its encrypted fields decrypted. Errors: Undecryptable."""
        plain = {
            name: self.decrypt(document[name], place_of(collection.name, document["_id"], name)).decode()
            for name in collection.encrypted
            if is_encrypted(document.get(name))
        }
        return {**document, **plain}


_URLSAFE: Final = str.maketrans("+/", "-_", "=")


def place_of(collection: str, id: str, field: str) -> str:
    return f"{collection}/{id}/{field}"


def is_encrypted(value: object) -> bool:
    return isinstance(value, str) and value.startswith(MARK)


async def reencrypt(database: mongo.Database, collections: Sequence[Collection[Any]], vault: Vault) -> int:
    """Encrypt values that are in plain text or under another key than the first; return their number.

    Record versions do not change. Safe during concurrent writes; run at each start. Errors: Undecryptable, also when
    the first key is not the one that values under its id were encrypted with.
    """
    done = 0
    for collection, name in _encrypted_fields(collections):
        if vault.forgetful:
            await _forget(database, collection, name, vault)
        if vault and (newest := await database[collection.name].find_one(_current(name, vault), {name: 1})):
            # A new key may have the id of one that was lost.
            vault.decrypt(newest[name], place_of(collection.name, newest["_id"], name))
        outdated = database[collection.name].find(_outdated(name, vault), {name: 1}, batch_size=BATCH)
        async for document in outdated:
            value, place = document[name], place_of(collection.name, document["_id"], name)
            plain = vault.decrypt(value, place) if is_encrypted(value) else value.encode()
            if vault:
                seen, now = (
                    {"_id": document["_id"], name: value},
                    {"$set": {name: vault.encrypt(plain, place)}},
                )
                done += (await database[collection.name].update_one(seen, now)).modified_count
    return done


async def _forget(database: mongo.Database, collection: Collection[Any], name: str, vault: Vault) -> None:
    """Erase the values of a field that cannot be decrypted; the rest of the record is kept."""
    default, forgotten = collection.model.model_fields[name].get_default(), 0
    sealed = {name: {"$gte": MARK, "$lt": MARK[:-1] + ";"}}
    async for document in database[collection.name].find(sealed, {name: 1}, batch_size=BATCH):
        try:
            vault.decrypt(document[name], place_of(collection.name, document["_id"], name))
        except Undecryptable:
            seen = {"_id": document["_id"], name: document[name]}
            await database[collection.name].update_one(seen, {"$set": {name: default}})
            forgotten += 1
    if forgotten:
        log.warning("unreadable values erased", collection=collection.name, field=name, values=forgotten)


def _encrypted_fields(collections: Sequence[Collection[Any]]) -> Iterator[tuple[Collection[Any], str]]:
    return ((collection, name) for collection in collections for name in collection.encrypted)


def _current(name: str, vault: Vault) -> dict[str, Any]:
    return {name: {"$gte": vault.prefix, "$lt": vault.prefix[:-1] + ";"}}


def _outdated(name: str, vault: Vault) -> dict[str, Any]:
    """Query for texts without the prefix of the first key; `;` is the character after `:`."""
    if not vault:
        return {name: {"$gte": MARK, "$lt": MARK[:-1] + ";"}}
    return {"$or": [{name: {"$gt": "", "$lt": vault.prefix}}, {name: {"$gte": vault.prefix[:-1] + ";"}}]}
