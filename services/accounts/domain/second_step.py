"""The second step of sign-in: six digits that change every thirty seconds (TOTP, RFC 6238, SHA-1)."""

import base64
import hashlib
import hmac
import struct
from typing import Final
from urllib.parse import quote

STEP_SECONDS: Final = 30
SECRET_BYTES: Final = 20
DIGITS: Final = 6
SKEW_STEPS: Final = 1


def encode(secret: bytes) -> str:
    return base64.b32encode(secret).decode()


def digits(secret: str, step: int) -> str:
    """RFC 4226 § 5.3."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, typed: str, unix: float, *, after: int) -> int | None:
    """The step whose digits were typed, one before and one after now included; None for wrong digits and for those of
    a step up to `after`, which were used."""
    if not secret:
        return None
    now = int(unix) // STEP_SECONDS
    plain = "".join(typed.split())
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if step > after and hmac.compare_digest(digits(secret, step).encode(), plain.encode()):
            return step
    return None


def address(secret: str, name: str) -> str:
    """What an authenticator reads from a QR code."""
    issuer = quote("履职")
    return f"otpauth://totp/{issuer}:{quote(name)}?secret={secret}&issuer={issuer}"
