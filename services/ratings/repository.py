"""Collections of the ratings service and all its queries to MongoDB."""

from collections.abc import Collection as SizedIterable
from collections.abc import Iterable
from datetime import date
from functools import partial

from services.ratings import errors, events_in, events_out
from services.ratings.ballots import CountTry, Slip, Tally
from services.ratings.domain import Deputyship, DutyReport, Meeting, Scheme
from services.ratings.names import Directory
from shared.envelope import source_of
from shared.events.vouched import vouched
from shared.storage import mongo
from shared.storage.mongo import Database
from shared.storage.paging import Place, places
from shared.storage.reader import Reader
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Collection, Index, Work

SCHEMES = Collection("schemes", Scheme, "scheme", events_out.SchemeFact, (Index(("town", "name")),))
MEETINGS = Collection("meetings", Meeting, "meeting", events_out.MeetingFact, (Index(("town", "held_on")),))
DUTY_REPORTS = Collection(
    "duty_reports",
    DutyReport,
    "duty_report",
    events_out.DutyReportFact,
    (Index(("town", "meeting_id", "deputyship_id"), unique=True, duplicate=errors.DutyReportFiled),),
)
TALLIES = Collection("tallies", Tally, indexes=(Index(("box_key",)),))
COUNT_TRIES = Collection("count_tries", CountTry, indexes=(Index(("town", "meeting_id")),))
SLIPS = Collection("slips", Slip, indexes=(Index(("town", "meeting_id")),))
TOWNS = Collection("towns", events_in.Town)
PEOPLE = Collection("people", events_in.Person, left=(("town", "name"),))
DEPUTYSHIPS = Collection("deputyships", events_in.Deputyship, indexes=(Index(("town", "person_id")),))

OWN = (SCHEMES, MEETINGS, DUTY_REPORTS)
ALL = (*OWN, TALLIES, COUNT_TRIES, SLIPS, TOWNS, PEOPLE, DEPUTYSHIPS)


async def meetings_by(work: Work, day: date) -> list[Meeting]:
    """In force."""
    return await work.find(MEETINGS, {"held_on": {"$lte": day.isoformat()}, **IN_FORCE})


async def scheme_named(work: Work, name: str) -> Scheme | None:
    schemes = await work.find(SCHEMES, {"name": name})
    return schemes[0] if schemes else None


async def duty_report_of(work: Work, meeting_id: str, deputyship_id: str) -> DutyReport | None:
    reports = await work.find(DUTY_REPORTS, {"meeting_id": meeting_id, "deputyship_id": deputyship_id})
    return reports[0] if reports else None


async def entries(work: Work, meeting_ids: Iterable[str]) -> set[tuple[int, str]]:
    """(entry, teller) of every sheet keyed in these meetings."""
    tallies = await work.find(TALLIES, {"_id": {"$in": list(meeting_ids)}})
    return {(sheet.entry, sheet.teller) for tally in tallies for sheet in tally.sheets}


async def count_tries(work: Work, meeting_id: str) -> list[CountTry]:
    """In the order in which they were made."""
    return sorted(await work.find(COUNT_TRIES, {"meeting_id": meeting_id}), key=lambda one: (one.at, one.id))


async def slip_of(reader: Reader, fingerprint: str) -> Slip | None:
    """Over all towns, as the address has no town."""
    documents = await reader.find(SLIPS.name, {"_id": fingerprint}, limit=1)
    return SLIPS.load(documents[0]) if documents else None


async def slips_of(work: Work, meeting_id: str) -> list[Slip]:
    """In order of id, which is random: in the order in which they are emptied nothing of the votes shows."""
    return sorted(await work.find(SLIPS, {"meeting_id": meeting_id}), key=lambda slip: slip.id)


async def slips_named(work: Work, meeting_id: str, ids: SizedIterable[str]) -> list[Slip]:
    return await work.find(SLIPS, {"meeting_id": meeting_id, "_id": {"$in": list(ids)}})


async def counted_boxes(reader: Reader, keys: SizedIterable[str]) -> list[Place]:
    """Those among keys, by their names, whose box is counted; over all towns, as a key has no town."""
    named = {"$in": list(keys)}
    query = {"$or": [{"_id": named}, {"box_key": named}], "box": {"$ne": None}}
    return await places(reader, TALLIES.name, query)


async def installation(database: Database, proposed: str) -> str:
    """The id of the installation this database belongs to: at the first start `proposed`, which stays."""
    collection = database["installation"]
    await mongo.insert_missing(collection, [{"_id": "installation", "id": proposed}])
    # Of two replicas that start at once one inserts; the other reads what was acknowledged to the first.
    document = await mongo.linearizable(collection).find_one({"_id": "installation"})
    assert document is not None
    return str(document["id"])


async def directory(work: Work, names: SizedIterable[str]) -> Directory:
    """Index of the roster by name, after waiting until every name resolves, or a timeout."""
    directory = Directory({})

    async def complete() -> bool:
        nonlocal directory
        if names:
            directory = await whole_directory(work)
        return all(map(directory.resolves, names))

    await work.reader.arrival(complete, within=work.patience)
    return directory


async def whole_directory(work: Work) -> Directory:
    return Directory.from_records(await work.find(PEOPLE), await work.find(DEPUTYSHIPS))


async def roster(work: Work) -> tuple[list[Deputyship], int | None]:
    """(deputyships, sequence of the roster event they are as of; None where the copy is incomplete)."""
    source = source_of(work.town, "roster")
    deputyships, mark = await vouched(work.reader, source, partial(work.find, DEPUTYSHIPS))
    return deputyships, mark.upto if mark is not None and mark.complete else None


async def names(work: Work, deputyship_ids: Iterable[str], day: date) -> dict[str, str]:
    """Names of the holders on a day by deputyship; unknown deputyships are left out."""
    deputyships = await work.find(DEPUTYSHIPS, {"_id": {"$in": list(deputyship_ids)}})
    person_ids = [deputyship.person_id for deputyship in deputyships if deputyship.person_id]
    people = {
        person.id: person.name_on(day) for person in await work.find(PEOPLE, {"_id": {"$in": person_ids}})
    }
    return {deputyship.id: people.get(deputyship.person_id or "", "") for deputyship in deputyships}
