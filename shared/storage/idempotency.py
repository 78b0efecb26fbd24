"""Answers kept for a week, so that a request repeated under its Idempotency-Key is not carried out again.

Collection `answers` {_id, digest, status, headers, body, about, kept_at}. Answers about records
with encrypted values are encrypted too; when such a record (`about`) is erased, the body goes and the rest stays.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.errors import Conflict
from shared.storage import mongo
from shared.storage.encryption import Vault, is_encrypted, place_of

DAYS: Final = 7
NAME: Final = "answers"
INDEXES: Final = (
    mongo.IndexSpec(NAME, ("kept_at",), expire_seconds=DAYS * 86_400),
    mongo.IndexSpec(NAME, ("about",)),
)


class AlreadyAnswered(Exception):
    """Another request committed under the same idempotency key first."""


class AnswerForgotten(Conflict):
    """The request was carried out, but what was answered has been erased since."""

    slug, title = "answer-forgotten", "该请求已办理过，原答复已随个人信息一并删除"


@dataclass(frozen=True)
class Answer:
    """A response as it went out, kept so that a repeated request gets the same one."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class IdempotencyKey:
    """`key` names actor, method, path and the client's key; `digest` is the SHA-256 of the request."""

    key: str
    digest: str


@dataclass(frozen=True)
class Answers:
    database: mongo.Database
    vault: Vault

    def opened(self, key: IdempotencyKey, found: Sequence[Mapping[str, Any]]) -> Answer | None:
        """What was answered under `key`. Raises Conflict when it was for a different request, AnswerForgotten."""
        if not found:
            return None
        kept = found[0]
        if kept["digest"] != key.digest:
            raise Conflict("这个 Idempotency-Key 已用于另一个请求")
        body = kept["body"]
        if body is None:
            raise AnswerForgotten
        if is_encrypted(body):
            body = self.vault.decrypt(body, _place(key))
        return Answer(kept["status"], kept["headers"], body)

    async def keep(
        self,
        pairs: Sequence[tuple[IdempotencyKey, Answer]],
        *,
        about: Sequence[str],
        at: datetime,
        session: mongo.Session,
    ) -> None:
        """`about`: ids of the records with encrypted values that were written."""
        encrypted = bool(about and self.vault)
        documents = [
            {
                "_id": key.key,
                "digest": key.digest,
                "status": answer.status,
                "headers": dict(answer.headers),
                "body": self.vault.encrypt(answer.body, _place(key)) if encrypted else answer.body,
                "about": list(about),
                "kept_at": at,
            }
            for key, answer in pairs
        ]
        if documents:
            await mongo.insert(self.database[NAME], documents, session)

    async def forget(self, ids: Collection[str], session: mongo.Session) -> None:
        if ids:
            about = {"about": {"$in": sorted(ids)}}
            await self.database[NAME].update_many(about, {"$set": {"body": None}}, session=session)


def _place(key: IdempotencyKey) -> str:
    return place_of(NAME, key.key, "body")
