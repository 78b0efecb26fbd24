"""Use cases of activities: record, correct, void; the plan items they fulfil are updated with them."""

from collections import Counter
from typing import Final

from pydantic import BaseModel

from services.activities.domain.activities import KIND_LABELS, Activity, ActivityState
from services.activities.domain.attendance import check_attendance, expected_as_named, expected_in_groups
from services.activities.domain.questions import askers, check_questions
from services.activities.errors import ReferenceUnknown
from services.activities.handlers import plans
from services.activities.handlers.references import (
    check_deputyships,
    check_groups,
    check_station,
    revised,
    roster_for,
)
from services.activities.repository import ACTIVITIES, EVIDENCE, plan_with_item
from services.activities.schemas import ActivityIn, MonthHeld, Months, MonthsQuery, ReasonIn
from services.activities.schemas.values import together
from shared.errors import FieldError
from shared.ids import new_id
from shared.storage.planned import check_day
from shared.storage.work import Work

_TAGS: Final = frozenset({"tags", "themes", "forms"})


async def hold_activity(
    work: Work, body: ActivityIn, *, given_id: str | None = None, reference: str | None = None
) -> Activity:
    activity = await checked(work, body, given_id=given_id, reference=reference)
    await settle_plan(work, None, activity)
    return work.create(ACTIVITIES, activity, "held")


async def checked(
    work: Work, body: ActivityIn, *, given_id: str | None = None, reference: str | None = None
) -> Activity:
    """The activity of a request, after all checks but that of its plan item; nothing is written."""
    fields = dict(body) | {"title": body.title or KIND_LABELS[body.kind], "reference": reference}
    activity = Activity(id=given_id or new_id(), town=work.town, year=body.held_on.year, **fields)
    activity = activity.of_groups(*together(body.group_id, body.group_ids))
    activity = activity.classified(_TAGS)
    activity.check_dates()
    check_day(work, activity.held_on, "body.held_on")
    await check_groups(work, activity.groups)
    await check_station(work, activity.station_id)
    await _check_questions(work, activity)
    return await _cited(work, await _attended(work, activity))


async def change_activity(work: Work, before: Activity, patch: BaseModel) -> Activity:
    known = before.classified(())
    sent = _of_groups_sent(revised(known, patch), patch).classified(_TAGS & patch.model_fields_set)
    return before if sent == known else await correct(work, before, sent)


async def correct(work: Work, before: Activity, after: Activity) -> Activity:
    after = after.model_copy(update={"year": after.held_on.year})
    if after == before:
        return before
    before.check_open()
    after.check_dates()
    check_day(work, after.held_on, "body.held_on")
    await check_groups(work, after.groups)
    await check_station(work, after.station_id)
    if (after.questions, after.held_on) != (before.questions, before.held_on):
        await _check_questions(work, after)
    if (after.held_on, after.groups, after.attendance) != (before.held_on, before.groups, before.attendance):
        after = await _attended(work, after)
    if after.evidence != before.evidence:
        after = await _cited(work, after)
    await settle_plan(work, before, after)
    return work.change(ACTIVITIES, after, "changed")


async def months(work: Work, query: MonthsQuery) -> Months:
    """How many activities were held each month of a year, and of the year before."""
    wanted: dict[str, object] = {"state": ActivityState.HELD, "year": {"$in": [query.year - 1, query.year]}}
    wanted |= {"kind": query.kind} if query.kind is not None else {}
    held = Counter(
        (one.year, one.held_on.month)
        for one in await work.find(ACTIVITIES, wanted)
        if query.group_id is None or query.group_id in one.groups
    )
    items = [
        MonthHeld(month=month, held=held[query.year, month], held_before=held[query.year - 1, month])
        for month in range(1, 13)
    ]
    return Months(year=query.year, items=items)


async def void_activity(work: Work, before: Activity, body: ReasonIn) -> Activity:
    after = before.voided(body.reason)
    await settle_plan(work, before, after)
    return work.change(ACTIVITIES, after, "voided")


def _of_groups_sent(activity: Activity, patch: BaseModel) -> Activity:
    """Groups are replaced together, by whichever of the two fields are sent."""
    sent = patch.model_fields_set & {"group_id", "group_ids"}
    group_id = activity.group_id if "group_id" in sent else None
    group_ids = activity.group_ids if "group_ids" in sent else ()
    return activity.of_groups(*together(group_id, group_ids)) if sent else activity


async def _check_questions(work: Work, activity: Activity) -> None:
    check_questions(activity.questions, activity.held_on)
    await check_deputyships(work, askers(activity.questions))


async def _attended(work: Work, activity: Activity) -> Activity:
    """Check attendance and fix who is expected. Guests of a group's activity are recorded but not expected.

    A group's members are not named in the request, so the roster must be up to date: checked once per unit of work.
    """
    groups = activity.groups
    roster = await roster_for(work, activity.attendance, certainly=bool(groups) and not work.writes)
    check_attendance(activity.attendance, roster.deputyships, activity.held_on)
    if groups:
        expected = expected_in_groups(roster.deputyships.values(), groups, activity.held_on)
    else:
        expected = expected_as_named(activity.attendance, roster.deputyships, activity.held_on)
    late = activity.attendance.late_leave(activity.held_on)
    return activity.model_copy(
        update={"expected": expected, "late_leave": late, **roster.cited(activity.held_on)}
    )


async def _cited(work: Work, activity: Activity) -> Activity:
    """Add the digests of the files named. A name may also be that of a paper document, which has no file."""
    files = await work.find(EVIDENCE, {"_id": {"$in": list(activity.evidence)}}) if activity.evidence else []
    for file in files:
        file.check_kept()
        work.lock(EVIDENCE, file)
    return activity.model_copy(update={"evidence_sha256": {file.id: file.sha256 for file in files}})


async def settle_plan(work: Work, before: Activity | None, after: Activity) -> None:
    """Mark the plan item an activity names as done, if open; reopen it when the activity is voided or names another."""
    was = before.plan_item_id if before is not None else None
    now = after.plan_item_id if after.state is ActivityState.HELD else None
    if was is not None and was != now:
        await plans.reopen_item(work, was, after.id)
    if now is not None and await plans.fulfil_item(work, now, after.id, after.held_on) is None:
        raise _no_item(now)


async def check_item(work: Work, item_id: str | None) -> None:
    """Errors: ReferenceUnknown."""
    if item_id is not None and await plan_with_item(work, item_id) is None:
        raise _no_item(item_id)


def _no_item(item_id: str) -> ReferenceUnknown:
    message = f"计划项目不存在：{item_id}"
    return ReferenceUnknown(message, errors=[FieldError("body.plan_item_id", message)])
