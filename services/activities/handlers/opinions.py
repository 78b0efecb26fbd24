"""Use cases of voters' opinions: receive, correct, answer, forward, convert, close, void, erase."""

from typing import Any

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain import retention
from services.activities.domain.opinions import STEPS, Erasure, Opinion, OpinionState
from services.activities.domain.suggestions import Suggestion
from services.activities.handlers.contacts import forget_contact
from services.activities.handlers.references import check_own, check_station, revised
from services.activities.handlers.suggestions import raise_suggestion
from services.activities.repository import ACTIVITIES, CONTACTS, DEPUTYSHIPS, OPINIONS, SUGGESTIONS
from services.activities.schemas import (
    OpinionAnswerIn,
    OpinionCloseIn,
    OpinionConvertIn,
    OpinionForwardIn,
    OpinionIn,
    ReasonIn,
)
from shared.errors import Problem
from shared.ids import new_id
from shared.storage.planned import check_day
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Work


async def receive_opinion(
    work: Work, body: OpinionIn, *, given_id: str | None = None, reference: str | None = None
) -> Opinion:
    fields = dict(body) | {"reference": reference}
    opinion = Opinion(id=given_id or new_id(), town=work.town, year=body.received_on.year, **fields)
    opinion = _settled(opinion, body)
    await _check(work, opinion, None)
    return work.create(OPINIONS, opinion, "received")


async def change_opinion(work: Work, before: Opinion, patch: BaseModel) -> Opinion:
    after = _settled(revised(before, patch), patch)
    after = after.model_copy(update={"year": after.received_on.year})
    if after == before:
        return before
    before.check_in_force()
    after.check_erased()
    await _check(work, after, before)
    return work.change(OPINIONS, after, "changed")


async def answer_opinion(work: Work, opinion: Opinion, body: OpinionAnswerIn) -> Opinion:
    check_day(work, body.on, "body.on")
    details: dict[str, Any] = {"answered_by": body.by, "answer": body.text}
    return work.change(OPINIONS, opinion.with_step(OpinionState.ANSWERED, body.on, **details), "answered")


async def forward_opinion(work: Work, opinion: Opinion, body: OpinionForwardIn) -> Opinion:
    check_day(work, body.on, "body.on")
    after = opinion.with_step(OpinionState.FORWARDED, body.on, forwarded_to=body.unit)
    return work.change(OPINIONS, after, "forwarded")


async def convert_opinion(work: Work, opinion: Opinion, body: OpinionConvertIn) -> Opinion:
    """Convert an opinion to a new or existing suggestion; both records refer to each other."""
    opinion.check_in_force()
    if body.suggestion is None:
        await check_own(work, SUGGESTIONS, body.suggestion_id, "body.suggestion_id", "代表建议")
        suggestion = await work.require(SUGGESTIONS, body.suggestion_id or "")
        origins = dict.fromkeys((*suggestion.opinion_ids, opinion.id))
        if len(origins) > len(suggestion.opinion_ids):
            joined = suggestion.model_copy(update={"opinion_ids": tuple(origins)})
            suggestion = work.change(SUGGESTIONS, joined, "changed")
    else:
        suggestion = await _raised_from(work, opinion, body)
    on = body.on or suggestion.raised_on
    check_day(work, on, "body.on")
    after = opinion.with_step(OpinionState.CONVERTED, on, suggestion_id=suggestion.id)
    return work.change(OPINIONS, after, "converted")


async def close_opinion(work: Work, opinion: Opinion, body: OpinionCloseIn) -> Opinion:
    check_day(work, body.on, "body.on")
    return work.change(OPINIONS, opinion.with_step(OpinionState.CLOSED, body.on), "closed")


async def void_opinion(work: Work, opinion: Opinion, body: ReasonIn) -> Opinion:
    """Void an opinion: its contact is erased, and no suggestion comes from it."""
    after = opinion.voided(body.reason, work.clock.today())
    contact = await work.get(CONTACTS, opinion.id)
    if contact is not None:
        await forget_contact(work, contact)
    for suggestion in await work.find(SUGGESTIONS, {"opinion_ids": opinion.id, **IN_FORCE}):
        others = tuple(id for id in suggestion.opinion_ids if id != opinion.id)
        work.change(SUGGESTIONS, suggestion.model_copy(update={"opinion_ids": others}), "changed")
    return work.change(OPINIONS, after, "voided")


async def erase_opinion(work: Work, opinion: Opinion, body: ReasonIn) -> Opinion:
    """Erase text, answer and contact, also from stored idempotent answers; the opinion is counted as before.

    The event log contains none of them; backups have to expire.
    """
    contact = await work.get(CONTACTS, opinion.id)
    if contact is not None:
        await forget_contact(work, contact)
    work.forget(OPINIONS, opinion.id)
    erased = Erasure(on=work.clock.today(), by=work.actor, reason=body.reason)
    return work.change(OPINIONS, opinion.without_text(erased), "erased")


async def erase_opinion_in_time(work: Work, *, id: str) -> bool:
    """Erase text, answer and contact of an opinion that was closed long enough ago. Returns whether it did."""
    opinion, today = await work.require(OPINIONS, id), work.clock.today()
    over_on = opinion.over_on((await repository.rules(work, today)).opinion_keep_days)
    if opinion.erased is not None or over_on is None or over_on > today:
        return False
    await erase_opinion(work, opinion, ReasonIn(reason=f"保存期满（{retention.TEXTS.id}）"))
    return True


async def _raised_from(work: Work, opinion: Opinion, body: OpinionConvertIn) -> Suggestion:
    """Raise the suggestion; by default by the deputy of the opinion and in its category. The text is not copied."""
    assert body.suggestion is not None
    new = body.suggestion
    defaults = {"lead_deputyship_id": opinion.deputyship_id, "category": opinion.category}
    missing = {name: value for name, value in defaults.items() if name not in new.model_fields_set}
    try:
        return await raise_suggestion(work, new.model_copy(update=missing), opinion_ids=(opinion.id,))
    except Problem as problem:
        raise problem.within("suggestion") from None


def _settled(opinion: Opinion, body: BaseModel) -> Opinion:
    """Where dates were sent but no state, derive the state from the dates."""
    sent = body.model_fields_set
    return opinion.as_dated() if "state" not in sent and not sent.isdisjoint(STEPS.values()) else opinion


async def _check(work: Work, opinion: Opinion, before: Opinion | None) -> None:
    """An activity that was voided after it had been named stays named."""
    opinion.check_dates()
    for name in ("received_on", *STEPS.values()):
        check_day(work, getattr(opinion, name), f"body.{name}")
    await check_station(work, opinion.station_id)
    if before is None or opinion.activity_id != before.activity_id:
        await check_own(work, ACTIVITIES, opinion.activity_id, "body.activity_id", "活动")
    if opinion.deputyship_id is not None:
        await work.require_all(DEPUTYSHIPS, [opinion.deputyship_id], "body.deputyship_id")
