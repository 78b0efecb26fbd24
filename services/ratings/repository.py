"""Where schemes, meetings, tallies and duty reports are kept, and every question asked about them."""

from collections.abc import Collection as Several
from collections.abc import Iterable

from services.ratings import errors, events_in, events_out
from services.ratings.ballots import Slip, Tally
from services.ratings.domain import Deputyship, DutyReport, Meeting, Scheme
from services.ratings.names import Directory
from shared.endpoints.rebuild import mark
from shared.envelope import source_of
from shared.storage.work import ARRIVAL_SECONDS, Collection, Index, Reader, Work

SCHEMES = Collection("schemes", Scheme, "scheme", events_out.SchemeFact, (Index(("town", "name")),))
MEETINGS = Collection("meetings", Meeting, "meeting", events_out.MeetingFact, (Index(("town", "held_on")),))
DUTY_REPORTS = Collection(
    "duty_reports",
    DutyReport,
    "duty_report",
    events_out.DutyReportFact,
    (Index(("town", "meeting_id", "deputyship_id"), unique=True, duplicate=errors.DutyReportFiled),),
)
TALLIES = Collection("tallies", Tally)
SLIPS = Collection("slips", Slip, indexes=(Index(("town", "meeting_id")),))
TOWNS = Collection("towns", events_in.Town)
PEOPLE = Collection("people", events_in.Person, indexes=(Index(("town", "name")),))
DEPUTYSHIPS = Collection("deputyships", events_in.Deputyship, indexes=(Index(("town", "person_id")),))

OWN = (SCHEMES, MEETINGS, DUTY_REPORTS)
ALL = (*OWN, TALLIES, SLIPS, TOWNS, PEOPLE, DEPUTYSHIPS)


async def scheme_named(work: Work, name: str) -> Scheme | None:
    found = await work.find(SCHEMES, {"name": name})
    return found[0] if found else None


async def duty_report_of(work: Work, meeting_id: str, deputyship_id: str) -> DutyReport | None:
    found = await work.find(DUTY_REPORTS, {"meeting_id": meeting_id, "deputyship_id": deputyship_id})
    return found[0] if found else None


async def entries(work: Work, meeting_ids: Iterable[str]) -> set[tuple[int, str]]:
    """(entry, teller) of every sheet keyed in these meetings."""
    tallies = await work.find(TALLIES, {"_id": {"$in": list(meeting_ids)}})
    return {(sheet.entry, sheet.teller) for tally in tallies for sheet in tally.sheets}


async def slip_of(reader: Reader, fingerprint: str) -> Slip | None:
    """In whatever town: the voter's address names none."""
    found = await reader.find(SLIPS.name, {"_id": fingerprint}, limit=1)
    return SLIPS.load(found[0]) if found else None


async def slips_of(work: Work, meeting_id: str) -> list[Slip]:
    return await work.find(SLIPS, {"meeting_id": meeting_id})


async def slips_named(work: Work, meeting_id: str, ids: Several[str]) -> list[Slip]:
    return await work.find(SLIPS, {"meeting_id": meeting_id, "_id": {"$in": list(ids)}})


async def tally_by_key(reader: Reader, box_key: str) -> Tally | None:
    """In whatever town: a key does not say whose it is."""
    found = await reader.find(TALLIES.name, {"box_key": box_key}, limit=1)
    return TALLIES.load(found[0]) if found else None


async def directory(work: Work, wanted: Several[str]) -> Directory:
    """Deputyships by name, once every name wanted is there, else what is there after the usual wait."""
    found = Directory({})

    async def complete() -> bool:
        nonlocal found
        if wanted:
            found = await whole_directory(work)
        return all(map(found.knows, wanted))

    await work.reader.arrival(complete, within=ARRIVAL_SECONDS)
    return found


async def whole_directory(work: Work) -> Directory:
    return Directory.of(await work.find(PEOPLE), await work.find(DEPUTYSHIPS))


async def roster(work: Work) -> tuple[list[Deputyship], int | None]:
    """The deputyships, and the roster event they stand at where everything up to it is here."""
    source = source_of(work.town, "roster")
    before = await mark(work.reader, source)
    found = await work.find(DEPUTYSHIPS)
    after = await mark(work.reader, source)
    return found, after.upto if before == after and after.upto == after.seen else None


async def names(work: Work, deputyship_ids: Iterable[str]) -> dict[str, str]:
    """The name behind each deputyship that is known here."""
    deputyships = await work.find(DEPUTYSHIPS, {"_id": {"$in": list(deputyship_ids)}})
    wanted = [one.person_id for one in deputyships if one.person_id]
    people = {one.id: one.name or "" for one in await work.find(PEOPLE, {"_id": {"$in": wanted}})}
    return {one.id: people.get(one.person_id or "", "") for one in deputyships}
