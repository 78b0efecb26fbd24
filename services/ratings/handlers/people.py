"""Export of everything this service holds about one person: meetings, published results, duty reports."""

from services.ratings.domain import Meeting
from services.ratings.events_in import Person
from services.ratings.repository import DEPUTYSHIPS, DUTY_REPORTS, MEETINGS
from services.ratings.schemas import DeputyOut, DutyReportOut, PersonExport, RatedAt
from shared.storage.work import Work


async def everything_about(work: Work, person: Person) -> PersonExport:
    """The export; without ballots and unpublished counts."""
    mandates = await work.find(DEPUTYSHIPS, {"person_id": person.id})
    own = [mandate.id for mandate in mandates]
    rated = await work.find(MEETINGS, {"deputyship_ids": {"$in": own}})
    reports = await work.find(DUTY_REPORTS, {"deputyship_id": {"$in": own}})
    return PersonExport(
        person_id=person.id,
        name=person.name or "",
        deputyship_ids=own,
        rated=[
            _rated(meeting, own, person)
            for meeting in sorted(rated, key=lambda meeting: (meeting.held_on, meeting.id))
        ],
        duty_reports=[DutyReportOut.model_validate(report.model_dump()) for report in reports],
    )


def _rated(meeting: Meeting, own: list[str], person: Person) -> RatedAt:
    lines = meeting.result.deputies if meeting.result is not None else ()
    return RatedAt(
        meeting_id=meeting.id,
        held_on=meeting.held_on,
        constituency=meeting.constituency,
        state=meeting.state,
        results=[
            DeputyOut.from_result(line, person.name_on(meeting.held_on))
            for line in lines
            if line.deputyship_id in own
        ],
    )
