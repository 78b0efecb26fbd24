"""What the console keeps: sessions with tokens, drafts of forms, preferences, files to import.

Tokens, drafts and files are encrypted.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from shared.clock import Clock
from shared.storage import mongo
from shared.storage.encryption import Undecryptable, Vault
from shared.storage.indexes import IndexSpec

COLLECTIONS: Final = ("sessions", "drafts", "preferences", "uploads")
UPLOAD_SECONDS: Final = 7_200
"""How long a workbook waits between its check and its import."""
INDEXES: Final = (
    IndexSpec("sessions", ["expires_at"], expire_seconds=0),
    IndexSpec("drafts", ["at"], expire_seconds=90 * 86_400),
    IndexSpec("drafts", ["account", "-at"]),
    IndexSpec("uploads", ["at"], expire_seconds=UPLOAD_SECONDS),
    IndexSpec("uploads", ["account", "batch"]),
)
RENEWAL_SECONDS: Final = 15
"""How long one process has to renew a token before another may try."""


BOOKS: Final = ("roster", "activities", "ratings")
"""Services with a workbook, in the order in which the workbooks depend on each other."""


@dataclass(frozen=True)
class Uploaded:
    """A workbook that somebody chose. `service`: whose it is; empty for a ledger that nobody knows yet."""

    id: str
    name: str
    service: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Repository:
    database: mongo.Database
    vault: Vault
    clock: Clock

    async def prepare(self) -> None:
        await mongo.prepare(self.database, COLLECTIONS, INDEXES)

    async def answers(self) -> bool:
        try:
            await self.database.command("ping")
        except mongo.Failed:
            return False
        return True

    async def add_session(self, content: Mapping[str, Any], tokens: Mapping[str, str], days: float) -> str:
        """Keep a session; returns its secret, of which only a hash is stored."""
        secret = secrets.token_urlsafe(32)
        id = fingerprint(secret)
        await self.database["sessions"].insert_one(
            {
                **content,
                "_id": id,
                "tokens": self._encrypted("sessions", id, tokens),
                "days": days,
                "expires_at": self._until(days),
            }
        )
        return secret

    async def session(self, id: str) -> dict[str, Any] | None:
        """The session with its tokens, where it is not over."""
        found = await self.database["sessions"].find_one({"_id": id})
        if found is None or found["expires_at"] < self.clock.now():
            return None
        tokens = self._decrypted("sessions", id, found["tokens"])
        return None if tokens is None else {**found, "tokens": tokens}

    async def change_session(self, id: str, content: Mapping[str, Any]) -> None:
        await self.database["sessions"].update_one({"_id": id}, {"$set": dict(content)})

    async def claim_renewal(self, id: str, refresh: str) -> bool:
        """Whether this process may use the refresh token now: it is good for one use."""
        now = self.clock.now()
        free = {"$or": [{"renewing": None}, {"renewing": {"$lt": now}}]}
        claimed = await self.database["sessions"].update_one(
            {"_id": id, "refresh": fingerprint(refresh), **free},
            {"$set": {"renewing": now + timedelta(seconds=RENEWAL_SECONDS)}},
        )
        return bool(claimed.matched_count)

    async def renew(self, id: str, tokens: Mapping[str, str], token_until: datetime, days: float) -> None:
        content = {
            "tokens": self._encrypted("sessions", id, tokens),
            "refresh": fingerprint(tokens["refresh"]),
            "token_until": token_until,
            "renewing": None,
            "expires_at": self._until(days),
        }
        await self.change_session(id, content)

    async def end_session(self, id: str) -> None:
        await self.database["sessions"].delete_one({"_id": id})

    async def take_flash(self, id: str) -> dict[str, Any] | None:
        """What the page before left for this one; told once."""
        found: Any = await self.database["sessions"].find_one_and_update(
            {"_id": id}, {"$set": {"flash": None}}
        )
        return found.get("flash") if found else None

    async def save_draft(self, account: str, key: str, content: Any) -> None:
        id = fingerprint(f"{account}\n{key}")
        body = self._encrypted("drafts", id, content)
        entry = {"account": account, "key": key, "body": body, "at": self.clock.now()}
        await self.database["drafts"].replace_one({"_id": id}, entry, upsert=True)

    async def draft(self, account: str, key: str) -> Any:
        id = fingerprint(f"{account}\n{key}")
        found = await self.database["drafts"].find_one({"_id": id})
        return None if found is None else self._decrypted("drafts", id, found["body"])

    async def drafts(self, account: str) -> list[dict[str, Any]]:
        """Keys and times of drafts, latest first."""
        found = self.database["drafts"].find({"account": account}, {"key": 1, "at": 1}).sort("at", -1)
        return [dict(entry) async for entry in found]

    async def drop_draft(self, account: str, key: str) -> None:
        await self.database["drafts"].delete_one({"_id": fingerprint(f"{account}\n{key}")})

    async def drop_drafts(self, account: str) -> None:
        await self.database["drafts"].delete_many({"account": account})

    async def add_upload(self, account: str, batch: str, file: "Uploaded") -> None:
        """Keep a workbook, encrypted, while whoever sent it looks at its check."""
        body = self.vault.encrypt(file.data, f"uploads/{file.id}")
        entry = {
            "_id": file.id,
            "account": account,
            "batch": batch,
            "name": file.name,
            "service": file.service,
        }
        await self.database["uploads"].replace_one(
            {"_id": file.id}, {**entry, "body": body, "at": self.clock.now()}, upsert=True
        )

    async def uploads(self, account: str, batch: str) -> list["Uploaded"]:
        """The workbooks of a batch, in the order in which they depend on each other."""
        found = [entry async for entry in self.database["uploads"].find({"account": account, "batch": batch})]
        files = [
            Uploaded(
                one["_id"],
                one["name"],
                one["service"],
                self.vault.decrypt(one["body"], f"uploads/{one['_id']}"),
            )
            for one in found
        ]
        return sorted(files, key=lambda file: (BOOKS.index(file.service) if file.service else -1, file.name))

    async def drop_uploads(self, account: str, batch: str) -> None:
        await self.database["uploads"].delete_many({"account": account, "batch": batch})

    async def preferences(self, account: str) -> dict[str, Any]:
        return await self.database["preferences"].find_one({"_id": account}) or {}

    async def prefer(self, account: str, content: Mapping[str, Any]) -> None:
        await self.database["preferences"].update_one({"_id": account}, {"$set": dict(content)}, upsert=True)

    async def form_token(self, account: str) -> str:
        """The token that an account's forms carry. It outlives sessions: a form that was open when one ended can be
        saved after the next sign-in."""
        kept, made = self.database["preferences"], {"csrf": secrets.token_urlsafe(24)}
        await kept.update_one({"_id": account}, {"$setOnInsert": made}, upsert=True)
        await kept.update_one({"_id": account, "csrf": {"$exists": False}}, {"$set": made})
        return str((await self.preferences(account))["csrf"])

    def _until(self, days: float) -> datetime:
        return self.clock.now() + timedelta(days=days)

    def _encrypted(self, collection: str, id: str, content: Any) -> str:
        plain = json.dumps(content, ensure_ascii=False).encode()
        return self.vault.encrypt(plain, f"{collection}/{id}")

    def _decrypted(self, collection: str, id: str, text: str) -> Any:
        """None where its key is gone: whoever signs in again has a new session."""
        try:
            return json.loads(self.vault.decrypt(text, f"{collection}/{id}"))
        except Undecryptable:
            return None


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()  # a cookie has any bytes
