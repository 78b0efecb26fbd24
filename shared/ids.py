"""Identifiers: UUIDv7 (RFC 9562), which sort by time of creation."""

import re
from typing import Final

import uuid_utils

_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def new_id() -> str:
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether a text has the form of an identifier; ids of imported records are not of version 7."""
    return _ID.fullmatch(text) is not None
