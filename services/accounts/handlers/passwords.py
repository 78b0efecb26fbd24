"""Hashes of passwords: argon2id (memory and passes of RFC 9106 § 4, second choice), in a thread, one at a time."""

import os
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shared.http.bulkhead import Bulkhead, off_the_loop

MEMORY_KIB: Final = 65_536
PASSES: Final = 3
LANES: Final = 1
"""Of several, OpenSSL runs each in a thread of its pool: two derivations at once then wait for each other for ever."""
NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=1$36fkmhkESXAAEs0ZjGOB+A$GICJKybPv/pqqHh2G+CaEAoScA16lsaztNKkcyNlZyU"
)
"""Verified where there is no account, so that this takes as long as where there is one."""

_hashing = Bulkhead(at_once=1, waiting=30, retry_seconds=5)
"""Not more at once: hashes stored with several lanes are verified as well."""


async def hashed(password: str) -> str:
    """In PHC form. Errors: Busy."""
    async with _hashing.turn():
        return await off_the_loop(_derive, password)


async def fits(password: str, phc: str | None) -> bool:
    """Whether it is the password of this hash; without one no, after as long. Errors: Busy."""
    async with _hashing.turn():
        fitting = await off_the_loop(_verify, password, phc or NOBODYS)
    return fitting and phc is not None


def _derive(password: str) -> str:
    salt = os.urandom(16)
    function = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return function.derive_phc_encoded(password.encode())


def _verify(password: str, phc: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc)
    except (InvalidKey, ValueError):
        return False
    return True
