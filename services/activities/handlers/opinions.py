"""Entering the opinions of voters and what became of them."""

from pydantic import BaseModel

from services.activities.domain.opinions import Opinion, OpinionState
from services.activities.handlers.references import check_station, revised
from services.activities.repository import DEPUTYSHIPS, OPINIONS
from services.activities.schemas import OpinionIn
from shared.ids import new_id
from shared.work import Work


async def receive_opinion(
    work: Work, body: OpinionIn, *, given_id: str | None = None, reference: str | None = None
) -> Opinion:
    fields = dict(body) | {"reference": reference}
    opinion = Opinion(id=given_id or new_id(), town=work.town, year=body.received_on.year, **fields)
    opinion = _closed(opinion, body)
    await _check(work, opinion)
    return work.create(OPINIONS, opinion, "received")


async def change_opinion(work: Work, before: Opinion, patch: BaseModel) -> Opinion:
    after = _closed(revised(before, patch), patch)
    after = after.model_copy(update={"year": after.received_on.year})
    if after == before:
        return before
    await _check(work, after)
    return work.change(OPINIONS, after, "changed")


def _closed(opinion: Opinion, body: BaseModel) -> Opinion:
    """A day of closing without a word on the state says that it is closed."""
    if opinion.closed_on is None or "state" in body.model_fields_set:
        return opinion
    return opinion.model_copy(update={"state": OpinionState.CLOSED})


async def _check(work: Work, opinion: Opinion) -> None:
    opinion.check_dates()
    await check_station(work, opinion.station_id)
    if opinion.deputyship_id is not None:
        await work.known(DEPUTYSHIPS, [opinion.deputyship_id], "body.deputyship_id")
