"""Use cases of sessions of the congress and meetings of its presidium."""

from datetime import date

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain import congress
from services.activities.domain.attendance import (
    check_attendance,
    expected_at_session,
    expected_in_presidium,
)
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.errors import PresidiumMeetingExists, SessionExists, WrongState
from services.activities.handlers import absences, plans
from services.activities.handlers.references import Roster, check_deputyships, revised, roster_for
from services.activities.repository import PRESIDIUM_MEETINGS, SESSIONS, SUGGESTIONS
from services.activities.schemas import (
    DecisionDoneIn,
    OpenDecision,
    OpenDecisions,
    PresidiumMeetingIn,
    ProjectProgressIn,
    ProjectRatedIn,
    ReasonIn,
    SessionIn,
)
from shared.ids import new_id
from shared.storage.planned import check_day
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Work


async def hold_session(work: Work, body: SessionIn) -> Session:
    session = Session(id=new_id(), town=work.town, year=body.held_on.year, **dict(body))
    await _check_session_number(work, session)
    recorded = work.create(SESSIONS, await _attended_session(work, session), "held")
    if recorded.attendance.recorded:
        await absences.settle(work, recorded.congress_number)
    return recorded


async def change_session(work: Work, before: Session, patch: BaseModel) -> Session:
    after = revised(before, patch)
    after = after.model_copy(update={"year": after.held_on.year})
    if after == before:
        return before
    before.check_in_force()
    await _check_session_number(work, after)
    changed = work.change(SESSIONS, await _attended_session(work, after, before), "changed")
    if _counted(changed) != _counted(before):
        for number in sorted({before.congress_number, changed.congress_number}):
            await absences.settle(work, number)
    return changed


async def void_session(work: Work, before: Session, body: ReasonIn) -> Session:
    """Void a session, unless suggestions name it; absences and plan items follow. Errors: RecordVoided, WrongState."""
    after = before.voided(body.reason, work.clock.today())
    named = await work.find(SUGGESTIONS, {"session_id": before.id, **IN_FORCE})
    if named:
        numbers = "、".join(
            f"{one.year}年{one.number}号" for one in sorted(named, key=lambda one: one.in_order)[:5]
        )
        raise WrongState(
            f"有 {len(named)} 件代表建议写明在这次会议上提出（{numbers}），请先把它们改到别的会议，或者作废"
        )
    voided = work.change(SESSIONS, after, "voided")
    await plans.reopen_items_of(work, voided.id)
    if voided.attendance.recorded:
        await absences.settle(work, voided.congress_number)
    return voided


def _counted(session: Session) -> tuple[object, ...]:
    """The fields of a session that affect the count of absences."""
    number = session.congress_number, session.session_number
    return (*number, session.held_on, session.attendance.without_approved_leave(), session.expected)


async def _check_session_number(work: Work, session: Session) -> None:
    other = await repository.session_numbered(work, session.congress_number, session.session_number)
    if other is not None and other.id != session.id:
        raise SessionExists(
            f"第 {session.congress_number} 届第 {session.session_number} 次会议已登记（{other.held_on} 举行）"
        )


async def _attended_session(work: Work, session: Session, before: Session | None = None) -> Session:
    """Check a session against law and roster; `expected` is computed again when the day or the attendance changed."""
    session.check_dates()
    check_day(work, session.held_on, "body.held_on")
    if before is None or [*session.proposers()] != [*before.proposers()]:
        await check_deputyships(work, session.proposers())
    roster = await roster_for(work, session.attendance, certainly=True)
    everyone = roster.deputyships.values()
    rules = await repository.rules(work, session.held_on)
    base = congress.base(everyone, session.held_on, suspended_in_base=rules.suspended_in_base)
    if before is None or session.votes() != before.votes() or session.held_on != before.held_on:
        congress.check_majority(session.votes(), base, session.held_on)
    if before is not None and _same_sheet(session, before):
        if session.cast() != before.cast():
            congress.check_cast(session.cast(), session.attendance, session.expected, session.held_on)
        return session
    check_attendance(session.attendance, roster.deputyships, session.held_on, town_level_only=True)
    expected = expected_at_session(everyone, session.held_on)
    if session.attendance.recorded:
        congress.check_quorum(len(set(session.attendance.present) & set(expected)), base, session.held_on)
    congress.check_cast(session.cast(), session.attendance, expected, session.held_on)
    return session.model_copy(update={"expected": expected, **_settled(session, roster)})


