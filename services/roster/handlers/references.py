"""Checks of references, and the application of a patch to a record."""

from pydantic import BaseModel

from services.roster.domain.towns import Town
from services.roster.errors import ReferenceExists, TownUnknown
from services.roster.repository import TOWNS
from shared.errors import FieldError, Invalid
from shared.storage.work import Collection, R, Work


async def registered_town(work: Work) -> Town:
    town = await work.get_once(TOWNS, work.town)
    if town is None:
        raise TownUnknown(f"请先登记镇 {work.town} 的基本情况")
    return town


async def must_exist(work: Work, collection: Collection[R], id: str | None, loc: str, noun: str) -> None:
    if id is not None and await work.get(collection, id) is None:
        raise Invalid(f"{noun}不存在：{id}", errors=[FieldError(loc, f"{noun}不存在")])


async def must_be_free(work: Work, collection: Collection[R], record: R, reference: str | None) -> None:
    """The office's own number must not be that of another record. Errors: ReferenceExists."""
    if reference is None:
        return
    others = await work.find(collection, {"reference": reference})
    if any(other.id != record.id for other in others):
        message = f"编号 {reference} 已用于另一条登记"
        raise ReferenceExists(message, errors=[FieldError("body.reference", message)])


def patched(work: Work, collection: Collection[R], before: R, patch: BaseModel) -> R:
    after = collection.model.model_validate(before.model_dump() | patch.model_dump(exclude_unset=True))
    return before if after == before else work.change(collection, after, "changed")
