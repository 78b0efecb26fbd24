"""The audit: who did what to whom and when, never a value or a secret."""

from typing import Literal

from services.accounts.domain.values import Instant
from shared.storage.work import Record

Kind = Literal[
    "sign_in",
    "sign_in_refused",
    "session_ended",
    "token_reused",
    "account_added",
    "account_changed",
    "account_reset",
    "account_disabled",
    "account_enabled",
    "account_set_up",
    "letter_given",
    "client_added",
    "client_rotated",
    "client_disabled",
    "client_refused",
    "key_rotated",
    "recovered",
    "erased",
    "personal_data_read",
]


class Entry(Record):
    """`subject`: what it was done to, `account/…` or `client/…`; `records` and `fields`: of another service, that were
    read; `detail`: a slug."""

    at: Instant
    kind: Kind
    actor: str
    subject: str
    service: str = "accounts"
    records: list[str] = []
    fields: list[str] = []
    detail: str | None = None
