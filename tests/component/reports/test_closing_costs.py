"""A closing costs its year: commands and documents read do not grow with the town's history."""

from services.reports.app import build
from services.reports.settings import Settings
from tests.component.reports.conftest import Office
from tests.fixtures.apps import TOWN, Drive
from tests.fixtures.book import SOURCES, Book
from tests.fixtures.commands import Spent, counted
from tests.fixtures.history import history
from tests.probes import eventually

FIRST, LAST = 2000, 2019


async def closed(office: Office, year: int) -> Spent:
    """Close a year whose records are told; what it cost after the last seal was on its way."""
    as_of = f"{year}-12-31"
    closing = (await office.driver.post(f"/years/{year}/closings", {"as_of": as_of}))["id"]
    for service in SOURCES:
        office.book.seal(service, closing_id=closing, as_of=as_of, year=year)

    async def compiled() -> bool:
        return bool((await office.driver.get(f"/years/{year}/closings/{closing}"))["state"] == "compiled")

    with counted() as spent:
        await office.tell()
        await eventually(compiled)
    return spent


async def recorded(office: Office, first: int, last: int) -> None:
    history(office.book, first, last)
    await office.tell()
    held = {f"/{TOWN}/{service}": len(office.book.events[service]) for service in SOURCES}

    async def arrived() -> bool:
        marks = await office.driver.alive.store.find("sources", {"_id": {"$in": list(held)}})
        return {mark["_id"]: mark["upto"] for mark in marks} == held

    await eventually(arrived)


async def test_the_closing_after_twenty_years_reads_what_the_second_read(drive: Drive) -> None:
    book = Book(TOWN)
    book.town_()
    office = Office(
        await drive(build(Settings(seal_seconds=30, progress_seconds=0.2))), book, dict.fromkeys(SOURCES, 0)
    )
    spent = {}
    for first, last in ((FIRST, FIRST), (FIRST + 1, FIRST + 1), (FIRST + 2, LAST - 1), (LAST, LAST)):
        await recorded(office, first, last)
        spent[last] = await closed(office, last)
    second, last_closing = spent[FIRST + 1], spent[LAST]
    # Of the timeless kinds a year adds a few; of activities, opinions and suggestions no later year reads any.
    timeless = (LAST - FIRST - 1) * 7
    assert last_closing.read["inbox"] - second.read["inbox"] <= timeless
    assert last_closing.of("inbox") - second.of("inbox") <= 2 + timeless // 100
    assert last_closing.read["checkpoints"] == second.read["checkpoints"] <= 6