async def hold_presidium_meeting(work: Work, body: PresidiumMeetingIn) -> PresidiumMeeting:
    check_day(work, body.held_on, "body.held_on")
    meeting = PresidiumMeeting(id=new_id(), town=work.town, year=body.held_on.year, **dict(body))
    await _check_meeting_number(work, meeting)
    return work.create(PRESIDIUM_MEETINGS, await _attended_meeting(work, meeting), "held")


async def change_presidium_meeting(
    work: Work, before: PresidiumMeeting, patch: BaseModel
) -> PresidiumMeeting:
    after = revised(before, patch)
    after = after.model_copy(update={"year": after.held_on.year})
    if after == before:
        return before
    before.check_in_force()
    check_day(work, after.held_on, "body.held_on")
    await _check_meeting_number(work, after)
    if not _same_sheet(after, before):
        after = await _attended_meeting(work, after)
    return work.change(PRESIDIUM_MEETINGS, after, "changed")


async def void_presidium_meeting(work: Work, before: PresidiumMeeting, body: ReasonIn) -> PresidiumMeeting:
    voided = work.change(PRESIDIUM_MEETINGS, before.voided(body.reason, work.clock.today()), "voided")
    await plans.reopen_items_of(work, voided.id)
    return voided


async def finish_decision(
    work: Work, before: PresidiumMeeting, number: int, body: DecisionDoneIn
) -> PresidiumMeeting:
    after = before.decision_done(number, body.on, body.outcome)
    return before if after == before else work.change(PRESIDIUM_MEETINGS, after, "changed")


async def follow_project(
    work: Work, before: Session, number: int, body: ProjectProgressIn | ProjectRatedIn
) -> Session:
    """Write what is told of a livelihood project; fields that were not sent stay as they are."""
    told = {"rated_on" if name == "on" else name: getattr(body, name) for name in body.model_fields_set}
    after = before.project_followed(number, **told)
    return before if after == before else work.change(SESSIONS, after, "changed")


async def open_decisions(work: Work, day: date) -> OpenDecisions:
    decisions = [
        OpenDecision(
            meeting_id=meeting.id,
            year=meeting.year,
            meeting_number=meeting.number,
            held_on=meeting.held_on,
            number=number,
            text=decision.text,
            due_on=decision.due_on,
            overdue=decision.due_on is not None and decision.due_on < day,
        )
        for meeting in await repository.presidium_meetings_by(work, day)
        for number, decision in meeting.open_decisions(day)
    ]
    decisions.sort(key=lambda decision: (decision.due_on or date.max, decision.held_on, decision.number))
    return OpenDecisions(open_on=day, items=tuple(decisions))


async def _check_meeting_number(work: Work, meeting: PresidiumMeeting) -> None:
    other = await repository.presidium_meeting_numbered(work, meeting.year, meeting.number)
    if other is not None and other.id != meeting.id:
        raise PresidiumMeetingExists(
            f"{meeting.year} 年第 {meeting.number} 次主席团会议已登记（{other.held_on} 举行）"
        )


async def _attended_meeting(work: Work, meeting: PresidiumMeeting) -> PresidiumMeeting:
    roster = await roster_for(work, meeting.attendance)
    check_attendance(meeting.attendance, roster.deputyships, meeting.held_on)
    expected = expected_in_presidium(roster.deputyships.values(), meeting.held_on)
    rules = await repository.rules(work, meeting.held_on)
    if rules.presidium_quorum and meeting.attendance.recorded and expected:
        members_present = set(meeting.attendance.present) & set(expected)
        congress.check_presidium_quorum(len(members_present), len(expected), meeting.held_on)
    return meeting.model_copy(update={"expected": expected, **_settled(meeting, roster)})


def _settled(meeting: Session | PresidiumMeeting, roster: Roster) -> dict[str, object]:
    return {"late_leave": meeting.attendance.late_leave(meeting.held_on), **roster.cited(meeting.held_on)}


def _same_sheet(after: Session | PresidiumMeeting, before: Session | PresidiumMeeting) -> bool:
    return (after.held_on, after.attendance) == (before.held_on, before.attendance)
