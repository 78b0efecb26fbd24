"""Random codes that people read and type, in an alphabet without similar characters, and their fingerprints."""

import hashlib
import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that resembles a digit; five bits per symbol."""

_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """The code in groups of four, for people to read and type."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(written: str, length: int) -> str | None:
    """The normalised code; None where the text cannot be a code of this length."""
    code = written.upper().translate(_READ_AS)
    return code if len(code) == length and set(code) <= set(ALPHABET) else None


def fingerprint(secret: str) -> str:
    """SHA-256 in hexadecimal. Only for random secrets of at least 80 bits: shorter ones can be found by trying all."""
    return hashlib.sha256(secret.encode()).hexdigest()
