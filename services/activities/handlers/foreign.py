"""What other services say: local copies of the roster, and the wish to seal a year."""

from services.activities import repository
from services.activities.domain.roster import Deputyship, Group, Person, RosterHead, Station, Town
from services.activities.events_in import ClosingRequested, Moved
from services.activities.repository import DEPUTYSHIPS, GROUPS, PEOPLE, ROSTER_HEADS, STATIONS, TOWNS
from shared.envelope import Event
from shared.storage.work import Work


async def note_town(work: Work, town: Town, event: Event) -> None:
    work.note(TOWNS, town)
    _note_head(work, event)


async def note_person(work: Work, person: Person, event: Event) -> None:
    work.note(PEOPLE, person)
    _note_head(work, event)


async def note_deputyship(work: Work, deputyship: Deputyship, event: Event) -> None:
    work.note(DEPUTYSHIPS, deputyship)
    _note_head(work, event)


async def note_group(work: Work, group: Group, event: Event) -> None:
    work.note(GROUPS, group)
    _note_head(work, event)


async def note_station(work: Work, station: Station, event: Event) -> None:
    work.note(STATIONS, station)
    _note_head(work, event)


async def note_moved(work: Work, _: Moved, event: Event) -> None:
    _note_head(work, event)


async def seal_year(work: Work, request: ClosingRequested, _: Event) -> None:
    """State how far this service's records reach, for the closing that was asked for."""
    data = {"closing_id": request.id, "year": request.year, "as_of": request.as_of.isoformat()}
    work.announce("year.sealed.v1", f"year/{request.year}", data, inventory=repository.OWN)


def _note_head(work: Work, event: Event) -> None:
    head = RosterHead(id=work.town, town=work.town, version=event.sequence, moved_at=work.clock.now())
    work.note(ROSTER_HEADS, head)
