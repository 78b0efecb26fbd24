"""Use cases of duty-report meetings, from planning to publication."""

import asyncio

from pydantic import BaseModel

from services.ratings import domain, errors, repository, schemas
from services.ratings.ballots import BoxKeys, check_complete, check_turnout, result
from services.ratings.domain import Meeting, Method, State
from services.ratings.handlers.counting import keep_tally, tally_of
from services.ratings.handlers.schemes import scheme_now
from services.ratings.repository import DEPUTYSHIPS, MEETINGS, TALLIES
from shared.ids import new_id
from shared.security.tokens import Actor
from shared.storage.planned import check_day
from shared.storage.work import Work


async def plan_meeting(
    work: Work, body: schemas.MeetingIn, *, id: str | None = None, reference: str | None = None
) -> Meeting:
    scheme = await scheme_now(work, body.scheme_id)
    domain.check_method(scheme, body.method)
    check_day(work, body.held_on, "body.held_on")
    await _check_deputies(work, body.deputyship_ids)
    fields = body.model_dump(exclude={"scheme_id", "year"})
    meeting = Meeting(
        id=id or new_id(),
        town=work.town,
        reference=reference,
        scheme=scheme,
        year=body.year or body.held_on.year,
        **fields,
    )
    domain.check_presiding(meeting, ())
    return work.create(MEETINGS, await _citing(work, meeting), "planned")


async def change_meeting(work: Work, before: Meeting, patch: BaseModel) -> Meeting:
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "scheme_id" in sent:
        sent["scheme"] = await scheme_now(work, sent.pop("scheme_id"))
    if "deputyship_ids" in sent:
        await _check_deputies(work, sent["deputyship_ids"])
    after = Meeting.model_validate(before.model_dump() | sent)
    if after == before:
        return before
    before.check_in_force()
    check_day(work, after.held_on, "body.held_on")
    domain.check_method(after.scheme, after.method)
    sent_again = {"present"} if after.present == before.present else set()
    if after.model_copy(update={"plan_item_id": before.plan_item_id}) != before:
        domain.check_change(before, patch.model_fields_set - sent_again)
    took_part = (await tally_of(work, after)).took_part
    domain.check_presiding(after, took_part, was_named=bool(before.presiding))
    if {"held_on", "deputyship_ids"} & sent.keys():
        after = await _citing(work, after)
    return work.change(MEETINGS, after, "changed")


async def check_leader(work: Work, meeting: Meeting, actor: Actor) -> None:
    """Errors: NotPresiding unless the caller opens, closes, publishes and revokes this meeting."""
    took_part = (await tally_of(work, meeting)).took_part
    domain.check_leader(meeting, actor.sub, actor.meeting, office=actor.has("office"), took_part=took_part)


async def open_meeting(work: Work, before: Meeting, keys: BoxKeys | None = None) -> Meeting:
    """Open the meeting; after a revocation the tally is emptied, as a correction is counted twice too.

    `keys`: where the key of the box is made; not needed on paper.
    """
    if not before.deputyship_ids:
        raise errors.Unacceptable("尚未填写述职代表，不能开始测评")
    meeting = domain.opened(before, await scheme_now(work, before.scheme.id), work.actor)
    if before.state is State.DRAFT:
        meeting = await _citing(work, meeting)
    domain.check_method(meeting.scheme, meeting.method)
    tally = await tally_of(work, meeting)
    if meeting.method is Method.ONLINE and not tally.slips:
        raise errors.Unacceptable("尚未印制扫码票，不能开始测评")
    voting = before.state is State.DRAFT and meeting.method is not Method.PAPER
    box_key = tally.box_key
    if voting and keys is not None:
        box_key = await asyncio.to_thread(keys.make, meeting.id)  # waits for the disk
    emptied = {"sheets": (), "counted_by": tuple(sorted(tally.counters))}
    keep_tally(work, tally.model_copy(update={"open": voting, "box_key": box_key, **emptied}))
    return work.change(MEETINGS, meeting, "opened")


async def close_meeting(
    work: Work,
    before: Meeting,
    stated: schemas.CloseIn = schemas.CloseIn(),  # noqa: B008 - it is frozen
) -> Meeting:
    """Close the meeting: both entries must agree, the box, if any, is counted, and no more voted than were there."""
    meeting = domain.closed(before)
    tally = await work.require(TALLIES, before.id)
    if meeting.method is not Method.ONLINE:
        check_complete(tally, meeting.scheme)
    if meeting.method is not Method.PAPER:
        present = meeting.present if stated.present is None else stated.present
        meeting = meeting.model_copy(update={"present": present})
        tally = tally.model_copy(update={"handed_out": stated.handed_out})
        work.change(TALLIES, tally, "closed")
    elif stated.model_fields_set:
        raise errors.Unacceptable("纸质测评的到会人数和发出票数写在会议和计票表上")
    check_turnout(tally, meeting)
    return work.change(MEETINGS, meeting, "closed")


async def publish_meeting(work: Work, before: Meeting, _: schemas.Nothing) -> Meeting:
    """Compute the result and publish it."""
    domain.expect(before, State.CLOSED, doing="公布结果")
    tally = await work.require(TALLIES, before.id)
    domain.check_publisher(before, tally.tellers, work.actor)
    check_turnout(tally, before)  # on paper `present` may have been changed since
    return work.change(MEETINGS, domain.published(before, result(tally, before)), "published")


async def revoke_meeting(work: Work, before: Meeting, body: schemas.ReasonIn) -> Meeting:
    revoked = domain.revoked(before, body.reason, work.clock.today(), work.actor)
    return work.change(MEETINGS, revoked, "revoked")


async def void_meeting(work: Work, before: Meeting, body: schemas.ReasonIn) -> Meeting:
    """Void a meeting entered by mistake, at which nobody can have voted.

    The tally is written too, so that concurrent printing and counting conflict. A box that was opened without slips is
    counted as empty, by which its key is destroyed.
    """
    tally = await tally_of(work, before)
    after = domain.voided(
        before,
        body.reason,
        work.clock.today(),
        slips=bool(tally.slips),
        counted=bool(tally.counters),
    )
    keep_tally(work, tally.model_copy(update={"open": False, "box": () if tally.box_key else tally.box}))
    return work.change(MEETINGS, after, "voided")


async def _citing(work: Work, meeting: Meeting) -> Meeting:
    """Add the citation of the roster; no hash where the copy is incomplete."""
    deputyships, sequence = await repository.roster(work)
    hash = domain.roster_hash(work.town, meeting.held_on, deputyships) if sequence is not None else None
    return meeting.model_copy(update={"roster_sequence": sequence or 0, "roster_hash": hash})


async def _check_deputies(work: Work, deputyship_ids: tuple[str, ...]) -> None:
    domain.check_deputies(deputyship_ids)
    await work.require_all(DEPUTYSHIPS, deputyship_ids, "body.deputyship_ids")
