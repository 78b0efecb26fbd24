"""Use cases of deputyships: start, change, resign, suspend, resume, end."""

from collections.abc import Callable
from datetime import date

from services.roster import repository
from services.roster.domain import by_elections, corrections, deputyships, groups, merging, resignations
from services.roster.domain.dated import unfit
from services.roster.domain.deputyships import Deputyship, StartedBy
from services.roster.domain.people import names
from services.roster.errors import DeputyshipExists
from services.roster.handlers import people, tasks
from services.roster.handlers.references import must_be_free, must_exist, registered_town
from services.roster.repository import BY_ELECTIONS, DEPUTYSHIPS, GROUPS, PEOPLE
from services.roster.schemas.deputyships import (
    DeputyIn,
    DeputyshipIn,
    DeputyshipPatch,
    EndIn,
    ResignIn,
    ResumeIn,
    SuspendIn,
    VoidIn,
)
from shared.chinese.initials import initials
from shared.errors import Problem
from shared.http.listing import Words
from shared.ids import new_id
from shared.storage.planned import check_day
from shared.storage.work import Work


async def start_deputyship(work: Work, body: DeputyshipIn) -> Deputyship:
    town = await registered_town(work)
    await must_exist(work, PEOPLE, body.person_id, "body.person_id", "人员")
    person = await work.require(PEOPLE, body.person_id)
    merging.check_open(person)
    work.lock(PEOPLE, person)  # a mandate begins before the person is merged into another, or not at all
    await must_exist(work, GROUPS, body.group_id, "body.group_id", "代表小组")
    deputyships.check_entry(body.status, body.started_on, body.ended_on, body.ended_reason)
    await _check_by_election(work, body.by_election_id, body.started_by, body.person_id)
    fields = body.model_dump(exclude={"status", "ended_on", "ended_reason"})
    fields["congress_number"] = body.congress_number or town.congress_number
    deputyship = deputyships.start(Deputyship(id=new_id(), town=work.town, **fields))
    if body.ended_on is not None and body.ended_reason is not None:
        deputyship = deputyships.end(deputyship, reason=body.ended_reason, on=body.ended_on)
    check_day(work, deputyship.started_on, "body.started_on")
    check_day(work, deputyship.ended_on, "body.ended_on")
    await _no_overlap(work, deputyship)
    await must_be_free(work, DEPUTYSHIPS, deputyship, deputyship.reference)
    return work.create(DEPUTYSHIPS, deputyship, "started")


async def register_deputy(work: Work, body: DeputyIn) -> Deputyship:
    """A person and their mandate, together. Errors name the field of either."""
    try:
        person = await people.register_person(work, body.person)
    except Problem as problem:
        raise problem.within("person") from None
    mandate = DeputyshipIn(person_id=person.id, **body.deputyship.model_dump(exclude_unset=True))
    try:
        return await start_deputyship(work, mandate)
    except Problem as problem:
        raise problem.within("deputyship") from None


async def change_deputyship(work: Work, before: Deputyship, patch: DeputyshipPatch) -> Deputyship:
    """Without `on`, a first group or role holds from the start of the mandate, a later change from today."""
    deputyships.must_hold(before)
    sent, today = patch.model_fields_set, work.clock.today()
    plain = {"congress_number", "constituency", "from_unit", "started_by", "by_election_id"}
    after = corrections.correct(
        before, {name: getattr(patch, name) for name in sorted(sent & plain)}, today=today
    )
    if not sent.isdisjoint(("started_by", "by_election_id")):
        await _check_by_election(work, after.by_election_id, after.started_by, after.person_id)
    if "reference" in sent:
        await must_be_free(work, DEPUTYSHIPS, before, patch.reference)
        after = after.model_copy(update={"reference": patch.reference})
    after = _redated(after, patch, today)
    if (after.started_on, after.ended_on) != (before.started_on, before.ended_on):
        check_day(work, after.started_on, "body.started_on")
        check_day(work, after.ended_on, "body.ended_on")
        await _no_overlap(work, after)
    if "group_id" in sent:
        await must_exist(work, GROUPS, patch.group_id, "body.group_id", "代表小组")
        on = today if before.group_history else after.started_on
        after = deputyships.move(after, group_id=patch.group_id, on=patch.on or on)
    if "roles" in sent:
        on = today if before.role_history else after.started_on
        after = deputyships.appoint(after, roles=patch.roles, on=patch.on or on)
    if patch.accepted_on is not None:
        session = patch.accepted_by_session
        after = resignations.accept_afterwards(after, accepted_on=patch.accepted_on, session=session)
        await tasks.follow(work, after)
    return before if after == before else work.change(DEPUTYSHIPS, after, "changed")


