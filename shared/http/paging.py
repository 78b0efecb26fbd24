"""Pagination: `?limit=&cursor=` → {items, next_cursor}; the cursor is the position of the last item.

By id it is the id in hexadecimal; in another order the values that are compared and the id, as JSON in base64url. It
points between items, so it holds also where the last item has changed or gone.
"""

import base64
import json
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.errors import FieldError, Invalid

LIMIT: Final = 50
MAX_LIMIT: Final = 1000
CURSOR: Final = "^(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]){1,100}$"
"""Of 1 to 100 visible ASCII characters."""
_CURSOR: Final = re.compile(CURSOR, re.ASCII)
POSITION: Final = "^[A-Za-z0-9_-]+$"


def _declaring(pattern: str) -> Callable[[dict[str, Any]], None]:
    """Declared, but refused by what reads a cursor with a clearer message."""

    def declare(schema: dict[str, Any]) -> None:
        next(choice for choice in schema["anyOf"] if choice["type"] == "string")["pattern"] = pattern

    return declare


IdCursor = Annotated[
    str | None,
    Field(max_length=200, description="上一页给出的 next_cursor", json_schema_extra=_declaring(CURSOR)),
]
Cursor = Annotated[
    str | None,
    Field(
        max_length=1000,  # of a position with a name of 100 characters and an id
        description="上一页给出的 next_cursor，排列次序须与上一页相同",
        json_schema_extra=_declaring(POSITION),
    ),
]
"""By id or in another order."""


class Paging(BaseModel):
    """Query parameters of every list; subclasses add filters."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="每页条数")] = LIMIT
    cursor: IdCursor = None


def cursor_after(id: str) -> str:
    return id.encode().hex()


def cursor_at(values: Sequence[str | int], id: str) -> str:
    """The cursor of an order other than by id, behind the item that has these values in the order."""
    position = json.dumps([*values, id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_from_cursor(cursor: str, shape: TypeAdapter[Any]) -> tuple[Sequence[str | int], str]:
    """The values and the id that a cursor encodes; `shape`: the type of all of them. Errors: Invalid."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        *values, id = shape.validate_json(content, strict=True)
        ours = cursor_at(values, id) == cursor
    except ValueError:
        ours = False
    if not ours:
        raise _invalid_cursor()
    return values, id


def id_from_cursor(cursor: str | None) -> str | None:
    """The id that a cursor encodes. Errors: Invalid."""
    if cursor is None:
        return None
    if not _CURSOR.fullmatch(cursor):
        raise _invalid_cursor()
    return bytes.fromhex(cursor).decode("ascii")


def _invalid_cursor() -> Invalid:
    return Invalid(errors=[FieldError("query.cursor", "不是本接口给出的游标")])
