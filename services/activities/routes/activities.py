"""Routes of activities of all kinds."""

from services.activities import schemas
from services.activities.handlers import activities, duplicates
from services.activities.repository import ACTIVITIES, of_group
from services.activities.routes.reasons import activity_seen, viewer
from services.activities.routes.roles import OFFICE, READERS
from shared.http import Call, Filter, resource, route


@route("GET", "/towns/{town}/duplicates", roles=OFFICE)
async def list_duplicates(call: Call[schemas.DuplicatesQuery]) -> schemas.ActivityDuplicates:
    """可能重复登记的活动和建议：同日、同类、同组的活动，同一代表前后提出、题目相同或者相近的建议；是一件的合并、作废，不是的注明。"""
    activities, suggestions = await duplicates.list_duplicates(call.work, call.query)
    return schemas.ActivityDuplicates(
        items=[schemas.DuplicateActivities.from_duplicate(d) for d in activities],
        suggestions=[schemas.DuplicateSuggestions.from_duplicate(d) for d in suggestions],
    )


@route("GET", "/towns/{town}/activities:similar", roles=OFFICE)
async def list_similar(call: Call[schemas.SimilarQuery]) -> schemas.SimilarActivities:
    """登记之前查一查：同一天、同一类、同一小组已经登记了哪些活动，以免重复。"""
    found = await duplicates.similar(call.work, call.query)
    return schemas.SimilarActivities(items=[schemas.SimilarActivity.from_activity(a) for a in found])


@route("GET", "/towns/{town}/activities:months", roles=READERS)
async def count_months(call: Call[schemas.MonthsQuery]) -> schemas.Months:
    """一年之内每个月各举行了多少次活动，连同上年同月；可按种类、小组查。"""
    return await activities.months(call.work, call.query)


records = resource(
    "activities",
    ACTIVITIES,
    body=schemas.ActivityIn,
    create=activities.hold_activity,
    change=activities.change_activity,
    view=activity_seen,
    viewer=viewer,
    equals=("year", "kind", "state", "station_id", "plan_item_id"),
    filters={"group_id": Filter(str, of_group)},
    day="held_on",
    words=lambda activity: (activity.title, activity.place, *activity.topics, *activity.tags),
    read=READERS,
    write=OFFICE,
    label="履职活动",
)
void = records.command(
    "void",
    schemas.ReasonIn,
    activities.void_activity,
    write=OFFICE,
    label="作废",
)
merge = records.command(
    "merge", schemas.MergeActivityIn, duplicates.merge_activity, write=OFFICE, label="重复登记的并入另一条"
)
differ = records.command(
    "differ", schemas.DifferIn, duplicates.differ_activity, write=OFFICE, label="注明与另几条不是同一次"
)
