"""What a person proves who they are with: password, second step, set-up codes and letters."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from services.accounts.domain.values import Instant
from shared.storage.work import Record

CODE_LENGTH: Final = 16
"""Symbols of a set-up code or letter: 80 bits."""
SET_UP_VALID: Final = timedelta(hours=72)
LETTER_VALID: Final = timedelta(days=30)
FIRST_VALID: Final = timedelta(hours=24)


class Credential(Record):
    """Of the account with the same id. `password`: argon2id in PHC form; `step`: the last step of the second step that
    was used, which is not accepted again; `offered`: the secret of a second step that is not confirmed yet."""

    password: str | None = None
    secret: str | None = None
    offered: str | None = None
    step: int = 0


class Purpose(StrEnum):
    """`first`: makes the first account of the installation; `set_up`: sets a password; `letter`: signs a phone in."""

    FIRST = "first"
    SET_UP = "set_up"
    LETTER = "letter"


class Invitation(Record):
    """A code given once and used once. The id is its fingerprint. `secret`: for the second step, where it is
    set up with the password."""

    purpose: Purpose
    account_id: str | None = None
    expires_at: Instant
    secret: str | None = None
