"""Routes of activities of all kinds."""

from services.activities import schemas
from services.activities.handlers import activities
from services.activities.repository import ACTIVITIES, of_group
from services.activities.routes.reasons import activity_seen, viewer
from services.activities.routes.roles import OFFICE, READERS
from shared.http import Filter, resource

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
