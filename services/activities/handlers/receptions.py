"""Use case of a reception: the activity and the opinions received at it, in one unit of work."""

from services.activities.domain.activities import Activity
from services.activities.domain.opinions import Opinion
from services.activities.handlers.activities import hold_activity
from services.activities.handlers.opinions import receive_opinion
from services.activities.schemas import ReceptionIn
from shared.errors import Problem
from shared.storage.work import Work


async def hold_reception(work: Work, body: ReceptionIn) -> tuple[Activity, list[Opinion]]:
    """All or nothing; the place of an error is that in the request."""
    activity = await _held(work, body)
    opinions = []
    for number, received in enumerate(body.opinions):
        try:
            opinions.append(await receive_opinion(work, received.opinion(activity)))
        except Problem as problem:
            raise problem.within(f"opinions.{number}") from None
    return activity, opinions


async def _held(work: Work, body: ReceptionIn) -> Activity:
    counted = {"opinions_count": len(body.opinions)} if body.opinions else {}
    sent = (
        body.activity
        if body.activity.opinions_count is not None
        else body.activity.model_copy(update=counted)
    )
    try:
        return await hold_activity(work, sent)
    except Problem as problem:
        raise problem.within("activity") from None
