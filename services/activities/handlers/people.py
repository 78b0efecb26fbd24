"""Everything this service holds about one person: by which mandates, and what they did."""

from collections.abc import Iterator

from services.activities.domain.activities import Activity
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.roster import Person
from services.activities.repository import (
    ABSENCES,
    ACTIVITIES,
    DEPUTYSHIPS,
    OPINIONS,
    PRESIDIUM_MEETINGS,
    SESSIONS,
    SUGGESTIONS,
)
from services.activities.schemas import Held, HeldMotion, OpinionOut, PersonExport
from shared.storage.work import Work

Sheet = Session | PresidiumMeeting | Activity


async def everything_about(work: Work, person: Person) -> PersonExport:
    """Of others it says nothing: neither who else stood on a sheet, nor what a voter told."""
    mandates = await work.find(DEPUTYSHIPS, {"person_id": person.id})
    own = frozenset(one.id for one in mandates)
    among = {"$in": sorted(own)}
    sessions = await work.find(SESSIONS)
    sheets: list[tuple[str, Sheet]] = [
        *(("session", one) for one in sessions),
        *(("presidium_meeting", one) for one in await work.find(PRESIDIUM_MEETINGS)),
        *(("activity", one) for one in await work.find(ACTIVITIES)),
    ]
    suggestions = {
        one.id: one
        for field in ("lead_deputyship_id", "co_deputyship_ids")
        for one in await work.find(SUGGESTIONS, {field: among})
    }
    return PersonExport(
        person=person,
        deputyships=mandates,
        held=sorted((one for told in sheets for one in _held(*told, own)), key=lambda one: one.held_on),
        motions=[
            HeldMotion(session_id=session.id, title=motion.title)
            for session in sessions
            for motion in session.motions
            if own & {*motion.proposers}
        ],
        absences=await work.find(ABSENCES, {"deputyship_id": among}),
        suggestions=sorted(suggestions.values(), key=lambda one: (one.raised_on, one.id)),
        opinions=[
            OpinionOut.of(one, in_full=False) for one in await work.find(OPINIONS, {"deputyship_id": among})
        ],
    )


def _held(noun: str, sheet: Sheet, own: frozenset[str]) -> Iterator[Held]:
    """One line for each of his mandates that the sheet names or expects."""
    leaves = {leave.deputyship_id: leave for leave in sheet.attendance.on_leave}
    written = {named: place.partition(".")[0] for place, named in sheet.attendance.named()}
    for one in sorted(own & {*sheet.expected, *written}):
        yield Held(
            subject=f"{noun}/{sheet.id}",
            held_on=sheet.held_on,
            deputyship_id=one,
            expected=one in sheet.expected,
            state=written.get(one, "not_recorded"),
            leave=leaves.get(one),
        )
