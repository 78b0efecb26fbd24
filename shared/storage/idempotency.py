"""Responses stored for a week, so that a request repeated with its Idempotency-Key is not executed again.

Collection `answers` {_id, digest, status, headers, body, about, kept_at}. Responses about personal records
are encrypted where there is a key; when such a record (`about`) is erased, the body is deleted and the rest is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.errors import Conflict
from shared.storage import mongo
from shared.storage.encryption import Vault, is_encrypted, place_of
from shared.storage.indexes import IndexSpec

DAYS: Final = 7
NAME: Final = "answers"
INDEXES: Final = (
    IndexSpec(NAME, ("kept_at",), expire_seconds=DAYS * 86_400),
    IndexSpec(NAME, ("about",)),
)


class AlreadyAnswered(Exception):
    """Another request with the same idempotency key was committed first."""


class AnswerForgotten(Conflict):
    """The request was executed, but its response has been erased since."""

    slug, title = "answer-forgotten", "该请求已办理过，原答复已随个人信息一并删除"


@dataclass(frozen=True)
class Answer:
    """A response as it was sent, returned again to a repeated request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class IdempotencyKey:
    """`key` is the SHA-256 of actor, method, path and the client's key; `digest` the HMAC-SHA-256 of the request under
    the client's key; `unkeyed` its SHA-256, which versions before 1.0 stored: compared, never stored."""

    key: str
    digest: str
    unkeyed: str = ""


@dataclass(frozen=True)
class Answers:
    """The stored responses of a service."""

    database: mongo.Database
    vault: Vault

    def load(self, key: IdempotencyKey, documents: Sequence[Mapping[str, Any]]) -> Answer | None:
        """The response in the documents stored under `key`, or None. Errors: Conflict for another request under the
        same key, AnswerForgotten."""
        if not documents:
            return None
        stored = documents[0]
        if stored["digest"] not in (key.digest, key.unkeyed):
            raise Conflict("这个 Idempotency-Key 已用于另一个请求")
        body = stored["body"]
        if body is None:
            raise AnswerForgotten
        if is_encrypted(body):
            body = self.vault.decrypt(body, _place(key))
        return Answer(stored["status"], stored["headers"], body)

    async def keep(
        self,
        pairs: Sequence[tuple[IdempotencyKey, Answer]],
        *,
        about: Sequence[str],
        at: datetime,
        session: mongo.Session,
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """Store responses. `about`: ids of the personal records written. Returns what can be looked up to tell whether
        they were: nothing else may have been written."""
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
        return [(NAME, {name: document[name] for name in ("_id", "digest")}) for document in documents[-1:]]

    async def forget(self, ids: Collection[str], session: mongo.Session) -> None:
        """Delete the bodies of responses about these records."""
        if ids:
            about = {"about": {"$in": sorted(ids)}}
            await self.database[NAME].update_many(about, {"$set": {"body": None}}, session=session)


def _place(key: IdempotencyKey) -> str:
    return place_of(NAME, key.key, "body")
