"""Identifiers: UUIDv7 (RFC 9562), which sort by time of creation."""

import uuid_utils


def new_id() -> str:
    return str(uuid_utils.uuid7())
