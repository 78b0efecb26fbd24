"""Use cases of activities entered more than once: list, merge, declare different."""

from services.activities.domain import duplicates
from services.activities.domain.activities import Activity
from services.activities.domain.duplicates import Duplicate
from services.activities.domain.voiding import IN_FORCE
from services.activities.errors import ReferenceUnknown
from services.activities.handlers.activities import correct, settle_plan
from services.activities.repository import ACTIVITIES, OPINIONS
from services.activities.schemas import DifferIn, DuplicatesQuery, MergeActivityIn, SimilarQuery
from shared.errors import FieldError
from shared.storage.work import Work


async def list_duplicates(work: Work, query: DuplicatesQuery) -> list[Duplicate]:
    wanted = {"year": query.year} if query.year is not None else {}
    return duplicates.duplicates(await work.find(ACTIVITIES, wanted))


async def similar(work: Work, query: SimilarQuery) -> list[Activity]:
    """Activities held that day which the one about to be recorded may repeat."""
    held = await work.find(ACTIVITIES, {"held_on": query.held_on.isoformat(), "kind": query.kind})
    return duplicates.repeated(held, group_id=query.group_id, title=query.title, place=query.place)


async def merge_activity(work: Work, duplicate: Activity, body: MergeActivityIn) -> Activity:
    """Void an activity in favour of another, to which its opinions and its item of the plan go."""
    target = await _other(work, duplicate, body.into, "body.into")
    tombstone, survivor = duplicates.merged(duplicate, target, body.choices)
    await settle_plan(work, duplicate, tombstone)
    await correct(work, target, survivor)
    for opinion in await work.find(OPINIONS, {"activity_id": duplicate.id, **IN_FORCE}):
        work.change(OPINIONS, opinion.model_copy(update={"activity_id": target.id}), "changed")
    return work.change(ACTIVITIES, tombstone, "voided")


async def differ_activity(work: Work, activity: Activity, body: DifferIn) -> Activity:
    """Keep that the activity is not one of the others, on each of them."""
    activity.check_open()
    others = [
        await _other(work, activity, id, f"body.others.{n}")
        for n, id in enumerate(dict.fromkeys(body.others))
    ]
    for other in others:
        _differ(work, other, activity.id)
    return _differ(work, activity, *(other.id for other in others))


def _differ(work: Work, activity: Activity, *others: str) -> Activity:
    known = tuple(dict.fromkeys((*activity.different_from, *others)))
    if known == activity.different_from:
        return activity
    return work.change(ACTIVITIES, activity.model_copy(update={"different_from": known}), "changed")


async def _other(work: Work, activity: Activity, id: str, loc: str) -> Activity:
    other = await work.get(ACTIVITIES, id)
    if other is None or id == activity.id:
        message = "应为另一条活动的编号" if other is not None else f"活动不存在：{id}"
        raise ReferenceUnknown(message, errors=[FieldError(loc, message)])
    return other
