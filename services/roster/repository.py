"""Collections of the roster and all its queries to MongoDB."""

from collections.abc import Iterable
from datetime import date

from services.roster import events_out
from services.roster.domain.by_elections import ByElection
from services.roster.domain.deputyships import Deputyship, Level
from services.roster.domain.groups import Group
from services.roster.domain.office import OfficeYear
from services.roster.domain.people import Person, names
from services.roster.domain.places import Constituency, Station
from services.roster.domain.rule_packs import PushedPack, Pushes
from services.roster.domain.tasks import ReceivedAbsence, Task
from services.roster.domain.terms import Term
from services.roster.domain.towns import Town
from services.roster.errors import (
    ByElectionExists,
    ConstituencyExists,
    DeputyshipExists,
    GroupExists,
    OfficeExists,
    StationExists,
    TaskExists,
    TermExists,
)
from shared.chinese.characters import key
from shared.chinese.names import short_id
from shared.storage.reader import Reader
from shared.storage.work import Collection, Index, Work

TOWNS = Collection("towns", Town, "town", events_out.TownFact, left=(("town",),))
PEOPLE = Collection(
    "people",
    Person,
    "person",
    events_out.PersonFact,
    encrypted=("phone", "id_number"),
    left=(("town", "name"),),
)
DEPUTYSHIPS = Collection(
    "deputyships",
    Deputyship,
    "deputyship",
    events_out.DeputyshipFact,
    (
        Index(
            ("town", "person_id", "level"),
            unique=True,
            where={"ended_on": None},
            duplicate=DeputyshipExists,
        ),
    ),
)
GROUPS = Collection(
    "groups",
    Group,
    "group",
    events_out.GroupFact,
    (Index(("town", "number"), unique=True, duplicate=GroupExists),),
)
STATIONS = Collection(
    "stations",
    Station,
    "station",
    events_out.StationFact,
    (Index(("town", "name"), unique=True, duplicate=StationExists),),
)
CONSTITUENCIES = Collection(
    "constituencies",
    Constituency,
    "constituency",
    events_out.ConstituencyFact,
    (Index(("town", "name"), unique=True, duplicate=ConstituencyExists),),
)
TERMS = Collection(
    "terms",
    Term,
    "term",
    events_out.TermFact,
    (Index(("town", "congress_number"), unique=True, duplicate=TermExists),),
)
TASKS = Collection(
    "tasks",
    Task,
    "task",
    events_out.TaskFact,
    (Index(("town", "deputyship_id", "kind"), unique=True, where={"state": "open"}, duplicate=TaskExists),),
    erasable=True,
)
RECEIVED_ABSENCES = Collection("heard_absences", ReceivedAbsence)
BY_ELECTIONS = Collection(
    "by_elections",
    ByElection,
    "by_election",
    events_out.ByElectionFact,
    (Index(("town", "constituency", "held_on"), unique=True, duplicate=ByElectionExists),),
)
OFFICE_YEARS = Collection(
    "office_years",
    OfficeYear,
    "office",
    events_out.OfficeFact,
    (Index(("town", "year"), unique=True, duplicate=OfficeExists),),
)
OWN = (
    *(TOWNS, PEOPLE, DEPUTYSHIPS, GROUPS, STATIONS, CONSTITUENCIES),
    *(TERMS, TASKS, BY_ELECTIONS, OFFICE_YEARS),
)
PUSHED_PACKS = Collection("pushed_packs", PushedPack)
PUSHES = Collection("pushes", Pushes)
ALL = (*OWN, RECEIVED_ABSENCES, PUSHED_PACKS, PUSHES)


async def towns_below(reader: Reader, prefix: str) -> list[str]:
    """The codes of all registered towns that begin with `prefix`, in order."""
    area = {"_id": {"$gte": prefix, "$lt": prefix + ":"}}
    return [document["_id"] for document in await reader.find(TOWNS.name, area, sort=(("_id", 1),))]


async def pushes(work: Work) -> Pushes:
    """The counter of pushes; version 0 before the first push and the first registration."""
    documents = await work.reader.find(PUSHES.name, {"_id": PUSHES.name}, limit=1)
    return PUSHES.load(documents[0]) if documents else Pushes(id=PUSHES.name, town="")


async def packs_pushed_above(work: Work) -> list[PushedPack]:
    """Packs pushed by all areas that contain the town, the widest area first."""
    areas = [work.town[:length] for length in range(1, len(work.town))]
    documents = await work.reader.find(PUSHED_PACKS.name, {"town": {"$in": areas}}, sort=(("_id", 1),))
    kept = (PUSHED_PACKS.load(document) for document in documents)
    return [pushed for pushed in kept if not pushed.withdrawn]


