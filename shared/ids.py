"""Identifiers: UUIDv7 (RFC 9562), so that sorting by id is sorting by time of creation."""

import uuid_utils


def new_id() -> str:
    return str(uuid_utils.uuid7())
