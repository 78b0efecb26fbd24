"""What other services say: local copies of the roster, and the wish to seal a year."""

from services.activities import repository
from services.activities.domain.roster import Deputyship, Group, Person, RosterHead, Station, Town
from services.activities.events_in import ClosingRequested, Moved
from services.activities.repository import DEPUTYSHIPS, GROUPS, PEOPLE, ROSTER_HEADS, STATIONS, TOWNS
from shared.envelope import Event
from shared.storage.work import Work


async def project_town(work: Work, town: Town, event: Event) -> None:
    work.project(TOWNS, town)
    _note_head(work, event)


async def project_person(work: Work, person: Person, event: Event) -> None:
    work.project(PEOPLE, person)
    _note_head(work, event)


async def project_deputyship(work: Work, deputyship: Deputyship, event: Event) -> None:
    work.project(DEPUTYSHIPS, deputyship)
    _note_head(work, event)


async def project_group(work: Work, group: Group, event: Event) -> None:
    work.project(GROUPS, group)
    _note_head(work, event)


async def project_station(work: Work, station: Station, event: Event) -> None:
    work.project(STATIONS, station)
    _note_head(work, event)


async def project_moved(work: Work, _: Moved, event: Event) -> None:
    _note_head(work, event)


async def seal_year(work: Work, request: ClosingRequested, _: Event) -> None:
    """State how far this service's records reach, for the closing that was asked for."""
    data = {"closing_id": request.id, "year": request.year, "as_of": request.as_of.isoformat()}
    work.announce("year.sealed.v1", f"year/{request.year}", data, inventory=repository.OWN)


def _note_head(work: Work, event: Event) -> None:
    head = RosterHead(id=work.town, town=work.town, version=event.sequence, moved_at=work.clock.now())
    work.project(ROSTER_HEADS, head)
