"""`make december TOWNS=200`: December of a province in small. Towns enter records, all close the year at once, some are
late, and the county and the province read their boards: four services with two replicas each, in four partitions.
"""

import argparse
import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import aiohttp
from motor.motor_asyncio import AsyncIOMotorClient
from rich.console import Console
from rich.table import Table

from benchmarks.samples import PERSON
from benchmarks.stand import Running, Stand, stand
from services.host.installation import LEDGERS, SOURCES
from shared.observability import logs
from shared.security.keystore import KeyStore

REPLICAS, PARTITIONS, CLIENTS = 2, 4, 32
FACTS: Final = 30
"""Records that a town enters during the burst."""
DEPUTIES: Final = 63
"""Of a town; each activity has all of them on its sheet, which is most of the bytes of its event."""
CAME: Final = 60
LATE: Final = 10
"""One town in so many is late: it enters more after its closing, and closes again."""
PROVINCE_TOWNS, PROVINCE_FACTS = 1_500, 3_000_000
PREFIX: Final = "december_"
YEAR: Final = "years/2020"
CLOSING: Final = {"as_of": "2020-12-31"}

Call = Callable[[str, str, str, Any], Awaitable[Any]]
Row = tuple[str, str, str]


@dataclass
class Province:
    """The running services, and what was measured of them: seconds by phase."""

    towns: Sequence[str]
    replicas: Mapping[str, Sequence[Running]]
    call: Call
    databases: Mapping[str, Any]
    took: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    deputyships: dict[str, list[str]] = field(default_factory=dict)
    """By town."""

    async def phase(self, name: str, work: Awaitable[Any]) -> None:
        """Measure the seconds of `work`, and the CPU seconds of all services in them."""
        begin, spent = time.perf_counter(), self._spent()
        await work
        self.took[name] = time.perf_counter() - begin
        self.cpu[name] = self._spent() - spent

    def _spent(self) -> float:
        return sum(_cpu_seconds(one.pid) for replicas in self.replicas.values() for one in replicas)

    async def each(self, towns: Sequence[str], act: Callable[[str], Awaitable[Any]]) -> None:
        """Do something for every town, as CLIENTS that work at the same time."""
        turns = iter(towns)

        async def client() -> None:
            for town in turns:
                await act(town)

        await asyncio.gather(*(client() for _ in range(CLIENTS)))

    async def elect(self, town: str) -> None:
        """The town and its deputies, of years before."""
        await self.call("PUT", "roster", f"towns/{town}", {"name": "某某镇", "congress_number": 17})
        base, named = f"towns/{town}", {"items": [PERSON] * DEPUTIES}
        people = await self.call("POST", "roster", f"{base}/people:batch", named)
        mandates = [
            {"person_id": person["id"], "level": "town", "started_on": "2017-01-10"}
            for person in people["items"]
        ]
        elected = await self.call("POST", "roster", f"{base}/deputyships:batch", {"items": mandates})
        self.deputyships[town] = [deputyship["id"] for deputyship in elected["items"]]

    async def enter(self, town: str, facts: int = FACTS) -> None:
        """The records of one town: a third people, the others activities with their sheets."""
        sheet = self.deputyships[town]
        attendance = {"present": sheet[:CAME], "absent": sheet[CAME:]}
        for number in range(facts):
            if number % 3 == 0:
                await self.call("POST", "roster", f"towns/{town}/people", PERSON)
            else:
                held = _activity(number) | {"attendance": attendance}
                await self.call("POST", "activities", f"towns/{town}/activities", held)

    async def close(self, towns: Sequence[str]) -> None:
        """Close the year of these towns at once, and wait for their reports."""
        ids: list[str] = []

        async def request(town: str) -> None:
            closing = await self.call("POST", "reports", f"towns/{town}/{YEAR}/closings", CLOSING)
            ids.append(closing["id"])

        await self.each(towns, request)
        progress = self.databases["reports"]["progress"]
        async with asyncio.timeout(3_600):
            while await progress.count_documents({"_id": {"$in": ids}, "state": "compiled"}) < len(ids):
                await asyncio.sleep(0.2)

    async def settle(self, service: str = "reports", sources: Sequence[str] = SOURCES) -> None:
        """Wait until every event of the logs of these services is in the copy of one."""
        logged = sum([await self.databases[one]["outbox"].count_documents({}) for one in sources])
        of_sources = {"_id": {"$regex": f"/({'|'.join(sources)})#"}}
        async with asyncio.timeout(3_600):
            while await self.databases[service]["inbox"].count_documents(of_sources) < logged:
                await asyncio.sleep(0.1)

    async def stored(self) -> float:
        """Megabytes of data in all services."""
        sizes = [float((await one.command("dbStats"))["dataSize"]) for one in self.databases.values()]
        return sum(sizes) / 1e6

    async def roll_up(self, area: str) -> None:
        board = await self.call("GET", "reports", f"areas/{area}/{YEAR}", None)
        expected = sum(town.startswith(area) for town in self.towns)
        if sum(board["counts"].values()) != expected:
            raise RuntimeError(f"the board of {area} has {board['counts']} of {expected} towns")


