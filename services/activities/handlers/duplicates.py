"""Use cases of activities and suggestions entered more than once: list, merge, declare different."""

from typing import Final, TypeVar

from services.activities.domain import duplicates
from services.activities.domain.activities import Activity
from services.activities.domain.duplicates import Duplicate
from services.activities.domain.suggestion_duplicates import DuplicateSuggestion, duplicate_suggestions
from services.activities.domain.suggestions import Suggestion
from services.activities.errors import ReferenceUnknown
from services.activities.handlers.activities import correct, settle_plan
from services.activities.repository import ACTIVITIES, OPINIONS, SUGGESTIONS
from services.activities.schemas import DifferIn, DuplicatesQuery, MergeActivityIn, SimilarQuery
from shared.errors import FieldError
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Collection, Work

D = TypeVar("D", Activity, Suggestion)
NOUNS: Final = {ACTIVITIES.name: "活动", SUGGESTIONS.name: "代表建议"}


async def list_duplicates(
    work: Work, query: DuplicatesQuery
) -> tuple[list[Duplicate], list[DuplicateSuggestion]]:
    wanted = {"year": query.year} if query.year is not None else {}
    suggestions = await work.find(SUGGESTIONS, {**wanted, **IN_FORCE})
    found = duplicates.duplicates(await work.find(ACTIVITIES, wanted))
    return found, duplicate_suggestions(suggestions)


async def similar(work: Work, query: SimilarQuery) -> list[Activity]:
    """Activities held that day which the one about to be recorded may repeat."""
    held = await work.find(ACTIVITIES, {"held_on": query.held_on.isoformat(), "kind": query.kind})
    return duplicates.repeated(held, group_id=query.group_id, title=query.title, place=query.place)


async def merge_activity(work: Work, duplicate: Activity, body: MergeActivityIn) -> Activity:
    """Void an activity in favour of another, to which its opinions and its item of the plan go."""
    target = await _other(work, ACTIVITIES, duplicate, body.into, "body.into")
    tombstone, survivor = duplicates.merged(duplicate, target, body.choices)
    await settle_plan(work, duplicate, tombstone)
    await correct(work, target, survivor)
    for opinion in await work.find(OPINIONS, {"activity_id": duplicate.id, **IN_FORCE}):
        work.change(OPINIONS, opinion.model_copy(update={"activity_id": target.id}), "changed")
    return work.change(ACTIVITIES, tombstone, "voided")


async def differ_activity(work: Work, activity: Activity, body: DifferIn) -> Activity:
    """Keep that the activity is not one of the others, on each of them."""
    activity.check_open()
    return await _told_apart(work, ACTIVITIES, activity, body)


async def differ_suggestion(work: Work, suggestion: Suggestion, body: DifferIn) -> Suggestion:
    suggestion.check_in_force()
    return await _told_apart(work, SUGGESTIONS, suggestion, body)


async def _told_apart(work: Work, collection: Collection[D], record: D, body: DifferIn) -> D:
    others = [
        await _other(work, collection, record, id, f"body.others.{n}")
        for n, id in enumerate(dict.fromkeys(body.others))
    ]
    for other in others:
        _differ(work, collection, other, record.id)
    return _differ(work, collection, record, *(other.id for other in others))


def _differ(work: Work, collection: Collection[D], record: D, *others: str) -> D:
    known = tuple(dict.fromkeys((*record.different_from, *others)))
    if known == record.different_from:
        return record
    return work.change(collection, record.model_copy(update={"different_from": known}), "changed")


async def _other(work: Work, collection: Collection[D], record: D, id: str, loc: str) -> D:
    other = await work.get(collection, id)
    if other is None or id == record.id:
        noun = NOUNS[collection.name]
        message = f"应为另一条{noun}的编号" if other is not None else f"{noun}不存在：{id}"
        raise ReferenceUnknown(message, errors=[FieldError(loc, message)])
    return other