async def by_elections_naming(work: Work, person_id: str) -> list[ByElection]:
    """Committed by-elections only: a unit of work cannot evaluate a path into a list."""
    query = {"town": work.town, "candidates.person_id": person_id}
    return [BY_ELECTIONS.load(document) for document in await work.reader.find(BY_ELECTIONS.name, query)]


async def tasks_about(work: Work, deputyship_ids: Iterable[str]) -> list[Task]:
    return await work.find(TASKS, {"deputyship_id": {"$in": list(deputyship_ids)}})


async def deputyships_of(work: Work, person_id: str, level: Level) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS, {"person_id": person_id, "level": level})


async def mandates_of(work: Work, person_id: str) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS, {"person_id": person_id})


async def all_deputyships(work: Work) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS)


async def all_groups(work: Work) -> list[Group]:
    return await work.find(GROUPS)


async def all_people(work: Work) -> list[Person]:
    return await work.find(PEOPLE)


async def people_named(work: Work, written: str) -> list[Person]:
    """People of this name; where nobody has it so written, of another writing of it, or by a former name."""
    wanted = key(written)
    people = [p for p in await people_ever_named(work, wanted) if p.merged_into is None]
    exact = [person for person in people if person.name == written]
    return exact or [person for person in people if key(person.name) == wanted] or people


async def people_ever_named(work: Work, name: str) -> list[Person]:
    """Entries of this name or former name, by its key; merged ones too."""
    return await work.find_by_key(PEOPLE, _names, name)


def _names(person: Person) -> Iterable[str]:
    return map(key, names(person))


async def people_numbered(work: Work, number: str) -> list[Person]:
    """Entries that a cell may name by this number: the office's own, or the id, whole or its end; merged ones too."""
    return await work.find_by_key(PEOPLE, numbers, number)


async def deputyships_numbered(work: Work, number: str) -> list[Deputyship]:
    """As `people_numbered`."""
    return await work.find_by_key(DEPUTYSHIPS, numbers, number)


async def deputyships_held_by(work: Work, person_id: str) -> list[Deputyship]:
    """As `mandates_of`, for a unit of work that asks for those of many people."""
    return await work.find_by_key(DEPUTYSHIPS, _holder, person_id)


def _holder(deputyship: Deputyship) -> Iterable[str]:
    return (deputyship.person_id,)


def numbers(record: Person | Deputyship) -> Iterable[str]:
    """By which a cell may name the record."""
    return (record.id, short_id(record.id), *([record.reference] if record.reference else []))


async def people_reached_by(work: Work, contact: str) -> list[Person]:
    """Entries with this phone or ID number, in upper case; merged ones too."""
    return await work.find_by_key(PEOPLE, _contacts, contact)


def _contacts(person: Person) -> Iterable[str]:
    return (known.upper() for known in (person.phone, person.id_number) if known)


async def group_numbered(work: Work, number: int) -> Group | None:
    groups = await work.find(GROUPS, {"number": number})
    return groups[0] if groups else None


async def station_named(work: Work, name: str) -> Station | None:
    return next((station for station in await work.find(STATIONS) if key(station.name) == key(name)), None)


async def constituency_named(work: Work, name: str) -> Constituency | None:
    drawn = await work.find(CONSTITUENCIES)
    return next((constituency for constituency in drawn if key(constituency.name) == key(name)), None)


async def all_terms(work: Work) -> list[Term]:
    return await work.find(TERMS)


async def term_numbered(work: Work, congress_number: int) -> Term | None:
    terms = await work.find(TERMS, {"congress_number": congress_number})
    return terms[0] if terms else None


async def open_tasks(work: Work, deputyship_id: str) -> list[Task]:
    return await work.find(TASKS, {"deputyship_id": deputyship_id, "state": "open"})


async def all_open_tasks(work: Work) -> list[Task]:
    return await work.find(TASKS, {"state": "open"})


async def by_election_on(work: Work, constituency: str, held_on: date) -> ByElection | None:
    elections = await work.find(BY_ELECTIONS, {"constituency": constituency, "held_on": held_on.isoformat()})
    return elections[0] if elections else None


async def office_of(work: Work, year: int) -> OfficeYear | None:
    years = await work.find(OFFICE_YEARS, {"year": year})
    return years[0] if years else None
