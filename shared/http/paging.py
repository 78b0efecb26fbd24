"""Pagination: `?limit=&cursor=` → {items, next_cursor}; the cursor is the id of the last item, in hexadecimal."""

import re
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import FieldError, Invalid
from shared.storage.work import R

LIMIT: Final = 50
MAX_LIMIT: Final = 1000
CURSOR: Final = "^(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]){1,100}$"
"""Of 1 to 100 visible ASCII characters."""
_CURSOR: Final = re.compile(CURSOR, re.ASCII)


def _with_pattern(schema: dict[str, Any]) -> None:
    """Declared, but refused by `id_from_cursor` with a clearer message."""
    next(choice for choice in schema["anyOf"] if choice["type"] == "string")["pattern"] = CURSOR


class Paging(BaseModel):
    """Query parameters of every list; subclasses add filters."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="每页条数")] = LIMIT
    cursor: Annotated[
        str | None,
        Field(max_length=200, description="上一页给出的 next_cursor", json_schema_extra=_with_pattern),
    ] = None


def cursor_after(id: str) -> str:
    return id.encode().hex()


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
    if not _CURSOR.fullmatch(cursor):
        raise _invalid_cursor()
    return bytes.fromhex(cursor).decode("ascii")


def _invalid_cursor() -> Invalid:
    return Invalid(errors=[FieldError("query.cursor", "不是本接口给出的游标")])
