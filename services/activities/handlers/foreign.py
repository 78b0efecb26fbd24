"""Handlers of foreign events: copies of the roster, and the seal of a closing."""

from services.activities import repository
from services.activities.domain.roster import Deputyship, Group, Person, RosterHead, Station, Town
from services.activities.events_in import ClosingRequested, RatingMeeting, RosterEvent
from services.activities.repository import (
    DEPUTYSHIPS,
    GROUPS,
    PEOPLE,
    RATING_MEETINGS,
    ROSTER_HEADS,
    STATIONS,
    TOWNS,
)
from shared.envelope import Event
from shared.storage.work import Work


async def project_town(work: Work, town: Town, event: Event) -> None:
    work.project(TOWNS, town)
    _project_head(work, event)


async def project_person(work: Work, person: Person, event: Event) -> None:
    work.project(PEOPLE, person)
    _project_head(work, event)


async def project_deputyship(work: Work, deputyship: Deputyship, event: Event) -> None:
    work.project(DEPUTYSHIPS, deputyship)
    _project_head(work, event)


async def project_group(work: Work, group: Group, event: Event) -> None:
    work.project(GROUPS, group)
    _project_head(work, event)


async def project_station(work: Work, station: Station, event: Event) -> None:
    work.project(STATIONS, station)
    _project_head(work, event)


async def project_rating_meeting(work: Work, meeting: RatingMeeting, _: Event) -> None:
    """Copy a meeting of voters who rate deputies."""
    before = await work.get(RATING_MEETINGS, meeting.id)
    if before is not None and before.version >= meeting.version:
        return
    if meeting.is_voided and before is not None:
        # An item that it does meanwhile has locked it, and is reopened in the next try.
        work.replace(RATING_MEETINGS, meeting, before)
    else:
        work.project(RATING_MEETINGS, meeting)


async def project_roster_event(work: Work, _: RosterEvent, event: Event) -> None:
    _project_head(work, event)


async def seal_year(work: Work, request: ClosingRequested, _: Event) -> None:
    """Publish the seal for a closing: head of the stream and counts per collection."""
    data = {
        "closing_id": request.id,
        "year": request.year,
        "as_of": request.as_of.isoformat(),
        "manifest": request.manifest,
    }
    work.announce("year.sealed.v1", f"year/{request.year}", data, inventory=repository.OWN)


def _project_head(work: Work, event: Event) -> None:
    head = RosterHead(id=work.town, town=work.town, version=event.sequence, moved_at=work.clock.now())
    work.project(ROSTER_HEADS, head)
