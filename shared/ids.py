"""Identifiers: UUIDv7 (RFC 9562), which sort by time of creation."""

import re
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import uuid_utils

_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_VERSION = 7


def new_id() -> str:
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether a text has the form of an identifier; ids of imported records are not of version 7."""
    return _ID.fullmatch(text) is not None


def made_at(id: str) -> datetime | None:
    """When an id was made; None for one of another kind."""
    try:
        made = UUID(id)
    except ValueError:
        return None
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC) if made.version == _VERSION else None
