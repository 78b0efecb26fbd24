"""Codes that people read and type: random, in an alphabet without lookalikes, kept where need be as a fingerprint."""

import hashlib
import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit; five bits a symbol."""

_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def shown(code: str) -> str:
    """In groups of four, as people read and type it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(written: str, length: int) -> str | None:
    """The code however it was typed; None when it cannot be one."""
    code = written.upper().translate(_READ_AS)
    return code if len(code) == length and set(code) <= set(ALPHABET) else None


def fingerprint(secret: str) -> str:
    """SHA-256 in hexadecimal. For random secrets of 80 bits and more only: anything shorter can be found by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()
