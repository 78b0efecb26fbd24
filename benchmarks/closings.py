"""Benchmark of closings after long histories and of many towns at once, by CPU time of the reports service."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from typing import Any, Final

from benchmarks.stand import Result, Stand
from services.reports.app import build
from services.reports.handlers.closings import request_closing
from services.reports.schemas import ClosingIn
from services.reports.settings import Settings
from shared.process.runtime import running
from shared.process.service import Running
from shared.storage.work import Work
from shared.transport import Message
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.fixtures.book import SOURCES, Book
from tests.fixtures.example import example
from tests.fixtures.history import history

YEARS: Final = (1, 5, 20)
EACH: Final = 100
"""Records of the most frequent kind in a year of history."""
TOWNS: Final = 100
FULL_TOWNS: Final = 30
FULL_EACH: Final = 1_100
"""Activities in the year of a town that has about 2,000 records, as docs/scale.md assumes; the example has a ninth."""
FULL_SECONDS: Final = 0.6
LAST_YEAR, AS_OF, YEAR_END = date(2019, 12, 31), date(2020, 12, 7), date(2020, 12, 31)


async def measure(stand: Stand) -> list[Result]:
    spent = {years: await _after(stand, years) for years in YEARS}
    towns = TOWNS // 3 if stand.quick else TOWNS
    examples = [example(Book(_town(number))) for number in range(towns)]
    cpu, elapsed, _ = await _side_by_side(stand, "bench_towns", examples, AS_OF)
    full_towns = FULL_TOWNS // 3 if stand.quick else FULL_TOWNS
    full = [_full_year(number) for number in range(full_towns)]
    full_cpu, full_elapsed, events = await _side_by_side(stand, "bench_full_towns", full, YEAR_END)
    of_full = f"closings of {full_towns} towns of {events:,} events"
    first = spent[YEARS[0]]
    return [
        Result("closing, CPU after 1 year", first * 1e3, "ms"),
        *(
            Result(
                f"closing, CPU after {years} years",
                spent[years] * 1e3,
                "ms",
                "after 1 year",
                first * 1e3,
                1.3,
                less_is_better=True,
            )
            for years in YEARS[1:]
        ),
        Result(f"closings of {towns} towns, CPU a town", cpu, "s", budget=0.5, less_is_better=True),
        Result(f"closings of {towns} towns, elapsed a town", elapsed, "s"),
        Result(f"{of_full}, CPU a town", full_cpu, "s", budget=FULL_SECONDS, less_is_better=True),
        Result(f"{of_full}, elapsed a town", full_elapsed, "s"),
        Result("closings of 1,500 such towns, projected", full_elapsed * 1_500 / 60, "min"),
    ]


async def _after(stand: Stand, years: int) -> float:
    """CPU seconds of the closing that follows the one of the year before."""
    async with _reports(stand, f"bench_history_{years}") as (alive, transport):
        book, told = Book(_town(0)), dict.fromkeys(SOURCES, 0)
        book.town_()
        history(book, 2020 - years, 2019, each=EACH)
        await _close(alive, transport, [(book, told)], "2019", LAST_YEAR)
        history(book, 2020, 2020, each=EACH)
        cpu, _ = await _close(alive, transport, [(book, told)], "2020", AS_OF)
        return cpu


async def _side_by_side(
    stand: Stand, name: str, books: Sequence[Book], as_of: date
) -> tuple[float, float, int]:
    """CPU and elapsed seconds a town, of closings requested at once, and the events of a town before its seals."""
    events = sum(len(log) for log in books[0].events.values())
    async with _reports(stand, name) as (alive, transport):
        told = [(book, dict.fromkeys(SOURCES, 0)) for book in books]
        cpu, elapsed = await _close(alive, transport, told, "2020", as_of)
        return cpu / len(books), elapsed / len(books), events


def _full_year(number: int) -> Book:
    book = Book(_town(number))
    book.town_()
    return history(book, 2020, 2020, each=FULL_EACH)


def _town(number: int) -> str:
    return f"34028{number:04d}"


@asynccontextmanager
async def _reports(stand: Stand, name: str) -> AsyncIterator[tuple[Running, MemoryTransport]]:
    transport = MemoryTransport(MemoryBroker())
    async with AsyncExitStack() as stack:
        await transport.start()
        stack.push_async_callback(transport.stop)
        await stack.enter_async_context(stand.database(name))
        service = build(Settings())
        alive = await stack.enter_async_context(
            running(service, mongo_url=stand.mongo_url, transport=transport, database=name)
        )
        yield alive, transport


async def _close(
    alive: Running,
    transport: MemoryTransport,
    books: Sequence[tuple[Book, dict[str, int]]],
    period: str,
    as_of: date,
) -> tuple[float, float]:
    """Request closings of all towns and seal them; CPU and elapsed seconds from the seals to the last report."""
    for book, told in books:
        await _tell(transport, book, told)
    for book, _ in books:
        await _arrived(alive, book)
    closings = []
    for book, _ in books:

        async def request(work: Work) -> Any:
            return await request_closing(work, period, ClosingIn(as_of=as_of))

        closing = await alive.store.execute(town=book.town, actor="clerk", run=request)
        for service in SOURCES:
            book.seal(service, closing_id=closing.id, as_of=str(as_of), year=as_of.year)
        closings.append(closing.id)
    gc.collect()
    gc.freeze()  # the books of the benchmark are not the service's to be looked through
    cpu, begin = time.process_time(), time.perf_counter()
    for book, told in books:
        await _tell(transport, book, told)
    query = {"_id": {"$in": closings}, "state": "compiled"}
    while await alive.store.database["progress"].count_documents(query) < len(closings):
        await asyncio.sleep(0.1)  # its own polling is CPU of the same process
    return time.process_time() - cpu, time.perf_counter() - begin


async def _tell(transport: MemoryTransport, book: Book, told: dict[str, int]) -> None:
    for service in SOURCES:
        log = book.events[service]
        await transport.publish(
            [Message(type=e.type, body=e.encode(), id=e.id) for e in log[told[service] :]]
        )
        told[service] = len(log)


async def _arrived(alive: Running, book: Book) -> None:
    for service in SOURCES:
        source = f"/{book.town}/{service}"
        while (await alive.inbox.mark(source)).upto < len(book.events[service]):
            await asyncio.sleep(0.02)
