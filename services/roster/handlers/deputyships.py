"""Every step of a deputyship: start, change, suspend, resume, end."""

from services.roster import repository
from services.roster.domain import deputyships
from services.roster.domain.deputyships import Deputyship
from services.roster.errors import DeputyshipExists
from services.roster.handlers.references import must_exist, registered_town
from services.roster.repository import DEPUTYSHIPS, GROUPS, PEOPLE
from services.roster.schemas.deputyships import DeputyshipIn, DeputyshipPatch, EndIn, ResumeIn, SuspendIn
from shared.ids import new_id
from shared.work import Work


async def start_deputyship(work: Work, body: DeputyshipIn) -> Deputyship:
    town = await registered_town(work)
    await must_exist(work, PEOPLE, body.person_id, "body.person_id", "人员")
    await must_exist(work, GROUPS, body.group_id, "body.group_id", "代表小组")
    deputyships.check_entry(body.status, body.started_on, body.ended_on, body.ended_reason)
    fields = body.model_dump(exclude={"status", "ended_on", "ended_reason"})
    fields["congress_number"] = body.congress_number or town.congress_number
    deputyship = deputyships.start(Deputyship(id=new_id(), town=work.town, **fields))
    if body.ended_on is not None and body.ended_reason is not None:
        deputyship = deputyships.end(deputyship, reason=body.ended_reason, on=body.ended_on)
    await _no_overlap(work, deputyship)
    return work.create(DEPUTYSHIPS, deputyship, "started")


async def change_deputyship(work: Work, before: Deputyship, patch: DeputyshipPatch) -> Deputyship:
    """A first group or role that is not dated holds from the beginning; later changes from today."""
    sent, today = patch.model_fields_set, work.clock.today()
    after = before.model_copy(
        update={
            name: getattr(patch, name) for name in sent & {"congress_number", "constituency", "from_unit"}
        }
    )
    if "started_by" in sent:
        after = after.model_copy(update={"started_by": patch.started_by})
    if "started_on" in sent and patch.started_on != before.started_on:
        after = deputyships.redate(after, started_on=patch.started_on)
        await _no_overlap(work, after)
    if "group_id" in sent:
        await must_exist(work, GROUPS, patch.group_id, "body.group_id", "代表小组")
        on = today if before.group_history else after.started_on
        after = deputyships.move(after, group_id=patch.group_id, on=patch.on or on)
    if "roles" in sent:
        on = today if before.role_history else after.started_on
        after = deputyships.appoint(after, roles=patch.roles, on=patch.on or on)
    return before if after == before else work.change(DEPUTYSHIPS, after, "changed")


async def end_deputyship(work: Work, deputyship: Deputyship, body: EndIn) -> Deputyship:
    return work.change(DEPUTYSHIPS, deputyships.end(deputyship, reason=body.reason, on=body.on), "ended")


async def suspend_deputyship(work: Work, deputyship: Deputyship, body: SuspendIn) -> Deputyship:
    return work.change(
        DEPUTYSHIPS, deputyships.suspend(deputyship, reason=body.reason, on=body.on), "suspended"
    )


async def resume_deputyship(work: Work, deputyship: Deputyship, body: ResumeIn) -> Deputyship:
    return work.change(DEPUTYSHIPS, deputyships.resume(deputyship, on=body.on), "resumed")


async def _no_overlap(work: Work, new: Deputyship) -> None:
    others = await repository.deputyships_of(work, new.person_id, new.level)
    other = deputyships.overlapping(new, others)
    if other is not None:
        raise DeputyshipExists(f"与 {other.started_on} 开始的同级代表资格时间重叠")