def _activity(number: int) -> dict[str, Any]:
    return {"kind": "group_activity", "title": f"活动{number}", "held_on": f"2020-12-{number % 28 + 1:02d}"}


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def _province(on: Stand, count: int) -> AsyncIterator[Province]:
    data = on.folder / "december"
    token = KeyStore(data / "keys").mint("clerk", "34", ("office", "county"))
    env = {
        "LVZHI_DATA_DIR": str(data),
        "LVZHI_DATABASE_PREFIX": PREFIX,
        "LVZHI_BROKER_NAMESPACE": "december",
        "LVZHI_PARTITIONS": str(PARTITIONS),
        "LVZHI_LOG_LEVEL": "ERROR",
    }
    async with AsyncExitStack() as stack:
        replicas = {
            name: [await stack.enter_async_context(on.service(name, env)) for _ in range(REPLICAS)]
            for name in LEDGERS
        }
        session = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"})
        )
        turns = {name: cycle(running) for name, running in replicas.items()}

        async def call(method: str, service: str, path: str, body: Any) -> Any:
            url = f"{next(turns[service]).url}/{service}/v1/{path}"
            async with session.request(method, url, json=body) as answer:
                if answer.status >= 400:
                    raise RuntimeError(f"{method} {url}: {answer.status} {await answer.text()}")
                return await answer.json()

        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(on.mongo_url)
        stack.callback(client.close)
        towns = [f"34{number // 17 + 1:04d}{number % 17 + 100}" for number in range(count)]
        yield Province(towns, replicas, call, {name: client[f"{PREFIX}{name}"] for name in LEDGERS})


async def measure(on: Stand, count: int) -> list[Row]:
    async with _province(on, count) as province:
        late = province.towns[::LATE]
        await province.each(province.towns, province.elect)
        await province.settle("activities", ["roster"])
        await province.settle()
        before = await province.stored()
        await province.phase("enter", province.each(province.towns, province.enter))
        await province.phase("settle", province.settle())
        entered = await province.stored() - before
        await province.phase("close", province.close(province.towns))
        await province.phase("late entries", province.each(late, lambda town: province.enter(town, 3)))
        await province.phase("late closings", province.close(late))
        await province.phase("board of a county", province.roll_up(province.towns[0][:6]))
        await province.phase("board of the province", province.roll_up("34"))
        return _rows(province, entered)


def _rows(province: Province, entered: float) -> list[Row]:
    """What was measured, and what it means for the province. `entered`: megabytes of the records. Closings are of
    towns with a month of records: nothing is projected from them."""
    took, cpu, count = province.took, province.cpu, len(province.towns)
    facts = count * FACTS
    rate = facts / took["enter"]
    closing = took["close"] / count
    busy_hour = PROVINCE_FACTS * 0.4 / 22 / 8 * 3 / 3_600
    return [
        (
            f"{facts:,} records of {count} towns",
            f"{took['enter']:.0f} s, {rate:.0f}/s, {cpu['enter'] / facts * 1e3:.1f} ms CPU each",
            f"busiest hour of December {busy_hour:.0f}/s: {busy_hour / rate:.0%} of this",
        ),
        ("until all copies are whole", f"{took['settle']:.1f} s", ""),
        (
            "all close the year at once",
            f"{took['close']:.0f} s, {closing:.2f} s and {cpu['close'] / count:.2f} s CPU a town",
            "`make bench`, closings, has towns with a whole year",
        ),
        (
            f"{len(province.towns[::LATE])} late towns enter more and close again",
            f"{took['late entries']:.1f} s and {took['late closings']:.1f} s",
            "",
        ),
        ("board of a county", f"{took['board of a county']:.2f} s", "the same"),
        (
            "board of the province",
            f"{took['board of the province']:.2f} s for {count} towns",
            "`make bench`, boarding, measures 1,500",
        ),
        (
            f"data of these {facts:,} records in all services",
            f"{entered:.1f} MB, {entered * 1e3 / facts:.1f} KB a record",
            f"{entered / facts * PROVINCE_FACTS / 1e3:.0f} GB a year, were two thirds sheets of {DEPUTIES}",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.december", description=__doc__)
    parser.add_argument("--towns", type=int, default=200)
    count = parser.parse_args().towns
    logs.configure("ERROR", service="benchmarks")
    logging.getLogger("aio_pika").setLevel(logging.ERROR)
    begin = time.monotonic()
    with stand(quick=False) as ready:
        rows = asyncio.run(measure(ready, count))
    table = Table(
        "December", "measured", f"projected: {PROVINCE_TOWNS:,} towns, {PROVINCE_FACTS:,} records a year"
    )
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    load = os.getloadavg()[1]
    Console().print(f"{time.monotonic() - begin:.0f} s on {os.cpu_count()} cores, load {load:.1f}")


if __name__ == "__main__":
    main()
