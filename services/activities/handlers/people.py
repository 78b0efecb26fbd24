"""Export of everything this service holds about one person."""

from collections.abc import Iterable, Iterator

from services.activities.domain.activities import Activity
from services.activities.domain.drafts import Draft
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.roster import Person
from services.activities.repository import (
    ABSENCES,
    ACTIVITIES,
    DEPUTYSHIPS,
    DRAFTS,
    OPINIONS,
    PRESIDIUM_MEETINGS,
    SESSIONS,
    SUGGESTIONS,
)
from services.activities.schemas import (
    AttendanceEntry,
    DraftEntry,
    JointAct,
    OpinionOut,
    PersonExport,
    ProposedMotion,
    entry_of,
)
from shared.storage.work import Work

Sheet = Session | PresidiumMeeting | Activity


async def everything_about(work: Work, person: Person) -> PersonExport:
    """The export; without data of other deputies or texts of voters."""
    mandates = await work.find(DEPUTYSHIPS, {"person_id": person.id})
    own = frozenset(mandate.id for mandate in mandates)
    among = {"$in": sorted(own)}
    sessions = await work.find(SESSIONS)
    sheets: list[tuple[str, Sheet]] = [
        *(("session", session) for session in sessions),
        *(("presidium_meeting", meeting) for meeting in await work.find(PRESIDIUM_MEETINGS)),
        *(("activity", activity) for activity in await work.find(ACTIVITIES)),
    ]
    suggestions = {
        suggestion.id: suggestion
        for field in ("lead_deputyship_id", "co_deputyship_ids")
        for suggestion in await work.find(SUGGESTIONS, {field: among})
    }
    return PersonExport(
        person=person,
        deputyships=mandates,
        held=sorted(
            (entry for named_sheet in sheets for entry in _entries(*named_sheet, own)),
            key=lambda entry: entry.held_on,
        ),
        motions=[
            ProposedMotion(session_id=session.id, title=motion.title)
            for session in sessions
            for motion in session.motions
            if own & {*motion.proposers}
        ],
        joint_acts=[act for _, sheet in sheets for act in _joint_acts(sheet, own)],
        absences=await work.find(ABSENCES, {"deputyship_id": among}),
        suggestions=sorted(
            suggestions.values(), key=lambda suggestion: (suggestion.raised_on, suggestion.id)
        ),
        opinions=[
            OpinionOut.from_opinion(opinion, in_full=False)
            for opinion in await work.find(OPINIONS, {"deputyship_id": among})
        ],
        drafts=list(_drafts(await work.find(DRAFTS), own, person.id)),
    )


def _drafts(drafts: Iterable[Draft], own: frozenset[str], person_id: str) -> Iterator[DraftEntry]:
    for draft in drafts:
        body = entry_of(draft)
        parts = (place.partition(".")[0] for place, named in body.attendance.named() if named in own)
        part, entered = next(parts, None), draft.entered_by in own | {person_id}
        if part is not None or entered:
            yield DraftEntry(
                subject=f"draft/{draft.id}",
                title=draft.title,
                held_on=body.held_on,
                state=draft.state,
                entered=entered,
                part=part,
            )


def _joint_acts(sheet: Sheet, own: frozenset[str]) -> Iterator[JointAct]:
    """What the person nominated, moved to remove or asked with others."""
    acts: list[tuple[str, str, tuple[str, ...]]] = []
    if isinstance(sheet, Session):
        acts += (("nomination", election.named, election.nominators) for election in sheet.elections)
        acts += (("removal", removal.named, removal.proposers) for removal in sheet.removals)
    if not isinstance(sheet, PresidiumMeeting):
        acts += (("question", question.text, question.askers) for question in sheet.questions)
    noun = "session" if isinstance(sheet, Session) else "activity"
    for act, about, named in acts:
        if own & {*named}:
            yield JointAct(subject=f"{noun}/{sheet.id}", act=act, about=about)


def _entries(noun: str, sheet: Sheet, own: frozenset[str]) -> Iterator[AttendanceEntry]:
    """One entry for each of the person's mandates that the attendance names or expects."""
    leaves = {leave.deputyship_id: leave for leave in sheet.attendance.on_leave}
    halves = {half.deputyship_id: half for half in sheet.attendance.half_day}
    written = {named: place.partition(".")[0] for place, named in sheet.attendance.named()}
    for deputyship_id in sorted(own & {*sheet.expected, *written}):
        yield AttendanceEntry(
            subject=f"{noun}/{sheet.id}",
            held_on=sheet.held_on,
            deputyship_id=deputyship_id,
            expected=deputyship_id in sheet.expected,
            state=written.get(deputyship_id, "not_recorded"),
            leave=leaves.get(deputyship_id),
            online=deputyship_id in sheet.attendance.online,
            half_day=halves.get(deputyship_id),
        )
