"""The roster of a day, and how far the records reach when a year is closed."""

import hashlib
from datetime import date

from services.roster import repository
from services.roster.domain.deputyships import Deputyship, Status, group_on, roles_on, status_on
from services.roster.domain.people import Person
from services.roster.events_in import ClosingRequested
from services.roster.handlers.references import registered_town
from services.roster.schemas.roster import DeputyRow, RosterOn
from shared import strokes
from shared.envelope import Event, canonical
from shared.work import Work


async def roster_on(work: Work, day: date) -> RosterOn:
    """Every deputyship not over on `day`, in stroke order of names, then level; with a hash others can cite."""
    await registered_town(work)
    people = {person.id: person for person in await repository.all_people(work)}
    rows = [
        _row(deputyship, people[deputyship.person_id], status, day)
        for deputyship in await repository.all_deputyships(work)
        if (status := status_on(deputyship, day)) in ("serving", "suspended")
    ]
    levels = ("city", "province", "county", "town")
    rows.sort(key=lambda row: (strokes.key(row.name), levels.index(row.level), row.constituency or ""))
    content = {
        "town": work.town,
        "as_of": day.isoformat(),
        "items": [row.model_dump(mode="json") for row in rows],
    }
    digest = hashlib.sha256(canonical(content)).hexdigest()
    return RosterOn(town=work.town, as_of=day, items=rows, hash=digest)


async def seal_year(work: Work, request: ClosingRequested, _: Event) -> None:
    """State how far this service's records reach, for the closing that was asked for."""
    work.seal(closing_id=request.id, year=request.year, as_of=request.as_of, collections=repository.ALL)


def _row(deputyship: Deputyship, person: Person, status: Status, day: date) -> DeputyRow:
    return DeputyRow(
        deputyship_id=deputyship.id,
        person_id=person.id,
        name=person.name,
        gender=person.gender,
        level=deputyship.level,
        status=status,
        constituency=deputyship.constituency,
        group_id=group_on(deputyship, day),
        roles=roles_on(deputyship, day),
    )
