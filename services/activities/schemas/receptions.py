"""A reception, visit or other contact with the opinions received at it, in one request."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from services.activities.domain.activities import Activity, ActivityKind
from services.activities.domain.opinions import Channel
from services.activities.schemas.activities import ActivityIn
from services.activities.schemas.opinions import OpinionIn, OpinionOut
from services.activities.schemas.values import In
from shared.days import Day
from shared.http import omitted

CHANNELS = {ActivityKind.RECEPTION: Channel.RECEPTION, ActivityKind.VISIT: Channel.VISIT}
"""Channel of an opinion that names none, by the kind of the activity."""


class ReceivedIn(OpinionIn):
    """An opinion received at the activity: by default on its day, through its channel and at its station."""

    received_on: Day = omitted()

    @model_validator(mode="after")
    def _of_this_activity(self) -> Self:
        if self.activity_id is not None:
            raise ValueError("意见属于这次活动，不要另填 activity_id")
        return self

    def opinion(self, activity: Activity) -> OpinionIn:
        defaults = {
            "received_on": activity.held_on,
            "channel": CHANNELS.get(activity.kind),
            "station_id": activity.station_id,
        }
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return OpinionIn(**{**defaults, **own, "activity_id": activity.id})


class ReceptionIn(In):
    """`opinions_count` of the activity is the number of opinions unless it is sent."""

    activity: ActivityIn
    opinions: Annotated[tuple[ReceivedIn, ...], Field(max_length=500)] = ()


class ReceptionOut(BaseModel):
    activity: Activity
    opinions: list[OpinionOut]