def _redated(deputyship: Deputyship, patch: DeputyshipPatch, today: date) -> Deputyship:
    sent = patch.model_fields_set
    if "started_on" in sent and patch.started_on != deputyship.started_on:
        deputyship = corrections.redate(deputyship, started_on=patch.started_on, today=today)
    if not sent.isdisjoint(("ended_on", "ended_reason")):
        ended_on = patch.ended_on if "ended_on" in sent else None
        reason = patch.ended_reason if "ended_reason" in sent else None
        deputyship = corrections.redate_end(deputyship, ended_on=ended_on, ended_reason=reason, today=today)
    return deputyship


async def resign_deputyship(work: Work, deputyship: Deputyship, body: ResignIn) -> Deputyship:
    """Record the request and open the committee's task; the mandate ends only by `end_deputyship`."""
    after = resignations.request(deputyship, requested_on=body.requested_on)
    await tasks.open_for(work, deputyship, "resignation", on=body.requested_on)
    return work.change(DEPUTYSHIPS, after, "changed")


async def end_deputyship(work: Work, deputyship: Deputyship, body: EndIn) -> Deputyship:
    check_day(work, body.on, "body.on")
    settled = resignations.settle_by_end(
        deputyship,
        reason=body.reason,
        on=body.on,
        accepted_on=body.accepted_on,
        session=body.accepted_by_session,
    )
    ended = deputyships.end(settled, reason=body.reason, on=body.on)
    await tasks.follow(work, ended)
    return work.change(DEPUTYSHIPS, ended, "ended")


async def suspend_deputyship(work: Work, deputyship: Deputyship, body: SuspendIn) -> Deputyship:
    return work.change(
        DEPUTYSHIPS, deputyships.suspend(deputyship, reason=body.reason, on=body.on), "suspended"
    )


async def resume_deputyship(work: Work, deputyship: Deputyship, body: ResumeIn) -> Deputyship:
    return work.change(DEPUTYSHIPS, deputyships.resume(deputyship, on=body.on), "resumed")


async def void_deputyship(work: Work, deputyship: Deputyship, body: VoidIn) -> Deputyship:
    """Withdraw a mandate that was entered by mistake, with its tasks and its leadership of groups."""
    voided = corrections.void(deputyship, reason=body.reason, today=work.clock.today())
    await tasks.follow(work, voided)
    for group in await repository.all_groups(work):
        led = groups.never_led(group, voided.id)
        if led != group:
            work.change(GROUPS, led, "changed")
    return work.change(DEPUTYSHIPS, voided, "voided")


async def _check_by_election(work: Work, id: str | None, started_by: StartedBy, person_id: str) -> None:
    """The person must have been elected in the by-election named (选举法 2020 Art. 45)."""
    if id is None:
        return
    election = await work.get(BY_ELECTIONS, id)
    if election is None:
        raise unfit("by_election_id", "补选不存在")
    if started_by != "by_election":
        raise unfit("by_election_id", "填写了补选，产生方式须为补选（by_election）")
    person = await work.require(PEOPLE, person_id)
    if election.elected and not any(
        by_elections.chosen(election, name=name, person_id=person.id) for name in names(person)
    ):
        raise unfit("by_election_id", f"{person.name} 没有在这次补选中当选")


async def words_of(work: Work) -> Words[Deputyship]:
    """A list of deputyships is searched by name, its initials, constituency and the office's own number."""
    called = {person.id: person.name for person in await repository.all_people(work)}

    def words(mandate: Deputyship) -> tuple[str | None, ...]:
        name = called[mandate.person_id]
        return name, initials(name), mandate.constituency, mandate.reference

    return words


async def stroke_values(work: Work) -> Callable[[Deputyship], tuple[str, str, str]]:
    """Name, then level and first day."""
    called = {person.id: person.name for person in await repository.all_people(work)}
    return lambda mandate: (called[mandate.person_id], mandate.level, mandate.started_on.isoformat())


async def _no_overlap(work: Work, new: Deputyship) -> None:
    others = await repository.deputyships_of(work, new.person_id, new.level)
    other = deputyships.overlapping(new, others)
    if other is not None:
        raise DeputyshipExists(
            f"与 {other.started_on} 开始的同级代表资格时间重叠，请先终止前一项（换届的为任期届满）"
        )
