"""Where the roster's records are kept, and every question asked of MongoDB about them."""

from services.roster import events_out
from services.roster.domain.deputyships import Deputyship, Level
from services.roster.domain.groups import Group
from services.roster.domain.people import Person
from services.roster.domain.places import Constituency, Station
from services.roster.domain.terms import Term
from services.roster.domain.towns import Town
from services.roster.errors import (
    ConstituencyExists,
    DeputyshipExists,
    GroupExists,
    StationExists,
    TermExists,
)
from shared.work import Collection, Index, Work

TOWNS = Collection("towns", Town, "town", events_out.TownFact, (Index(("town",)),))
PEOPLE = Collection(
    "people",
    Person,
    "person",
    events_out.PersonFact,
    (Index(("town", "name")),),
    sealed=("phone", "id_number"),
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
ALL = (TOWNS, PEOPLE, DEPUTYSHIPS, GROUPS, STATIONS, CONSTITUENCIES, TERMS)


async def deputyships_of(work: Work, person_id: str, level: Level) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS, {"person_id": person_id, "level": level})


async def all_deputyships(work: Work) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS)


async def all_people(work: Work) -> list[Person]:
    return await work.find(PEOPLE)


async def people_named(work: Work, name: str) -> list[Person]:
    return await work.find(PEOPLE, {"name": name})


async def group_numbered(work: Work, number: int) -> Group | None:
    found = await work.find(GROUPS, {"number": number})
    return found[0] if found else None


async def station_named(work: Work, name: str) -> Station | None:
    found = await work.find(STATIONS, {"name": name})
    return found[0] if found else None


async def constituency_named(work: Work, name: str) -> Constituency | None:
    found = await work.find(CONSTITUENCIES, {"name": name})
    return found[0] if found else None


async def all_terms(work: Work) -> list[Term]:
    return await work.find(TERMS)


async def term_numbered(work: Work, congress_number: int) -> Term | None:
    found = await work.find(TERMS, {"congress_number": congress_number})
    return found[0] if found else None
