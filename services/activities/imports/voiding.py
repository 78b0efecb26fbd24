"""Rows of records that are voided, or say that theirs is to be."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final, TypeVar

from services.activities.schemas import ReasonIn
from shared.endpoints.imports import checked
from shared.storage.voiding import VOIDED, Voidable
from shared.storage.work import Collection, Work
from shared.workbook import Row

V = TypeVar("V", bound=Voidable)
VOID: Final = "void_reason"


async def voided_before(
    work: Work, collection: Collection[V], row: Row, *key: str, before: V | None, same: Callable[[V], bool]
) -> V | None:
    """The voided record that a row, perhaps of an older workbook, is about: the `same` entry, where no record in force
    has its number or the row has its 作废原因. It stays as it is."""
    numbers = {name: row[name] for name in key}
    found = [one for one in await work.find(collection, {**numbers, **VOIDED}) if same(one)]
    return next((one for one in found if before is None or one.void_reason == row[VOID]), None)


async def voided_as_told(
    work: Work, record: V, row: Row, void: Callable[[Work, V, ReasonIn], Awaitable[V]]
) -> V:
    """Void the record of a row that has 作废原因."""
    if row[VOID] is None or record.is_voided:
        return record
    return await void(work, record, checked(ReasonIn, {"reason": row[VOID]}))


def held_then(row: Row) -> Callable[[Voidable], bool]:
    day: date = row["held_on"]
    return lambda meeting: getattr(meeting, "held_on", None) == day
