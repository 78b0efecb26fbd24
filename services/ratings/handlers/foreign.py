"""Handlers of foreign events: copies of the roster, and the seal of a closing."""

from services.ratings import events_in, repository
from services.ratings.repository import DEPUTYSHIPS, PEOPLE, TOWNS
from shared.envelope import Event
from shared.storage.work import Work


async def project_town(work: Work, town: events_in.Town, _: Event) -> None:
    work.project(TOWNS, town)


async def project_person(work: Work, person: events_in.Person, _: Event) -> None:
    work.project(PEOPLE, person)


async def project_deputyship(work: Work, deputyship: events_in.Deputyship, _: Event) -> None:
    work.project(DEPUTYSHIPS, deputyship)


async def seal_year(work: Work, request: events_in.ClosingRequested, _: Event) -> None:
    """Publish the seal for a closing: head of the stream and counts per collection."""
    data = {
        "closing_id": request.id,
        "year": request.year,
        "as_of": request.as_of.isoformat(),
        "manifest": request.manifest,
    }
    work.announce("year.sealed.v1", f"year/{request.year}", data, inventory=repository.OWN)
