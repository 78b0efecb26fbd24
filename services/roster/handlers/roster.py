"""Query of the roster on a day, and the seal of a closing."""

import hashlib
from datetime import date

from services.roster import repository
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import Person, in_a_list, name_on
from services.roster.domain.snapshot import RosterEntry, roster_entry, roster_hash
from services.roster.events_in import ClosingRequested
from services.roster.handlers.references import registered_town
from services.roster.schemas.roster import DeputyRow, RosterOn
from shared.chinese import strokes
from shared.chinese.initials import initials
from shared.envelope import Event, canonical
from shared.storage.work import Work


async def roster_on(work: Work, day: date, q: str | None = None) -> RosterOn:
    """Deputyships not ended on `day`, by stroke order of names, then level; with the hash that records cite."""
    await registered_town(work)
    people = {person.id: person for person in await repository.all_people(work)}
    rows = [
        _row(deputyship, people[deputyship.person_id], entry, day)
        for deputyship in await repository.all_deputyships(work)
        if (entry := roster_entry(deputyship, day)) is not None
    ]
    levels = ("city", "province", "county", "town")
    rows.sort(key=lambda row: (strokes.key(row.name), levels.index(row.level), row.constituency or ""))
    content = {
        "town": work.town,
        "as_of": day.isoformat(),
        "items": [row.model_dump(mode="json") for row in rows],
    }
    digest = hashlib.sha256(canonical(content)).hexdigest()
    cited = roster_hash(work.town, day, rows)
    wanted = q.strip().casefold() if q is not None else ""
    shown = [row for row in rows if wanted in row.name.casefold() or wanted in row.initials]
    return RosterOn(town=work.town, as_of=day, items=shown, roster_hash=cited, hash=digest)


async def seal_year(work: Work, request: ClosingRequested, _: Event) -> None:
    """Publish the seal for a closing: head of the stream and counts per collection."""
    data = {
        "closing_id": request.id,
        "year": request.year,
        "as_of": request.as_of.isoformat(),
        "manifest": request.manifest,
    }
    work.announce("year.sealed.v1", f"year/{request.year}", data, inventory=repository.OWN)


def _row(deputyship: Deputyship, person: Person, entry: RosterEntry, day: date) -> DeputyRow:
    return DeputyRow(
        **entry.model_dump(),
        name=name_on(person, day),
        printed_name=in_a_list(person, day),
        gender=person.gender,
        constituency=deputyship.constituency,
        initials=initials(person.name),
        strokes=strokes.number(person.name[0]),
    )
