"""Hashes of passwords: argon2id by RFC 9106 § 4, second choice, in a thread."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from shared.http.bulkhead import Bulkhead, off_the_loop

NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$jGb4Tw/Ag2zkTvE8wkfxWw$5BsCw/iIC2mkx1zRCVoC0ezrxO2oSfB2j2v3WsQqkOw"
)
"""Verified where there is no account, so that this takes as long as where there is one."""

_hasher: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_hashing = Bulkhead(at_once=2, waiting=30, retry_seconds=5)
"""64 MiB each."""


async def hashed(password: str) -> str:
    """In PHC form. Errors: Busy."""
    async with _hashing.turn():
        return await off_the_loop(_hasher.hash, password)


async def fits(password: str, phc: str | None) -> bool:
    """Whether it is the password of this hash; without one no, after as long. Errors: Busy."""
    async with _hashing.turn():
        fitting = await off_the_loop(_verify, password, phc or NOBODYS)
    return fitting and phc is not None


def _verify(password: str, phc: str) -> bool:
    try:
        return _hasher.verify(phc, password)
    except (VerificationError, InvalidHashError):
        return False
