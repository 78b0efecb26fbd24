"""Pagination: `?limit=&cursor=` → {items, next_cursor}; the cursor encodes the id of the last item returned."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import FieldError, Invalid
from shared.storage.work import R

LIMIT: Final = 50
MAX_LIMIT: Final = 1000
_ID: Final = re.compile(r"[\x21-\x7e]{1,100}")


class Paging(BaseModel):
    """Query parameters of every list; subclasses add filters."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="每页条数")] = LIMIT
    cursor: Annotated[str | None, Field(max_length=200, description="上一页给出的 next_cursor")] = None


def cursor_after(id: str) -> str:
    return urlsafe_b64encode(id.encode()).decode().rstrip("=")


def following(records: list[R], after: str | None) -> list[R]:
    """The records after the one with the id `after`. Errors: Invalid where no record has it."""
    if after is None:
        return records
    for place, record in enumerate(records):
        if record.id == after:
            return records[place + 1 :]
    raise _invalid_cursor()


def id_from_cursor(cursor: str | None) -> str | None:
    """The id that a cursor encodes. Errors: Invalid."""
    if cursor is None:
        return None
    try:
        id = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        id = ""
    if not _ID.fullmatch(id) or cursor_after(id) != cursor:
        raise _invalid_cursor()
    return id


def _invalid_cursor() -> Invalid:
    return Invalid(errors=[FieldError("query.cursor", "不是本接口给出的游标")])
